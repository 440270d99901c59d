"""Check answers, the Board's messages, sending and taking back."""

from __future__ import annotations

from typing import Any

import pytest

from assessments import services
from assessments.models import Answer, Assessment
from tests import factories

pytestmark = pytest.mark.django_db

TASKS = "/assessments/2026/north-east-london/"
CHECK = f"{TASKS}check/"


def test_check_lists_every_gap_with_a_link_that_comes_back(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    text = browser_of(lead).get(CHECK).content.decode()
    assert "8 things to mend." in text
    assert f'href="{TASKS}L1/?from=check"' in text
    assert text.count("Choose a level, or say why this is not assessed.") == 8
    assert "Not provided" in text


def test_check_shows_answers_as_they_stand(
    assessment: Any, lead: Any, sponsor: Any, heg: Any, browser_of: Any
) -> None:
    factories.complete_assessment(assessment, by=lead, levels={"L1": 0, "L2": 2})
    answer = Answer.objects.select_related("item", "assessment").get(item__code="W1")
    services.exempt_item(answer=answer, reason="Wound up.", by=heg, at=factories.AT)
    answer = Answer.objects.select_related("item", "assessment").get(item__code="W2")
    services.record_not_assessed(
        answer=answer, reason="In March.", version=1, by=lead, at=factories.AT
    )
    Answer.objects.filter(item__code="W3").update(is_reconfirmed=False)
    text = browser_of(sponsor).get(CHECK).content.decode()
    for words in (
        "1 thing to mend.",
        "Read what you said in the last cycle",
        "Worth looking at",
        "Add evidence of what is delivered",
        "<strong>Not started</strong>, most of the system",
        "Not applicable: Wound up.",
        "<strong>Not assessed.</strong> In March.",
        "(not reconfirmed)",
        "1 piece of evidence, 0 steps",
        "The assessment lead sends it for sign-off.",
    ):
        assert words in text, words


def test_sending_an_incomplete_assessment_says_what_is_missing(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    response = browser_of(lead).post(f"{TASKS}send/")
    text = response.content.decode()
    assert response.status_code == 422
    assert "The assessment is not complete yet, so it was not sent." in text
    assert "<title>Error: " in text
    assert Assessment.objects.get().is_draft


def test_send_and_take_back(assessment: Any, lead: Any, sponsor: Any, browser_of: Any) -> None:
    factories.complete_assessment(assessment, by=lead)
    client = browser_of(lead)
    assert "Nothing is missing." in client.get(CHECK).content.decode()
    assert client.post(f"{TASKS}send/").url == f"{TASKS}sign-off/"
    text = client.get(CHECK).content.decode()
    assert "See where it is" in text
    assert "Send for sign-off" not in text
    assert client.post(f"{TASKS}send/").status_code == 409
    assert browser_of(sponsor).post(f"{TASKS}take-back/").status_code == 403
    taken = client.post(f"{TASKS}take-back/", follow=True).content.decode()
    assert "You have taken the assessment back." in taken
    again = client.post(f"{TASKS}take-back/", follow=True).content.decode()
    assert "has not been sent" in again


def test_only_the_lead_sends(
    assessment: Any, lead: Any, sponsor: Any, contributor: Any, browser_of: Any
) -> None:
    answers = Answer.objects.select_related("item", "assessment").filter(item__code="L1")
    services.assign_answers(
        answers=answers, person=contributor, due_on=None, by=lead, at=factories.AT
    )
    assert browser_of(sponsor).post(f"{TASKS}send/").status_code == 403
    for page in ("check/", "messages/", "sign-off/"):
        assert browser_of(contributor).get(TASKS + page).status_code == 403


def test_check_after_the_close_says_whom_to_ask(
    assessment: Any, lead: Any, browser_of: Any, clock: Any
) -> None:
    clock.move_to(factories.london(2027, 2, 1))
    text = browser_of(lead).get(CHECK).content.decode()
    assert "This cycle has closed, so it cannot be sent." in text


def test_messages_to_the_board_are_written_and_shown(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    client, url = browser_of(lead), f"{TASKS}messages/"
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"message_1": "a" * 301})
    assert wrong.status_code == 422
    assert wrong.content.decode().count("The first message must be 300 characters or fewer") == 2
    words = {"message_1": "Two trusts lead.", "message_2": "", "message_3": "We need money."}
    assert client.post(url, words).url == CHECK
    text = client.get(CHECK).content.decode()
    assert "Two trusts lead." in text
    assert "Change the messages" in text


def test_messages_are_locked_while_the_sponsor_reads(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=factories.AT)
    response = browser_of(lead).post(f"{TASKS}messages/", {"message_1": "Late."})
    assert response.status_code == 409
    assert "The answers are locked" in response.content.decode()


def test_check_asks_the_database_at_most_twelve_times(
    assessment: Any, lead: Any, browser_of: Any, django_assert_max_num_queries: Any
) -> None:
    factories.complete_assessment(assessment, by=lead)
    client = browser_of(lead)
    client.get(CHECK)
    with django_assert_max_num_queries(12):
        client.get(CHECK)
