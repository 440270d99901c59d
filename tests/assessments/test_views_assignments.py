"""Sharing out by section, reminding, and each person's own list."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assessments import services
from assessments.models import Answer, Assignment
from tests import factories

pytestmark = pytest.mark.django_db

TASKS = "/assessments/2026/north-east-london/"
ASSIGN = f"{TASKS}assign/"
DATE = {"due_on_day": "1", "due_on_month": "12", "due_on_year": "2026"}


def ask(client: Any, person: Any, *codes: str, **changes: Any) -> Any:
    words = {"codes": list(codes), "person": person.email, **DATE, **changes}
    return client.post(f"{ASSIGN}?section={codes[0][0]}", words)


def test_overview_says_how_much_is_with_somebody(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    assert "0 of 8 are with somebody" in client.get(ASSIGN).content.decode()
    assert ask(client, contributor, "L1", "L2").url == ASSIGN
    text = client.get(ASSIGN).content.decode()
    assert "L1, L2 by 1 December 2026" in text
    assert "2 of 3 with somebody: Hodan Warsame" in text
    assert "2 of 2 have not been opened" in text


def test_section_page_suggests_what_nobody_has_and_a_date_before_the_deadline(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    ask(client, contributor, "L1")
    form = client.get(f"{ASSIGN}?section=L").context["form"]
    assert form.initial["codes"] == ["L2", "L3"]
    assert form.initial["due_on"] == dt.date(2026, 12, 1)
    assert "L1 Short name L1 (with Hodan Warsame)" in dict(form.fields["codes"].choices).values()


@pytest.mark.parametrize(
    ("when", "suggested"),
    [
        (factories.london(2026, 12, 14), dt.date(2026, 12, 14)),
        (factories.london(2027, 2, 1), dt.date(2027, 1, 15)),
    ],
)
def test_suggested_date_is_neither_past_nor_after_the_close(
    assessment: Any,
    lead: Any,
    browser_of: Any,
    clock: Any,
    when: dt.datetime,
    suggested: dt.date,
) -> None:
    clock.move_to(when)
    form = browser_of(lead).get(f"{ASSIGN}?section=L").context["form"]
    assert form.initial["due_on"] == suggested


def test_section_page_refuses_bad_input_and_keeps_it(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    response = browser_of(lead).post(
        f"{ASSIGN}?section=L", {**DATE, "due_on_day": "31", "due_on_month": "2"}
    )
    text = response.content.decode()
    assert response.status_code == 422
    for message in ("Select at least one", "Select who should answer", "The date must be"):
        assert text.count(message) >= 2, message
    assert 'value="31"' in text


def test_unknown_section_is_not_found(assessment: Any, lead: Any, browser_of: Any) -> None:
    assert browser_of(lead).get(f"{ASSIGN}?section=X").status_code == 404


def test_what_is_sent_cannot_be_given_out(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=factories.AT)
    client = browser_of(lead)
    response = ask(client, contributor, "L1")
    assert response.status_code == 409
    assert "The answers are locked" in response.content.decode()
    nudged = client.post(f"{TASKS}nudge/", follow=True).content.decode()
    assert "The answers are locked" in nudged


def test_reminder_goes_once_a_day_to_those_who_have_not_opened(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    ask(client, contributor, "L1", "L2")
    assert "about 2 unopened items" in client.post(f"{TASKS}nudge/", follow=True).content.decode()
    again = client.post(f"{TASKS}nudge/", follow=True).content.decode()
    assert "was reminded in the last day" in again


def test_reminder_about_one_item_says_one(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    ask(client, contributor, "L1")
    assert "about 1 unopened item." in client.post(f"{TASKS}nudge/", follow=True).content.decode()


def test_contributors_cannot_give_out_or_remind(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    ask(browser_of(lead), contributor, "L1")
    client = browser_of(contributor)
    assert client.get(ASSIGN).status_code == 403
    assert client.post(f"{TASKS}nudge/").status_code == 403


def test_my_actions_without_any_says_what_will_stand_there(
    contributor: Any, browser_of: Any
) -> None:
    text = browser_of(contributor).get("/my-actions/").content.decode()
    assert "You have not been asked to answer anything." in text


def test_my_actions_shows_how_far_each_has_got(
    assessment: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    client = browser_of(lead)
    ask(client, contributor, "L1", "L2", "L3")
    ask(client, contributor, "W1", "W2", "W3")
    given = {one.answer.item.code: one for one in Assignment.objects.all()}
    states = {"L2": "returned", "L3": "handed-in", "W1": "accepted"}
    for code, state in states.items():
        Assignment.objects.filter(pk=given[code].pk).update(state=state)
    Assignment.objects.filter(pk=given["W2"].pk).update(due_on=dt.date(2026, 11, 15))
    Assignment.objects.filter(pk=given["W3"].pk).update(due_on=None, opened_at=factories.AT)
    text = browser_of(contributor).get("/my-actions/").content.decode()
    for words in ("Returned to you", "Handed in", "Accepted", "Late", "In progress"):
        assert words in text, words
    assert "Amina Okafor asked you, by 1 December 2026" in text
    assert "Amina Okafor asked you</div>" in text


def test_my_actions_leaves_out_what_is_signed_off(
    assessment: Any, lead: Any, sponsor: Any, contributor: Any, browser_of: Any
) -> None:
    ask(browser_of(lead), contributor, "L1")
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    text = browser_of(contributor).get("/my-actions/").content.decode()
    assert "You have not been asked" in text


def test_pages_ask_the_database_as_often_for_one_item_as_for_eight(
    assessment: Any,
    lead: Any,
    contributor: Any,
    browser_of: Any,
    django_assert_max_num_queries: Any,
) -> None:
    client = browser_of(lead)
    services.assign_answers(
        answers=Answer.objects.select_related("item", "assessment").all(),
        person=contributor,
        due_on=None,
        by=lead,
        at=factories.AT,
    )
    client.get(ASSIGN)
    for url in (ASSIGN, f"{ASSIGN}?section=L"):
        with django_assert_max_num_queries(7):
            client.get(url)
    helper = browser_of(contributor)
    helper.get("/my-actions/")
    with django_assert_max_num_queries(5):
        assert helper.get("/my-actions/").content.decode().count("asked you") == 8
