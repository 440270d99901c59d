"""The Health Equity Group's pages: cycles, dates, the calendar, and one system's case."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assessments import services
from assessments.models import Answer, Assessment, CadenceRule, Cycle, Exemption
from portal.models import Organisation
from tests import factories

pytestmark = pytest.mark.django_db

STATUS = "/cycles/2026/"
CASE = f"{STATUS}north-east-london/"


def date(name: str, day: object, month: object, year: object) -> dict[str, str]:
    return {f"{name}_day": str(day), f"{name}_month": str(month), f"{name}_year": str(year)}


DATES = (
    date("opens_on", 1, 11, 2026)
    | date("due_on", 20, 12, 2026)
    | date("closes_on", 20, 1, 2027)
    | date("last_release_on", 1, 4, 2027)
)
NUMBERS = {
    "first_year": "2027",
    "opens_month": "10",
    "opens_day": "4",
    "due_after_days": "70",
    "closes_after_days": "100",
    "last_release_after_days": "180",
}
PAGES = [
    "/cycles/",
    "/cycles/new/",
    "/cycles/calendar/full/",
    STATUS,
    f"{STATUS}dates/",
    f"{STATUS}add/",
    f"{CASE}extend/",
    f"{CASE}not-applicable/",
    f"{CASE}reopen/",
]


@pytest.mark.parametrize("url", PAGES)
def test_pages_are_the_group_s_alone(
    assessment: Any, lead: Any, sponsor: Any, heg: Any, browser_of: Any, url: str
) -> None:
    assert browser_of(heg).get(url).status_code == 200
    assert browser_of(lead).get(url).status_code == 403
    assert browser_of(sponsor).post(url).status_code in (403, 405)


def test_index_lists_cycles_and_what_the_calendar_does(
    assessment: Any, heg: Any, browser_of: Any
) -> None:
    client = browser_of(heg)
    text = client.get("/cycles/").content.decode()
    assert "Full self-assessment, open." in text
    assert "0 of 1 signed off" in text
    assert text.count("The calendar does not open these.") == 2
    assert client.post("/cycles/calendar/full/", NUMBERS | {"is_active": "on"}).status_code == 302
    text = client.get("/cycles/").content.decode()
    assert "Opens every year on 4 October, from 2027." in text
    assert CadenceRule.objects.get().due_after_days == 70
    assert 'value="70"' in client.get("/cycles/calendar/full/").content.decode()
    client.post("/cycles/calendar/full/", NUMBERS)
    assert "from 2027" not in client.get("/cycles/").content.decode()


def test_index_without_cycles_says_so(heg: Any, browser_of: Any) -> None:
    assert "There is no cycle yet." in browser_of(heg).get("/cycles/").content.decode()


def test_cadence_refuses_bad_numbers_and_unknown_kinds(heg: Any, browser_of: Any) -> None:
    client = browser_of(heg)
    wrong = client.post("/cycles/calendar/full/", NUMBERS | {"opens_month": "13"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count("Opening month must be a number from 1 to 12") == 2
    assert client.get("/cycles/calendar/weekly/").status_code == 404


def test_new_cycle_is_made_once(framework: Any, system: Any, heg: Any, browser_of: Any) -> None:
    client = browser_of(heg)
    words = DATES | {"name": "Round 2026", "slug": "2026-b", "kind": "full"}
    assert client.post("/cycles/new/", {}).status_code == 422
    assert client.post("/cycles/new/", words).url == "/cycles/"
    cycle = Cycle.objects.get(slug="2026-b")
    assert cycle.due_at == factories.london(2026, 12, 20, 23, 59)
    assert cycle.assessments.get().organisation == system
    again = client.post("/cycles/new/", words)
    assert again.status_code == 409
    assert "There is already a cycle with this name or address." in again.content.decode()


def test_dates_are_moved_and_shown(assessment: Any, heg: Any, browser_of: Any) -> None:
    client = browser_of(heg)
    assert 'value="15"' in client.get(f"{STATUS}dates/").content.decode()
    assert client.post(f"{STATUS}dates/", DATES).url == STATUS
    assert "due 20 December 2026" in client.get(STATUS).content.decode()
    wrong = client.post(f"{STATUS}dates/", DATES | date("closes_on", 1, 12, 2026))
    assert wrong.status_code == 422
    assert wrong.content.decode().count("The closing date must be after the due date") == 2


def test_an_order_that_only_the_service_refuses_stands_above_the_form(
    assessment: Any, heg: Any, browser_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_words: Any) -> None:
        raise services.DatesOutOfOrder

    monkeypatch.setattr("assessments.views.cycles.change_cycle", refuse)
    response = browser_of(heg).post(f"{STATUS}dates/", DATES)
    assert response.status_code == 422
    assert "A cycle must open before it is due" in response.content.decode()


def status_text(client: Any) -> str:
    return client.get(STATUS).content.decode()


def test_status_follows_an_assessment_and_never_shows_its_words(
    assessment: Any, lead: Any, sponsor: Any, heg: Any, browser_of: Any, clock: Any
) -> None:
    client = browser_of(heg)
    assert "In draft" in status_text(client)
    assert "0 of 8" in status_text(client)
    factories.complete_assessment(assessment, by=lead)
    assert "8 of 8" in status_text(client)
    services.send_for_sign_off(assessment=assessment, by=lead, at=factories.AT)
    assert "Awaiting sign-off" in status_text(client)
    snapshot = services.sign_off(assessment=assessment, by=sponsor, at=factories.AT)
    assert "Signed off</strong>" in status_text(client)
    services.release(snapshot=snapshot, cause="sponsor", by=sponsor, at=factories.AT)
    text = status_text(client)
    assert "Released</strong>" in text
    assert "What we do about" not in text


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (factories.london(2026, 12, 20), "Late, in draft"),
        (factories.london(2027, 2, 1), "Not sent"),
    ],
)
def test_status_says_who_is_late(
    assessment: Any, heg: Any, browser_of: Any, clock: Any, when: dt.datetime, words: str
) -> None:
    clock.move_to(when)
    assert words in status_text(browser_of(heg))


def test_status_of_a_cycle_nobody_is_in_says_so(framework: Any, heg: Any, browser_of: Any) -> None:
    factories.open_cycle(framework, at=factories.london(2026, 9, 1))
    assert "No organisation has an assessment" in status_text(browser_of(heg))


def test_organisation_joins_a_cycle(assessment: Any, heg: Any, browser_of: Any) -> None:
    factories.organisation("croydon", kind=Organisation.Kind.LOCAL_AUTHORITY)
    client = browser_of(heg)
    text = client.get(f"{STATUS}add/").content.decode()
    assert "Croydon" in text
    assert "North East London" not in text
    assert client.post(f"{STATUS}add/", {"organisation": "nowhere"}).status_code == 422
    assert client.post(f"{STATUS}add/", {"organisation": "croydon"}).url == STATUS
    assert Assessment.objects.filter(organisation__slug="croydon").exists()


def test_extension_moves_one_date_with_a_reason(assessment: Any, heg: Any, browser_of: Any) -> None:
    client = browser_of(heg)
    words = date("extended_on", 1, 2, 2027) | {"reason": "The lead was ill."}
    assert client.post(f"{CASE}extend/", words).url == STATUS
    assert "until 1 Feb 2027" in status_text(client)
    again = client.post(f"{CASE}extend/", words)
    assert again.status_code == 409
    assert "Choose a date after the one" in again.content.decode()
    assert client.post(f"{CASE}extend/", {}).status_code == 422


def test_item_is_recorded_as_not_applicable(assessment: Any, heg: Any, browser_of: Any) -> None:
    client, url = browser_of(heg), f"{CASE}not-applicable/"
    assert client.post(url, {"code": "X9", "reason": "Because."}).status_code == 422
    assert client.post(url, {"code": "L1", "reason": "Wound up."}).url == STATUS
    assert Exemption.objects.get().answer == Answer.objects.get(item__code="L1")
    assert 'value="L1"' not in client.get(url).content.decode()


def test_reopening_waits_for_the_sponsor_to_ask(
    assessment: Any, lead: Any, sponsor: Any, heg: Any, browser_of: Any
) -> None:
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    client, url = browser_of(heg), f"{CASE}reopen/"
    refused = client.post(url)
    assert refused.status_code == 409
    assert "only when its sponsor has asked" in refused.content.decode()
    services.ask_to_reopen(
        assessment=assessment, reason="A wrong figure.", by=sponsor, at=factories.AT
    )
    assert f'href="{url}"' in status_text(client)
    assert "A wrong figure." in client.get(url).content.decode()
    assert client.post(url).url == STATUS
    assert Assessment.objects.get().is_draft


def test_unknown_cycles_and_organisations_are_not_found(
    assessment: Any, heg: Any, browser_of: Any
) -> None:
    client = browser_of(heg)
    for url in ("/cycles/2030/", "/cycles/2030/dates/", f"{STATUS}nowhere/extend/"):
        assert client.get(url).status_code == 404


def test_status_asks_the_database_as_often_for_one_organisation_as_for_ten(
    assessment: Any, heg: Any, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser_of(heg)
    status_text(client)
    for number in range(9):
        organisation = factories.organisation(f"system-number-{number}")
        services.add_assessment(
            cycle=assessment.cycle, organisation=organisation, by=heg, at=factories.AT
        )
    with django_assert_max_num_queries(6):
        assert status_text(client).count("In draft") == 10
    with django_assert_max_num_queries(6):
        client.get("/cycles/")
