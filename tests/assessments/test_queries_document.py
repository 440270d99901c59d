"""The snapshot document holds all that the papers show, and how each item moved."""

import datetime as dt
import json

import pytest

from assessments import services
from assessments.models import FrozenItem, Measure, Plan, PlanPriority, Snapshot
from assessments.queries import (
    canonical,
    earlier_snapshots,
    levels_of,
    previous_answer,
    snapshot_document,
)
from commitments.models import Item
from portal.models import Organisation
from tests import factories
from tests.factories import london

NEXT = london(2027, 11, 15)


def document_of(assessment, sponsor, at, **words):
    defaults = {
        "signed_at": at,
        "signed_by": sponsor,
        "countersigned_by": None,
        "version": 1,
    }
    return snapshot_document(assessment, **(defaults | words))


def item_of(document, code):
    items = [item for section in document["sections"] for item in section["items"]]
    return next(item for item in items if item["code"] == code)


def answer_of(assessment, code):
    answer = assessment.answers.select_related("item__section").get(item__code=code)
    answer.assessment = assessment
    return answer


def test_document_says_who_what_and_when(assessment, sponsor, second_sponsor, at):
    assessment.messages = ["One."]

    document = document_of(assessment, sponsor, at, countersigned_by=second_sponsor, version=2)

    assert document["schema"] == 2
    assert document["organisation"] == {
        "slug": "north-east-london",
        "name": "North East London Integrated Care System",
        "short_name": "North East London",
        "kind": "ics",
        "ods_code": assessment.organisation.ods_code,
    }
    assert document["cycle"] == {
        "slug": "2026",
        "name": "Self-assessment 2026",
        "kind": "full",
        "opens_on": "2026-10-05",
        "due_on": "2026-12-15",
    }
    assert document["framework"] == {
        "version": "small-1",
        "name": "Framework small-1",
        "title": "A strategic framework",
        "issued_by": "London’s partners",
    }
    assert document["scoring"]["version"] == "1"
    assert document["scoring"]["levels"][3] == {
        "number": 3,
        "name": "Embedded",
        "means": "Embedded means",
    }
    assert document["signed_off"] == {
        "at": "2026-11-16T10:00:00+00:00",
        "by": "Sola Adeyemi",
        "job_title": "Director",
        "countersigned_by": "Ravi Menon",
    }
    assert (document["version"], document["messages"]) == (2, ["One."])
    assert document["plan"] is None
    assert document["history"] == []


def test_document_instants_are_in_utc_in_summer_too(assessment, sponsor):
    document = document_of(assessment, sponsor, london(2027, 7, 1, 10))

    assert document["signed_off"]["at"] == "2027-07-01T09:00:00+00:00"


def test_document_holds_an_answer_with_all_that_stands_beside_it(assessment, lead, sponsor, at):
    factories.complete_assessment(assessment, by=lead, levels={"L1": 4})
    answer = answer_of(assessment, "L1")
    step = factories.StepFactory(
        organisation=assessment.organisation, item=answer.item, what="Next"
    )

    item = item_of(document_of(assessment, sponsor, at), "L1")

    evidence = answer.citations.get().evidence
    assert item == {
        "code": "L1",
        "short_name": "Short name L1",
        "leans_on": [],
        "wording": "Wording of L1.",
        "level": 4,
        "means": "Making a difference for L1",
        "applicable": True,
        "coverage": "most",
        "coverage_name": "Most of the system",
        "narrative": "What we do about L1.",
        "not_assessed_reason": "",
        "exemption_reason": "",
        "is_reconfirmed": True,
        "evidence": [
            {
                "title": evidence.title,
                "kind": "link",
                "url": evidence.url,
                "minute_reference": "",
                "file_name": "",
                "file_digest": "",
                "dated_on": "2026-09-17",
                "strength": "B",
                "is_stale": False,
                "coverage": "most",
                "shown_to_community": False,
                "shown_to_peers": False,
            }
        ],
        "steps": [
            {
                "key": str(step.key),
                "what": "Next",
                "owner": "Chief People Officer",
                "due_on": "2027-03-31",
                "resource": "£10,000",
                "status": "not_started",
                "status_name": "Not started",
            }
        ],
        "observed_change": {
            "measure": "Staff from ethnic minorities in senior posts",
            "unit": "%",
            "ethnic_group": "",
            "baseline": "61",
            "baseline_on": "2025-03-31",
            "later": "66.4",
            "later_on": "2026-03-31",
            "shows": "A change in leadership",
        },
        "movement": {"kind": "", "how": "", "previous_level": None},
        "short_term_changes": ["A change in leadership"],
    }


