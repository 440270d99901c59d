"""Cycles, dates, cadence and cases: what the forms of the Health Equity Group take and refuse."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assessments.forms import cycles as f
from assessments.models import CadenceRule, Cycle
from tests.factories import london

DATES = {
    "opens_on": (5, 10, 2026),
    "due_on": (15, 12, 2026),
    "closes_on": (15, 1, 2027),
    "last_release_on": (31, 3, 2027),
}
NUMBERS = {
    "first_year": "2027",
    "opens_month": "10",
    "opens_day": "4",
    "due_after_days": "70",
    "closes_after_days": "100",
    "last_release_after_days": "180",
}


def dated(**changes: tuple[Any, Any, Any]) -> dict[str, str]:
    return {
        f"{name}_{part}": str(value)
        for name, date in (DATES | changes).items()
        for part, value in zip(("day", "month", "year"), date, strict=True)
    }


def test_dates_form_gives_london_s_instants() -> None:
    form = f.DatesForm(dated())
    assert form.is_valid()
    assert form.instants == {
        "opens_at": london(2026, 10, 5, 9),
        "due_at": london(2026, 12, 15, 23, 59),
        "closes_at": london(2027, 1, 15, 23, 59),
        "last_release_at": london(2027, 3, 31, 9),
    }


def test_dates_form_shows_the_dates_a_cycle_has() -> None:
    cycle = Cycle(
        opens_at=london(2026, 10, 5),
        due_at=london(2026, 12, 15, 23, 59),
        closes_at=london(2027, 1, 15, 23, 59),
        last_release_at=london(2027, 3, 31),
    )
    assert f.DatesForm.of(cycle).initial == {n: dt.date(*d[::-1]) for n, d in DATES.items()}


def test_dates_form_says_which_date_is_missing_or_too_early() -> None:
    form = f.DatesForm(dated(due_on=("", "", ""), last_release_on=(15, 1, 2027)))
    assert form.errors == {
        "due_on": ["Enter the due date"],
        "last_release_on": ["The last release date must be after the closing date"],
    }


@pytest.mark.parametrize(
    ("slug", "message"),
    [
        ("", "Enter an address for the cycle"),
        ("New", "The address must only include lower-case letters, numbers and hyphens"),
        ("a b", "The address must only include lower-case letters, numbers and hyphens"),
        ("new", "This address is in use by the portal. Choose another."),
        ("a" * 41, "The address must be 40 characters or fewer"),
    ],
)
def test_cycle_form_refuses_addresses_that_would_not_work(slug: str, message: str) -> None:
    form = f.CycleForm(dated() | {"name": "Round", "slug": slug, "kind": "full"})
    assert form.errors == {"slug": [message]}


def test_cycle_form_takes_a_cycle_and_refuses_an_unknown_kind() -> None:
    words = dated() | {"name": "Round", "slug": "2027-b", "kind": "full"}
    assert f.CycleForm(words).is_valid()
    assert f.CycleForm(words | {"kind": "x"}).errors == {"kind": ["Select the kind of cycle"]}


def test_cadence_form_takes_numbers_and_shows_a_rule() -> None:
    form = f.CadenceForm(NUMBERS)
    assert form.is_valid()
    assert form.cleaned_data["is_active"] is False
    rule = CadenceRule(kind="full", **{name: int(n) for name, n in NUMBERS.items()})
    assert f.CadenceForm(rule=rule).initial["opens_day"] == 4


def test_cadence_form_refuses_what_no_calendar_has() -> None:
    form = f.CadenceForm(
        NUMBERS | {"opens_month": "13", "opens_day": "", "closes_after_days": "60"}
    )
    assert form.errors == {
        "opens_month": ["Opening month must be a number from 1 to 12"],
        "opens_day": ["Enter the opening day"],
        "closes_after_days": ["Days until it closes must be more than days until it is due"],
    }


def test_cadence_form_compares_only_what_is_a_number() -> None:
    form = f.CadenceForm(NUMBERS | {"closes_after_days": "soon"})
    assert list(form.errors) == ["closes_after_days"]


def test_extension_form_lasts_to_the_end_of_the_day() -> None:
    date = {"extended_on_day": "1", "extended_on_month": "2", "extended_on_year": "2027"}
    form = f.ExtensionForm(date | {"reason": "The lead was ill."})
    assert form.is_valid()
    assert form.extended_to == london(2027, 2, 1, 23, 59)
    assert f.ExtensionForm({}).errors == {
        "extended_on": ["Enter the new date"],
        "reason": ["Enter why the date is extended"],
    }


def test_exemption_form_wants_an_item_and_a_reason() -> None:
    form = f.ExemptionForm({"code": "X9"}, items=[("L1", "L1 One")])
    assert form.errors == {
        "code": ["Select what does not apply"],
        "reason": ["Enter why it does not apply"],
    }


def test_add_form_wants_an_organisation_that_can_join() -> None:
    form = f.AddForm({"organisation": "x"}, organisations=[("croydon", "Croydon")])
    assert form.errors == {"organisation": ["Select an organisation"]}
