"""What the Health Equity Group decides: cycles, their dates and cadence, and one system's case."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from django import forms

from assessments.calendar import END_OF_DAY, MORNING, london_date, london_instant
from assessments.models import CadenceRule, Cycle
from portal.forms.fields import TypedText, choice_field
from portal.nhsuk import DateField, NHSForm

RESERVED_ADDRESSES = {"new", "calendar"}
ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SUBJECTS = {
    "opens_on": "The opening date",
    "due_on": "The due date",
    "closes_on": "The closing date",
    "last_release_on": "The last release date",
}
TIMES = {
    "opens_on": MORNING,
    "due_on": END_OF_DAY,
    "closes_on": END_OF_DAY,
    "last_release_on": MORNING,
}
FIRST_YEARS = range(2020, 2101)
LONGEST_DAYS = 730


def _date(name: str, label: str, hint: str = "") -> DateField:
    subject = SUBJECTS[name]
    missing = f"Enter {subject[0].lower()}{subject[1:]}"
    return DateField(
        label=label, help_text=hint, subject=subject, error_messages={"required": missing}
    )


class DatesForm(NHSForm):
    """The four dates of a cycle, each after the one before. Days and hours are London's."""

    opens_on = _date("opens_on", "When does it open?", "It opens at 9am")
    due_on = _date("due_on", "When is it due?", "Answers are due by the end of this day")
    closes_on = _date(
        "closes_on", "When does it close?", "Late sending is possible until the end of this day"
    )
    last_release_on = _date(
        "last_release_on",
        "What is the last release date?",
        "What is signed off goes to the Health Equity Group by 9am on this day at the latest",
    )

    @classmethod
    def of(cls, cycle: Cycle, data: Mapping[str, Any] | None = None) -> DatesForm:
        """The form filled with the dates a cycle has now."""
        dates = {name: london_date(getattr(cycle, _instant(name))) for name in SUBJECTS}
        return cls(data, initial=dates)

    def clean(self) -> dict[str, Any]:
        names = list(SUBJECTS)
        for earlier, later in pairwise(names):
            first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
            if first and second and second <= first:
                before = SUBJECTS[earlier]
                message = f"{SUBJECTS[later]} must be after {before[0].lower()}{before[1:]}"
                self.add_error(later, message)
        return self.cleaned_data

    @property
    def instants(self) -> dict[str, dt.datetime]:
        """The four instants by the names the services use."""
        return {
            _instant(name): london_instant(self.cleaned_data[name], TIMES[name])
            for name in SUBJECTS
        }


class CycleForm(DatesForm):
    """A new cycle: its name, address, kind and dates."""

    name = TypedText(
        label="What is it called?",
        help_text="For example, Self-assessment 2027",
        limit=80,
        empty="Enter a name for the cycle",
        too_long="The name must be {limit} characters or fewer",
    )
    slug = TypedText(
        label="What is its address?",
        help_text="The part of the web address that names it, for example 2027",
        limit=40,
        empty="Enter an address for the cycle",
        too_long="The address must be {limit} characters or fewer",
    )
    kind = choice_field("What kind of cycle is it?", Cycle.Kind.choices, "Select the kind of cycle")
    field_order = ("name", "slug", "kind", *SUBJECTS)

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if not ADDRESS.fullmatch(slug):
            raise forms.ValidationError(
                "The address must only include lower-case letters, numbers and hyphens"
            )
        if slug in RESERVED_ADDRESSES:
            raise forms.ValidationError("This address is in use by the portal. Choose another.")
        return slug


class CadenceForm(NHSForm):
    """When the calendar opens a cycle of one kind each year, as days after the opening day."""

    is_active = forms.BooleanField(label="The calendar opens these cycles", required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        rule: CadenceRule | None = None,
        **kwargs: Any,
    ) -> None:
        initial = {name: getattr(rule, name) for name in (*_NUMBERS, "is_active")} if rule else {}
        super().__init__(data, initial=initial, **kwargs)
        for name, (label, low, high) in _NUMBERS.items():
            self.fields[name] = _number(label, low, high)
        self.order_fields([*_NUMBERS, "is_active"])

    def clean(self) -> dict[str, Any]:
        names = ("due_after_days", "closes_after_days", "last_release_after_days")
        for earlier, later in pairwise(names):
            first, second = self.cleaned_data.get(earlier), self.cleaned_data.get(later)
            if first is not None and second is not None and second <= first:
                label, before = _NUMBERS[later][0], _NUMBERS[earlier][0]
                self.add_error(later, f"{label} must be more than {_lower(before)}")
        return self.cleaned_data


class ExtensionForm(NHSForm):
    """A later date for one organisation, with the reason everybody may read."""

    extended_on = DateField(
        label="Until when?",
        help_text="They can answer and send until the end of this day",
        subject="The new date",
        error_messages={"required": "Enter the new date"},
    )
    reason = TypedText(
        label="Why?",
        limit=300,
        empty="Enter why the date is extended",
        too_long="The reason must be {limit} characters or fewer",
        rows=4,
    )

    @property
    def extended_to(self) -> dt.datetime:
        return london_instant(self.cleaned_data["extended_on"], END_OF_DAY)


class ExemptionForm(NHSForm):
    """An item that does not apply to an organisation, and why."""

    reason = TypedText(
        label="Why does it not apply?",
        help_text="This stands in every report, so write it for people who were not there.",
        limit=500,
        empty="Enter why it does not apply",
        too_long="The reason must be {limit} characters or fewer",
        rows=4,
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        items: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["code"] = choice_field(
            "Which action or consideration?",
            [("", "Choose one"), *items],
            "Select what does not apply",
            widget=forms.Select,
        )
        self.order_fields(["code", "reason"])


class AddForm(NHSForm):
    """An organisation that joins a cycle, named by its slug."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        organisations: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["organisation"] = choice_field(
            "Which organisation?",
            [("", "Choose one"), *organisations],
            "Select an organisation",
            widget=forms.Select,
        )


_NUMBERS = {
    "first_year": ("First year", FIRST_YEARS.start, FIRST_YEARS.stop - 1),
    "opens_month": ("Opening month", 1, 12),
    "opens_day": ("Opening day", 1, 28),
    "due_after_days": ("Days until it is due", 1, LONGEST_DAYS),
    "closes_after_days": ("Days until it closes", 1, LONGEST_DAYS),
    "last_release_after_days": ("Days until the last release", 1, LONGEST_DAYS),
}


def _number(label: str, low: int, high: int) -> forms.IntegerField:
    codes = ("invalid", "min_value", "max_value")
    messages = dict.fromkeys(codes, f"{label} must be a number from {low} to {high}")
    messages["required"] = f"Enter the {_lower(label)}"
    return forms.IntegerField(label=label, min_value=low, max_value=high, error_messages=messages)


def _lower(label: str) -> str:
    return label[0].lower() + label[1:]


def _instant(name: str) -> str:
    return name.removesuffix("_on") + "_at"
