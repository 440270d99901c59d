"""Many save at once: who is first is saved, whose form is older is refused, nobody's words go."""

import json
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.faults.contended import CODES
from tests.faults.people import Ledger, address, at_once
from tests.faults.town import CROWD

pytestmark = pytest.mark.faults
WRITERS = 6
EACH = 1_700
ITEMS = {"L": 5, "W": 5, "E": 5, "A": 5, "C": 5, "D": 5, "G": 5, "P": 3}
ALL_CODES = [f"{letter}{n}" for letter, number in ITEMS.items() for n in range(1, number + 1)]


def contend(town, system, each):
    """All writers at once until each was first so often; the ledger of what they were told."""
    ledger = Ledger(town.portal)

    def write(writer):
        words = (system, str(each), str(writer))
        return town.portal.run_module("tests.faults.contended", *words, within=900)

    with ThreadPoolExecutor(WRITERS) as pool:
        for told in pool.map(write, range(WRITERS)):
            ledger.noted += [(system, *json.loads(line)) for line in told.splitlines()]
    return ledger


def assert_contended(town, system, each):
    ledger = contend(town, system, each)
    assert ledger.number("saved") == WRITERS * each
    assert ledger.number("refused") > 0
    ledger.assert_whole()
    assert {line[1] for line in ledger.noted} == set(CODES)
    assert town.events(system, "answer.saved") == WRITERS * each


def test_three_hundred_contended_saves(town):
    assert_contended(town, "clash", 50)


@pytest.mark.long
def test_ten_thousand_contended_saves(town):
    assert_contended(town, "neighbour", EACH)
    assert "events stand as written" in town.portal.manage("verify_audit")


@pytest.mark.parametrize("rounds", [10, pytest.param(200, marks=pytest.mark.long)])
def test_two_leads_on_one_answer(town, rounds):
    """In each round both have opened the same version: one is first, the other is told so."""
    ledger = Ledger(town.portal)
    leads = [town.person("pair", role) for role in ("lead", "second_lead")]
    code = "L1" if rounds == 10 else "W1"
    place = address("pair", code)
    for turn in range(rounds):
        forms = [lead.form(place) for lead in leads]
        deeds = [
            partial(ledger.save, lead, "pair", code, f"Lead {n}, round {turn}", form)
            for n, (lead, form) in enumerate(zip(leads, forms, strict=True))
        ]
        statuses = at_once(deeds)
        assert sorted(statuses) == [302, 409]
    assert (ledger.number("saved"), ledger.number("refused")) == (rounds, rounds)
    ledger.assert_whole()


@pytest.mark.long
def test_forty_people_on_an_answer_each(town):
    """Nobody is in anybody's way: a thousand saves, and none is refused."""
    ledger = Ledger(town.portal)
    desks = [(town.person("crowd", f"lead-{n}"), "crowd", code) for n, code in enumerate(ALL_CODES)]
    for role, code in (("lead", "D1"), ("second_lead", "D2")):
        desks.append((town.person("tabs", role), "tabs", code))
    assert len(desks) == CROWD

    def work(person, system, code):
        return [
            ledger.save(person, system, code, f"{code}, {turn}", person.form(address(system, code)))
            for turn in range(25)
        ]

    statuses = at_once([lambda desk=desk: work(*desk) for desk in desks])
    assert statuses == [[302] * 25] * CROWD
    ledger.assert_whole()


def test_one_person_in_three_tabs(town):
    """The tabs behind are told, and what was typed in them is kept."""
    ledger, person = Ledger(town.portal), town.person("tabs", "contributor")
    forms = [person.form(address("tabs", "L1")) for _tab in range(3)]
    statuses = [ledger.save(person, "tabs", "L1", f"Tab {n}", form) for n, form in enumerate(forms)]
    assert statuses == [302, 409, 409]
    ledger.assert_whole()
    assert town.answer("tabs", "L1") == (1, "Tab 0")
