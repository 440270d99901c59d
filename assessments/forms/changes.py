"""The measured change a level 4 rests on: before, after, and which short-term change it shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from assessments.forms.figures import (
    FigureField,
    PeopleMixin,
    initial_figure,
    initial_people,
)
from assessments.models import ObservedChange
from commitments.models import ShortTermChange
from portal.forms.fields import TypedText, choice_field, version_field
from portal.nhsuk import DateField, NHSForm

NAMES = ("measure", "unit", "baseline", "baseline_on", "later", "later_on")


class ChangeForm(PeopleMixin, NHSForm):
    """Two figures of one measure with their dates, and what they show."""

    measure = TypedText(
        label="What was measured?",
        help_text="For example, Bowel screening uptake, ages 56 to 74",
        limit=200,
        empty="Enter what was measured",
        too_long="What was measured must be {limit} characters or fewer",
    )
    unit = TypedText(
        label="In what unit?",
        help_text="A rate where it is about people. For example, % or per 1,000 births",
        limit=40,
        empty="Enter the unit",
        too_long="The unit must be {limit} characters or fewer",
    )
    baseline = FigureField(
        label="Baseline figure", subject="Baseline figure", missing="Enter the baseline figure"
    )
    baseline_on = DateField(
        label="Date of the baseline",
        help_text="For example, 31 3 2025",
        subject="The date of the baseline",
        error_messages={"required": "Enter the date of the baseline"},
    )
    later = FigureField(
        label="Later figure", subject="Later figure", missing="Enter the later figure"
    )
    later_on = DateField(
        label="Date of the later figure",
        help_text="For example, 31 3 2026",
        subject="The date of the later figure",
        error_messages={"required": "Enter the date of the later figure"},
    )
    version = version_field()
    field_order = ("measure", "ethnic_group", "other_group", "unit", *NAMES[2:], "shows")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        changes: Iterable[ShortTermChange],
        today: dt.date,
        change: ObservedChange | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(change))
        self.today = today
        self.changes = {one.code: one for one in changes}
        self.fields["shows"] = choice_field(
            "Which change does it show?",
            [(code, one.text) for code, one in self.changes.items()],
            "Select which change it shows",
        )
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        before, after = cleaned.get("baseline_on"), cleaned.get("later_on")
        if after and after > self.today:
            self.add_error("later_on", "The date of the later figure must be today or in the past")
        elif before and after and after <= before:
            self.add_error(
                "later_on", "The date of the later figure must be after the date of the baseline"
            )
        return cleaned

    @property
    def figures(self) -> dict[str, Any]:
        """What the service takes, by its names."""
        named = {name: self.cleaned_data[name] for name in NAMES}
        shows = self.changes[self.cleaned_data["shows"]]
        return {**named, "ethnic_group": self.people, "shows": shows}


def _initial(change: ObservedChange | None) -> dict[str, Any]:
    if change is None:
        return {"version": 0}
    return {
        **{name: getattr(change, name) for name in NAMES},
        **initial_people(change.ethnic_group),
        "baseline": initial_figure(change.baseline),
        "later": initial_figure(change.later),
        "shows": change.shows.code,
        "version": change.version,
    }
