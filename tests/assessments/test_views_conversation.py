"""Asking, replying, handing in, declining, accepting and returning, through the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assessments import services
from assessments.models import Answer, Assignment, Comment
from tests import factories

pytestmark = pytest.mark.django_db

L1 = "/assessments/2026/north-east-london/L1/"


@pytest.fixture
def given(assessment: Any, lead: Any, contributor: Any) -> Assignment:
    answer = Answer.objects.select_related("item", "assessment").get(
        assessment=assessment, item__code="L1"
    )
    services.assign_answers(
        answers=[answer],
        person=contributor,
        due_on=dt.date(2026, 12, 1),
        by=lead,
        at=factories.AT,
    )
    return Assignment.objects.get()


def state_of(given: Assignment) -> str:
    return Assignment.objects.get(pk=given.pk).state


def test_ask_and_reply_stand_under_the_answer(
    given: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    helper, head = browser_of(contributor), browser_of(lead)
    assert "What would you like to ask?" in helper.get(f"{L1}ask/").content.decode()
    assert helper.post(f"{L1}ask/", {"text": "Bank staff too?"}).url == L1
    assert head.post(f"{L1}reply/", {"text": "Yes, <b>all</b>."}).url == L1
    text = helper.get(L1).content.decode()
    assert "Bank staff too?" in text
    assert "Yes, &lt;b&gt;all&lt;/b&gt;." in text
    assert [c.kind for c in Comment.objects.order_by("pk")] == ["asked", "replied"]


def test_words_that_say_nothing_are_refused_beside_the_field(
    given: Any, contributor: Any, browser_of: Any
) -> None:
    response = browser_of(contributor).post(f"{L1}ask/", {"text": " \u200b "})
    assert response.status_code == 422
    assert response.content.decode().count("Enter what you would like to ask") == 2


def test_hand_in_accept_and_return(
    given: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    helper, head = browser_of(contributor), browser_of(lead)
    assert "Hand in your answer" in helper.get(L1).content.decode()
    assert helper.post(f"{L1}hand-in/", {"text": ""}).status_code == 302
    assert state_of(given) == "handed-in"
    text = head.get(L1).content.decode()
    assert "Accept this answer" in text
    assert "Return to Hodan Warsame" in text
    assert "accepted" in head.post(f"{L1}accept/", follow=True).content.decode()
    assert state_of(given) == "accepted"
    again = head.post(f"{L1}accept/", follow=True).content.decode()
    assert "Somebody has already dealt with this." in again
    assert head.post(f"{L1}return/", {"text": "Name the trusts."}).url == L1
    assert state_of(given) == "returned"


def test_handing_in_twice_is_refused_on_the_page(
    given: Any, contributor: Any, browser_of: Any
) -> None:
    client = browser_of(contributor)
    client.post(f"{L1}hand-in/", {"text": ""})
    response = client.post(f"{L1}hand-in/", {"text": "Again"})
    assert response.status_code == 409
    assert "Somebody has already dealt with this." in response.content.decode()


def test_decline_gives_the_answer_back(
    given: Any, lead: Any, contributor: Any, browser_of: Any
) -> None:
    client = browser_of(contributor)
    response = client.post(f"{L1}decline/", {"text": "Ask procurement."})
    assert response.url == "/my-actions/"
    assert client.get(L1).status_code == 404
    assert "Hodan Warsame was asked" not in browser_of(lead).get(L1).content.decode()


@pytest.mark.parametrize("deed", ["hand-in", "decline"])
def test_only_the_person_asked_hands_in_or_declines(
    given: Any, lead: Any, browser_of: Any, deed: str
) -> None:
    assert browser_of(lead).get(f"{L1}{deed}/").status_code == 403
    assert browser_of(lead).post(f"{L1}{deed}/", {"text": "x"}).status_code == 403


@pytest.mark.parametrize("deed", ["accept", "return"])
def test_only_lead_and_sponsor_accept_or_return(
    given: Any, contributor: Any, browser_of: Any, deed: str
) -> None:
    assert browser_of(contributor).post(f"{L1}{deed}/", {"text": "x"}).status_code == 403


@pytest.mark.parametrize("deed", ["hand-in", "decline", "return", "accept"])
def test_what_nobody_was_asked_cannot_be_handed_in_or_back(
    assessment: Any, lead: Any, browser_of: Any, deed: str
) -> None:
    assert browser_of(lead).post(f"{L1}{deed}/", {"text": "x"}).status_code == 404
