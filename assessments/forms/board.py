"""What the Board is asked, what it decided, and the risks that its assurance framework holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.forms.looked_at import LookedAtForm
from assessments.models import BoardAsk, BoardOutcome, Risk
from portal.forms.fields import TypedText, choice_field, version_field
from portal.nhsuk import DateField

ASK_NAMES = ("text", "wants")
OUTCOME_NAMES = ("decision", "decided_on", "words", "minute_reference")
Decision = BoardOutcome.Decision
NEEDS_WORDS = {
    Decision.CHANGED: "Enter what the Board changed",
    Decision.NOT_AGREED: "Enter why the Board did not agree",
    Decision.DEFERRED: "Enter why it was deferred, and until when",
}


class AskForm(LookedAtForm):
    """One thing the Board is asked to do."""

    wants = choice_field(
        "What should the Board do?", BoardAsk.Wants.choices, "Select what the Board should do"
    )
    text = TypedText(
        label="What is the Board asked?",
        help_text="The paper prints it after what the Board should do, for example “Decide: Fund "
        "the community panel with £60,000 a year until March 2030”. Name the money and the date",
        limit=300,
        empty="Enter what the Board is asked",
        too_long="What the Board is asked must be {limit} characters or fewer",
        rows=4,
    )
    version = version_field()

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, ask: BoardAsk | None = None
    ) -> None:
        initial: dict[str, Any] = {"version": 0}
        if ask:
            initial = {name: getattr(ask, name) for name in (*ASK_NAMES, "version")}
        super().__init__(data, initial=initial)

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ASK_NAMES}


class OutcomeForm(LookedAtForm):
    """What the Board decided, on which day, in which minute."""

    decision = choice_field(
        "What did the Board decide?", Decision.choices, "Select what the Board decided"
    )
    decided_on = DateField(
        label="When?",
        help_text="The day of the meeting. For example, 27 1 2027",
        subject="The date of the meeting",
        error_messages={"required": "Enter the date of the meeting"},
    )
    words = TypedText(
        label="In what words? (optional where the Board agreed or noted)",
        help_text="What it changed, why it did not agree, or until when it was deferred",
        limit=500,
        empty="Enter what the Board decided in words",
        too_long="What the Board decided must be {limit} characters or fewer",
        rows=4,
        required=False,
    )
    minute_reference = TypedText(
        label="Minute reference (optional)",
        help_text="If the minutes are not agreed yet, record the outcome again once they are",
        limit=200,
        empty="Enter the reference of the minute",
        too_long="The minute reference must be {limit} characters or fewer",
        required=False,
    )
    version = version_field()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        today: dt.date,
        outcome: BoardOutcome | None = None,
        met_on: dt.date | None = None,
    ) -> None:
        initial: dict[str, Any] = {"version": 0, "decided_on": met_on}
        if outcome:
            initial = {name: getattr(outcome, name) for name in OUTCOME_NAMES}
            initial["version"] = outcome.number
        super().__init__(data, initial=initial)
        self.today = today

    def clean_decided_on(self) -> dt.date:
        decided_on: dt.date = self.cleaned_data["decided_on"]
        if decided_on > self.today:
            raise forms.ValidationError("The date of the meeting must be today or in the past")
        return decided_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        missing = NEEDS_WORDS.get(cleaned.get("decision", ""))
        if missing and "words" not in self.errors and not cleaned.get("words"):
            self.add_error("words", missing)
        return cleaned

    @property
    def answer(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OUTCOME_NAMES}


class RiskForm(LookedAtForm):
    """A risk to progress; where it stands in the Board Assurance Framework may follow."""

    what = TypedText(
        label="What is the risk?",
        help_text="What may happen, because of what, and to whom",
        limit=300,
        empty="Enter what the risk is",
        too_long="What the risk is must be {limit} characters or fewer",
        rows=4,
    )
    board_assurance_reference = TypedText(
        label="Reference in the Board Assurance Framework (optional)",
        help_text="For example, BAF 4",
        limit=60,
        empty="Enter the reference in the Board Assurance Framework",
        too_long="The reference must be {limit} characters or fewer",
        required=False,
    )
    response = TypedText(
        label="What is being done about it? (optional)",
        limit=300,
        empty="Enter what is being done about it",
        too_long="What is being done about it must be {limit} characters or fewer",
        rows=4,
        required=False,
    )
    owner = TypedText(
        label="Who holds it? (optional)",
        help_text="A role, not a person’s name. For example, Chief Finance Officer",
        limit=120,
        empty="Enter the role of whoever holds it",
        too_long="Who holds it must be {limit} characters or fewer",
        required=False,
    )
    version = version_field()

    def __init__(self, data: Mapping[str, Any] | None = None, *, risk: Risk | None = None) -> None:
        initial: dict[str, Any] = {"version": 0}
        if risk:
            initial = {name: getattr(risk, name) for name in (*Risk.WORDS, "version")}
        super().__init__(data, initial=initial)

    @property
    def words(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in Risk.WORDS}