def test_document_holds_what_was_not_assessed_and_why(assessment, lead, sponsor, heg, at):
    services.record_not_assessed(
        answer=answer_of(assessment, "D1"), reason="Nobody left.", version=0, by=lead, at=at
    )
    services.exempt_item(answer=answer_of(assessment, "D2"), reason="None here.", by=heg, at=at)

    document = document_of(assessment, sponsor, at)

    first, second = item_of(document, "D1"), item_of(document, "D2")
    assert (first["level"], first["means"], first["coverage_name"]) == (None, "", "")
    assert first["not_assessed_reason"] == "Nobody left."
    assert first["wording"] == "Wording of D1"
    assert (second["applicable"], second["exemption_reason"]) == (False, "None here.")
    section = document["sections"][2]
    assert {name: section[name] for name in ("code", "kind", "title", "statement")} == {
        "code": "D",
        "kind": "enabler",
        "title": "Data",
        "statement": "We commit to data.",
    }
    assert section["roll_up"] == {
        "counts": [0, 0, 0, 0, 0],
        "not_assessed": 1,
        "not_applicable": 1,
        "typical": None,
        "lowest": None,
        "lowest_codes": [],
        "typical_bounds": [0, 4],
        "lowest_bounds": [0, 4],
        "completeness": "0 of 1",
    }


def test_document_of_a_section_that_does_not_apply_has_no_bounds(assessment, sponsor, heg, at):
    for code in ("D1", "D2"):
        services.exempt_item(answer=answer_of(assessment, code), reason="None.", by=heg, at=at)

    rolled = document_of(assessment, sponsor, at)["sections"][2]["roll_up"]

    assert (rolled["typical_bounds"], rolled["lowest_bounds"]) == (None, None)


@pytest.mark.parametrize(
    ("latest", "shown"),
    [({"latest": "66.400", "latest_on": dt.date(2026, 6, 1)}, "66.4"), ({}, None)],
)
def test_document_holds_the_plan(assessment, sponsor, at, latest, shown):
    plan = Plan.objects.create(
        organisation=assessment.organisation,
        title="Our plan",
        summary="What we put first.",
        url="https://www.example.org/plan",
        minute_reference="ICB/26/1",
        approved_on=dt.date(2026, 4, 1),
    )
    for code in ("W1", "L2"):
        item = Item.objects.get(code=code)
        PlanPriority.objects.create(plan=plan, item=item, why=f"Why {code}")
    words = {
        "plan": plan,
        "source": "Extract",
        "unit": "%",
        "ethnic_group": "Bangladeshi",
        "baseline": "40.000",
        "baseline_on": dt.date(2025, 1, 1),
        "target": "75.500",
        "target_on": dt.date(2028, 1, 1),
        "updated_at": at,
    }
    Measure.objects.create(name="Uptake", **words, **latest)
    Measure.objects.create(name="Gone", **words, removed_at=at)

    frozen = document_of(assessment, sponsor, at)["plan"]

    assert frozen["title"] == "Our plan"
    assert frozen["approved_on"] == "2026-04-01"
    assert frozen["priorities"] == [
        {"code": "L2", "short_name": "Short name L2", "why": "Why L2"},
        {"code": "W1", "short_name": "Short name W1", "why": "Why W1"},
    ]
    (measure,) = frozen["measures"]
    assert measure == {
        "key": str(Measure.objects.get(name="Uptake").key),
        "name": "Uptake",
        "source": "Extract",
        "unit": "%",
        "ethnic_group": "Bangladeshi",
        "higher_is_better": True,
        "note": "",
        "baseline": "40",
        "baseline_on": "2025-01-01",
        "target": "75.5",
        "target_on": "2028-01-01",
        "latest": shown,
        "latest_on": "2026-06-01" if shown else None,
    }


def test_canonical_is_the_same_whatever_the_order():
    assert canonical({"b": "é", "a": [1]}) == '{"a":[1],"b":"é"}'


def next_assessment(framework, **changes):
    words = {
        "slug": "2027",
        "name": "Self-assessment 2027",
        "opens_at": london(2027, 10, 4),
        "due_at": london(2027, 12, 15),
        "closes_at": london(2028, 1, 15),
        "last_release_at": london(2028, 3, 31),
    }
    return factories.open_assessment(framework, **(words | changes))


@pytest.fixture
def first(assessment, lead, sponsor, heg, at):
    """Signed off in 2026: L3 not assessed, W3 not applicable, the rest Embedded but W1."""
    factories.complete_assessment(assessment, by=lead, levels={"W1": 1})
    services.record_not_assessed(
        answer=answer_of(assessment, "L3"), reason="Nobody left.", version=1, by=lead, at=at
    )
    services.exempt_item(answer=answer_of(assessment, "W3"), reason="None.", by=heg, at=at)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    services.sign_off(assessment=assessment, by=sponsor, at=at)
    return assessment


