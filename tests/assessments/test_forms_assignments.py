"""Sharing out and the words about answers: what the forms take and refuse."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assessments.forms.assignments import ITEMS_MISSING, WORDS_TOO_LONG, AssignForm, WordsForm
from portal.models import User

TODAY = dt.date(2026, 11, 16)
LAST = dt.date(2027, 1, 15)
HODAN = User(email="hodan@example.org", name="Hodan Warsame", job_title="Director")
TUNDE = User(email="tunde@example.org", name="Tunde Bello")
GOOD: dict[str, Any] = {
    "codes": ["L1"],
    "person": "hodan@example.org",
    "due_on_day": "1",
    "due_on_month": "12",
    "due_on_year": "2026",
}


def form(**changes: Any) -> AssignForm:
    return AssignForm(
        GOOD | changes,
        people=[HODAN, TUNDE],
        items=[("L1", "L1 One"), ("L2", "L2 Two")],
        label="What?",
        today=TODAY,
        last_on=LAST,
    )


def test_assign_form_names_the_person() -> None:
    filled = form()
    assert filled.is_valid()
    assert filled.person is HODAN
    names = [text for _value, text in filled.fields["person"].choices]
    assert names == ["Hodan Warsame, Director", "Tunde Bello"]


@pytest.mark.parametrize("codes", [[], ["X9"], ["L1", "D5"]])
def test_assign_form_refuses_items_of_other_sections(codes: list[str]) -> None:
    assert form(codes=codes).errors["codes"] == [ITEMS_MISSING]


@pytest.mark.parametrize("person", ["", "nobody@example.org"])
def test_assign_form_refuses_people_who_have_no_role_here(person: str) -> None:
    assert form(person=person).errors["person"] == ["Select who should answer"]


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("", "", ""), "Enter the date you need the answers by"),
        (("30", "2", "2027"), "The date must be a real date"),
        (("15", "11", "2026"), "The date must be today or in the future"),
        (
            ("16", "1", "2027"),
            "The date must be on or before 15 January 2027, when the assessment closes",
        ),
    ],
)
def test_assign_form_refuses_a_date_that_helps_nobody(
    parts: tuple[str, str, str], message: str
) -> None:
    names = ("due_on_day", "due_on_month", "due_on_year")
    assert form(**dict(zip(names, parts, strict=True))).errors["due_on"] == [message]


def test_words_form_cleans_and_limits_what_is_said() -> None:
    def words(text: str, **options: Any) -> WordsForm:
        return WordsForm({"text": text}, label="What?", empty="Enter it", **options)

    assert words("\u200b").errors["text"] == ["Enter it"]
    assert words("a" * 2001).errors["text"] == [WORDS_TOO_LONG]
    assert words("", required=False).is_valid()
    said = words(" yes\r\n ")
    assert said.is_valid()
    assert said.cleaned_data["text"] == "yes"
