"""The sponsor's page: exceptions, sign-off, return with questions, and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from assessments import services
from assessments.models import Answer, Assessment, Comment, Release, Snapshot
from tests import factories

pytestmark = pytest.mark.django_db

TASKS = "/assessments/2026/north-east-london/"
SIGN = f"{TASKS}sign-off/"
WORD = {"attestation": "on"}


@pytest.fixture
def sent(assessment: Any, lead: Any) -> Any:
    factories.complete_assessment(assessment, by=lead, levels={"L1": 1, "L2": 0})
    return services.send_for_sign_off(assessment=assessment, by=lead, at=factories.AT)


def test_page_before_sending_shows_how_it_would_look(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    text = browser_of(lead).get(SIGN).content.decode()
    assert "has not been sent for sign-off" in text
    assert "Nothing has a level yet." in text
    assert "Your decision" not in text


def test_sponsor_signs_off_and_sees_what_happens_next(
    sent: Any, sponsor: Any, browser_of: Any
) -> None:
    client = browser_of(sponsor)
    text = client.get(SIGN).content.decode()
    assert "Sent by Amina Okafor on 16 November 2026 at 10:00." in text
    assert "The lowest level given is Not started." in text
    assert "You wrote none of the answers." in text
    refused = client.post(SIGN, {})
    assert refused.status_code == 422
    assert refused.content.decode().count("Confirm that this is a fair account") == 2
    assert client.post(SIGN, WORD).url == SIGN
    text = client.get(SIGN).content.decode()
    assert "2026 North East London v1" in text
    assert "Signed by Sola Adeyemi on 16 November 2026" in text
    assert 'href="/reports/"' in text
    assert client.post(SIGN, WORD).status_code == 409


def test_lead_reads_the_page_and_cannot_sign(sent: Any, lead: Any, browser_of: Any) -> None:
    client = browser_of(lead)
    text = client.get(SIGN).content.decode()
    assert "What the sponsor sees" in text
    assert "Take it back" in text
    assert client.post(SIGN, WORD).status_code == 403


def test_sponsor_who_sent_it_cannot_sign(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    factories.add_role(sponsor, "lead", assessment.organisation)
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=sponsor, at=factories.AT)
    client = browser_of(sponsor)
    assert "You sent this assessment, so another sponsor" in client.get(SIGN).content.decode()
    response = client.post(SIGN, WORD)
    assert response.status_code == 409
    assert "another sponsor has to sign it off" in response.content.decode()


def test_sponsor_who_wrote_answers_needs_a_second_signature(
    assessment: Any, sponsor: Any, second_sponsor: Any, lead: Any, browser_of: Any
) -> None:
    factories.complete_assessment(assessment, by=sponsor)
    services.send_for_sign_off(assessment=assessment, by=lead, at=factories.AT)
    client = browser_of(sponsor)
    assert "You wrote 8 of the answers" in client.get(SIGN).content.decode()
    text = client.post(SIGN, WORD, follow=True).content.decode()
    assert "A second sponsor has been asked" in text
    assert "You have signed." in text
    assert client.post(SIGN, WORD).status_code == 409
    other = browser_of(second_sponsor)
    assert "Signed by Sola Adeyemi" in other.get(SIGN).content.decode()
    other.post(SIGN, WORD)
    assert "and Ravi Menon" in other.get(SIGN).content.decode()


def test_sign_off_of_what_became_incomplete_lists_the_gaps(
    sent: Any, sponsor: Any, browser_of: Any
) -> None:
    Answer.objects.filter(item__code="L1").update(narrative="")
    response = browser_of(sponsor).post(SIGN, WORD)
    assert response.status_code == 409
    assert "Something is missing, so it cannot be signed off." in response.content.decode()


def test_return_with_questions_gives_it_back(sent: Any, sponsor: Any, browser_of: Any) -> None:
    client, url = browser_of(sponsor), f"{SIGN}questions/"
    page = client.get(f"{url}?about=L2").content.decode()
    assert '<details class="nhsuk-details" id="L2" open>' in page
    assert '<details class="nhsuk-details" id="L1">' in page
    empty = client.post(url, {})
    assert empty.status_code == 422
    assert "Enter at least one question for the assessment lead" in empty.content.decode()
    long = client.post(url, {"L1": "a" * 1001})
    assert '<details class="nhsuk-details" id="L1" open>' in long.content.decode()
    assert client.post(url, {"L2": "Is nothing agreed at all?"}).url == TASKS
    assert Comment.objects.get().kind == Comment.Kind.SPONSOR
    assert Assessment.objects.get().is_draft
    again = client.post(url, {"L2": "Again?"})
    assert again.status_code == 409


def test_questions_page_names_what_is_not_assessed(
    assessment: Any, sponsor: Any, browser_of: Any
) -> None:
    text = browser_of(sponsor).get(f"{SIGN}questions/").content.decode()
    assert "L1 Short name L1: Not assessed" in text


@pytest.mark.parametrize("page", ["release/", "reopen/", "sharing/", "sign-off/questions/"])
def test_pages_of_the_sponsor_are_forbidden_to_the_lead(
    sent: Any, lead: Any, browser_of: Any, page: str
) -> None:
    assert browser_of(lead).get(TASKS + page).status_code == 403
    assert browser_of(lead).post(TASKS + page, {}).status_code == 403


@pytest.fixture
def signed(assessment: Any, lead: Any, sponsor: Any) -> Snapshot:
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor)


def test_release_now(signed: Any, sponsor: Any, browser_of: Any) -> None:
    client = browser_of(sponsor)
    assert "whichever comes first" in client.get(SIGN).content.decode()
    assert client.get(f"{TASKS}release/").status_code == 200
    assert client.post(f"{TASKS}release/").url == SIGN
    assert Release.objects.get().cause == Release.Cause.SPONSOR
    assert "Released on 16 November 2026" in client.get(SIGN).content.decode()


def test_release_of_what_is_not_signed_off_is_refused(
    assessment: Any, sponsor: Any, browser_of: Any
) -> None:
    response = browser_of(sponsor).post(f"{TASKS}release/")
    assert response.status_code == 409
    assert "is not signed off" in response.content.decode()


def test_ask_to_reopen_wants_a_reason(signed: Any, sponsor: Any, browser_of: Any) -> None:
    client, url = browser_of(sponsor), f"{TASKS}reopen/"
    assert client.get(url).status_code == 200
    assert client.post(url, {"text": ""}).status_code == 422
    assert client.post(url, {"text": "A figure is wrong."}).url == SIGN
    text = client.get(SIGN).content.decode()
    assert "was asked on 16 November 2026" in text
    assert "A figure is wrong." in text


def test_board_date_is_recorded_on_the_cover_sheet(signed: Any, lead: Any, browser_of: Any) -> None:
    client, cover = browser_of(lead), "/reports/2026/north-east-london/cover/"
    text = client.get(SIGN).content.decode()
    assert f'href="{cover}">Record when the Board meets on the cover sheet</a>' in text
    dated = {"board_on_day": "12", "board_on_month": "3", "board_on_year": "2027", "version": "0"}
    client.post(cover, dated)
    assert "Board on 12 March 2027: change the date" in client.get(SIGN).content.decode()


def test_sharing_is_agreed_and_ended(
    signed: Any, sponsor: Any, system: Any, browser_of: Any
) -> None:
    client, url = browser_of(sponsor), f"{TASKS}sharing/"
    assert client.post(url, {}).status_code == 422
    client.post(url, {"shares": "yes"})
    system.refresh_from_db()
    assert system.shares_with_peers_since == factories.AT
    services.release(snapshot=signed, cause="sponsor", by=sponsor, at=factories.AT)
    text = client.get(SIGN).content.decode()
    assert "and so can systems that share theirs" in text
    assert "Stop sharing" in text
    client.post(url, {"shares": "no"})
    system.refresh_from_db()
    assert system.shares_with_peers_since is None


def test_page_asks_the_database_at_most_twelve_times(
    sent: Any, sponsor: Any, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = browser_of(sponsor)
    client.get(SIGN)
    for url in (SIGN, f"{SIGN}questions/"):
        with django_assert_max_num_queries(12):
            client.get(url)