def change(assessment, code, lead, level):
    answer = answer_of(assessment, code)
    return services.save_answer(
        answer=answer, level=level, narrative="New.", version=answer.version, by=lead, at=NEXT
    )


def moved(document, code):
    movement = item_of(document, code)["movement"]
    return movement["kind"], movement["how"], movement["previous_level"]


def test_document_says_how_each_item_moved(first, framework, lead, sponsor, heg):
    second = next_assessment(framework)
    change(second, "L1", lead, 4)
    factories.cite(answer_of(second, "L1"), dated_on=dt.date(2027, 9, 1))
    change(second, "L2", lead, 1)
    change(second, "L3", lead, 2)
    services.reconfirm_answer(answer=answer_of(second, "W1"), version=1, by=lead, at=NEXT)
    services.record_not_assessed(
        answer=answer_of(second, "W2"), reason="Not now.", version=1, by=lead, at=NEXT
    )
    services.exempt_item(answer=answer_of(second, "W3"), reason="None.", by=heg, at=NEXT)
    services.exempt_item(answer=answer_of(second, "D1"), reason="None.", by=heg, at=NEXT)

    document = document_of(second, sponsor, NEXT)

    assert {code: moved(document, code) for code in ("L1", "L2", "L3", "W1", "W2", "W3")} == {
        "L1": ("up", "with new evidence", 3),
        "L2": ("down", "re-judged", 3),
        "L3": ("newly assessed", "", None),
        "W1": ("same", "reconfirmed", 1),
        "W2": ("no longer assessed", "", 3),
        "W3": ("", "", 3),
    }
    assert moved(document, "D1") == ("not comparable", "", 3)
    assert document["history"] == [
        {
            "cycle_slug": "2026",
            "cycle_name": "Self-assessment 2026",
            "levels": {
                "L1": 3,
                "L2": 3,
                "L3": None,
                "W1": 1,
                "W2": 3,
                "W3": 3,
                "D1": 3,
                "D2": 3,
            },
        }
    ]


def test_document_follows_items_into_another_framework(first, framework, lead, sponsor):
    later = factories.small_framework("small-2", is_current=False)
    for code, changed in (("L1", False), ("L2", True)):
        item = Item.objects.get(section__framework=later, code=code)
        item.predecessor = Item.objects.get(section__framework=framework, code=code)
        item.materially_changed = changed
        item.save()
    second = next_assessment(later)

    document = document_of(second, sponsor, NEXT)

    assert moved(document, "L1") == ("same", "", 3)
    assert moved(document, "L2") == ("not comparable", "", 3)
    assert moved(document, "W1") == ("", "", None)


def test_sign_off_freezes_the_movement_for_the_comparison(first, framework, lead, sponsor):
    second = next_assessment(framework)
    factories.complete_assessment(second, by=lead, at=NEXT, levels={"L1": 2})
    services.send_for_sign_off(assessment=second, by=lead, at=NEXT)
    services.sign_off(assessment=second, by=sponsor, at=NEXT)

    row = FrozenItem.objects.get(snapshot__assessment=second, code="L1")
    assert (row.movement, row.movement_how) == ("down", "re-judged")


def test_earlier_snapshots_are_the_last_of_each_cycle(first, framework, sponsor, heg, lead, at):
    services.ask_to_reopen(assessment=first, reason="An error.", by=sponsor, at=at)
    services.reopen(assessment=first, by=heg, at=at)
    services.send_for_sign_off(assessment=first, by=lead, at=at)
    services.sign_off(assessment=first, by=sponsor, at=at)
    factories.organisation("south-east-london", kind=Organisation.Kind.ICS)
    second = next_assessment(framework)

    snapshots = earlier_snapshots(second)

    assert [(one.assessment, one.version) for one in snapshots] == [(first, 2)]
    assert levels_of(snapshots)[snapshots[0].pk]["W1"] == 1
    assert earlier_snapshots(first) == []
    assert json.loads(Snapshot.objects.get(version=2).document)["version"] == 2


def test_previous_answer_is_last_cycles(first, framework):
    assert previous_answer(answer_of(first, "L1")) is None

    second = next_assessment(framework)

    before = previous_answer(answer_of(second, "L1"))
    assert before == answer_of(first, "L1")
    assert before.get_absolute_url() == "/assessments/2026/north-east-london/L1/"


def test_previous_answer_of_a_new_item_is_none(first, framework):
    second = next_assessment(factories.small_framework("small-2", is_current=False))

    assert previous_answer(answer_of(second, "L1")) is None
