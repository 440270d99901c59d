"""The plan of an organisation: its words, what it puts first and why, and its measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from assessments.forms.figures import (
    FigureField,
    PeopleMixin,
    WebAddress,
    initial_figure,
    initial_people,
)
from assessments.forms.looked_at import LookedAtForm
from assessments.models import Measure, Plan
from commitments.models import Item, Section
from portal.forms.fields import TypedText, choice_field, version_field
from portal.nhsuk import DateField, NHSField, NHSForm, nhs_helper

PLAN_NAMES = ("title", "url", "minute_reference", "approved_on", "summary")
MEASURE_NAMES = (
    "name",
    "source",
    "unit",
    "baseline",
    "baseline_on",
    "target",
    "target_on",
    "latest",
    "latest_on",
    "note",
)
WHY_LIMIT = 500
UP, DOWN = "up", "down"


class PlanForm(LookedAtForm):
    """What the plan is called, where it is, when the Board approved it, and what it says."""

    title = TypedText(
        label="What is the plan called?",
        limit=200,
        empty="Enter what the plan is called",
        too_long="What the plan is called must be {limit} characters or fewer",
    )
    url = WebAddress(label="Web address of the plan (optional)", required=False)
    minute_reference = TypedText(
        label="Minute that approves it (optional)",
        help_text="For example, ICB Board, 14 May 2026, minute 26/043",
        limit=200,
        empty="Enter the reference of the minute",
        too_long="The reference of the minute must be {limit} characters or fewer",
        required=False,
    )
    approved_on = DateField(
        label="When did the Board approve it? (optional)",
        help_text="For example, 14 5 2026",
        subject="The date of approval",
        required=False,
    )
    summary = TypedText(
        label="What does it say, in short? (optional)",
        help_text="This stands in the Board paper. Three or four sentences are enough.",
        limit=2_000,
        empty="Enter what the plan says",
        too_long="What the plan says must be 2,000 characters or fewer",
        rows=8,
        required=False,
    )
    version = version_field()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, plan: Plan, today: dt.date
    ) -> None:
        super().__init__(
            data, initial={name: getattr(plan, name) for name in (*PLAN_NAMES, "version")}
        )
        self.today = today

    def clean_approved_on(self) -> dt.date | None:
        approved_on: dt.date | None = self.cleaned_data["approved_on"]
        if approved_on and approved_on > self.today:
            raise forms.ValidationError("The date of approval must be today or in the past")
        return approved_on

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PLAN_NAMES}


class PrioritiesForm(NHSForm):
    """What the plan puts first, a commitment or enabler at a time, each with why."""

    version = version_field()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        groups: Sequence[tuple[Section, Sequence[Item]]],
        plan: Plan,
        chosen: Mapping[str, str],
    ) -> None:
        super().__init__(data, initial={"version": plan.version})
        self.items = {item.code: item for _section, items in groups for item in items}
        layout = []
        for section, items in groups:
            name = f"first_{section.code}"
            self.fields[name] = _actions(section, items, chosen)
            whys = {item.code: self._why(item, chosen.get(item.code, "")) for item in items}
            layout.append(NHSField(name, conditional=whys))
        self.helper = nhs_helper(*layout, submit="Save priorities")

    def _why(self, item: Item, why: str) -> NHSField:
        name = f"why_{item.code}"
        self.fields[name] = TypedText(
            label=f"Why does {item.code} come first?",
            limit=WHY_LIMIT,
            empty=f"Enter why {item.code} comes first",
            too_long=f"Why {item.code} comes first must be {{limit}} characters or fewer",
            rows=3,
            required=False,
            initial=why,
        )
        return NHSField(name, size="s", rows=3)

    def clean(self) -> dict[str, Any]:
        for code in self.items:
            name = f"why_{code}"
            if code not in self._codes:
                self._errors.pop(name, None)
            elif name not in self.errors and not self.cleaned_data[name]:
                self.add_error(name, f"Enter why {code} comes first")
        return self.cleaned_data

    @property
    def _codes(self) -> list[str]:
        chosen = {
            code
            for name in self.fields
            if name.startswith("first_")
            for code in self.cleaned_data.get(name, ())
        }
        return [code for code in self.items if code in chosen]

    @property
    def priorities(self) -> list[tuple[Item, str]]:
        return [(self.items[code], self.cleaned_data[f"why_{code}"]) for code in self._codes]


class MeasureForm(PeopleMixin, NHSForm):
    """A measure with its baseline, target and latest figure, each with its date."""

    name = TypedText(
        label="What is measured?",
        help_text="For example, Bowel screening uptake, ages 56 to 74",
        limit=200,
        empty="Enter what is measured",
        too_long="What is measured must be {limit} characters or fewer",
    )
    source = TypedText(
        label="Where do the figures come from?",
        help_text="For example, NHS Staff Survey 2025",
        limit=200,
        empty="Enter where the figures come from",
        too_long="Where the figures come from must be {limit} characters or fewer",
    )
    unit = TypedText(
        label="In what unit?",
        help_text="For example, % or per 1,000 births",
        limit=40,
        empty="Enter the unit",
        too_long="The unit must be {limit} characters or fewer",
    )
    direction = choice_field(
        "Which way is better?",
        [(UP, "Higher is better"), (DOWN, "Lower is better")],
        "Select which way is better",
    )
    baseline = FigureField(label="Baseline", subject="Baseline", missing="Enter the baseline")
    baseline_on = DateField(
        label="Date of the baseline",
        help_text="For example, 31 3 2025",
        subject="The date of the baseline",
        error_messages={"required": "Enter the date of the baseline"},
    )
    target = FigureField(label="Target", subject="Target", missing="Enter the target")
    target_on = DateField(
        label="Date of the target",
        help_text="For example, 31 3 2028",
        subject="The date of the target",
        error_messages={"required": "Enter the date of the target"},
    )
    latest = FigureField(
        label="Latest figure (optional)",
        subject="Latest figure",
        missing="Enter the latest figure",
        required=False,
    )
    latest_on = DateField(
        label="Date of the latest figure (optional)",
        help_text="For example, 30 9 2026",
        subject="The date of the latest figure",
        required=False,
    )
    note = TypedText(
        label="Anything a reader should know? (optional)",
        help_text="For example, that the way of counting changed",
        limit=300,
        empty="Enter what a reader should know",
        too_long="What a reader should know must be {limit} characters or fewer",
        rows=3,
        required=False,
    )
    version = version_field()
    field_order = ("name", "ethnic_group", "other_group", "source", "unit", "direction")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        today: dt.date,
        measure: Measure | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(measure))
        self.today = today

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name, message in self._wrong_dates(cleaned):
            self.add_error(name, message)
        pairs = (("latest", "Enter the latest figure"), ("latest_on", "Enter its date as well"))
        given = [name for name, _message in pairs if cleaned.get(name) is not None]
        for name, message in pairs:
            if len(given) == 1 and name not in given and name not in self.errors:
                self.add_error(name, message)
        return cleaned

    def _wrong_dates(self, cleaned: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        baseline, target = cleaned.get("baseline_on"), cleaned.get("target_on")
        latest = cleaned.get("latest_on")
        if baseline and baseline > self.today:
            yield "baseline_on", "The date of the baseline must be today or in the past"
        if baseline and target and target <= baseline:
            yield "target_on", "The date of the target must be after the date of the baseline"
        if latest and latest > self.today:
            yield "latest_on", "The date of the latest figure must be today or in the past"
        elif baseline and latest and latest < baseline:
            yield "latest_on", "The date of the latest figure must not be before the baseline’s"

    @property
    def figures(self) -> dict[str, Any]:
        """What the services take, by their names."""
        named = {name: self.cleaned_data[name] for name in MEASURE_NAMES}
        is_up = self.cleaned_data["direction"] == UP
        return {**named, "ethnic_group": self.people, "higher_is_better": is_up}


def _actions(section: Section, items: Sequence[Item], chosen: Mapping[str, str]) -> Any:
    wrong = f"Select from what stands under {section.title}"
    return forms.MultipleChoiceField(
        label=section.title,
        choices=[(item.code, f"{item.code} {item.short_name}") for item in items],
        required=False,
        initial=[item.code for item in items if item.code in chosen],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": wrong, "invalid_list": wrong},
    )


def _initial(measure: Measure | None) -> dict[str, Any]:
    if measure is None:
        return {"version": 0}
    figures = ("baseline", "target", "latest")
    return {
        **{name: getattr(measure, name) for name in MEASURE_NAMES},
        **{name: initial_figure(getattr(measure, name)) for name in figures},
        **initial_people(measure.ethnic_group),
        "direction": UP if measure.higher_is_better else DOWN,
        "version": measure.version,
    }
