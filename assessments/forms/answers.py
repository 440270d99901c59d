"""What a person says of one item: the answer, the words kept while typing, and why not assessed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from assessments.models import Coverage
from assessments.scoring import LEVELS
from portal.forms.fields import TypedText, choice_field, version_field
from portal.nhsuk import NHSForm
from portal.text import clean_text

LATER = "later"
NARRATIVE_LIMIT = 10_000
WORKING_LIMIT = 50_000
GUIDE_WORDS = 150
LEVEL_MISSING = "Select how far this {noun} has got"
COVERAGE_UNKNOWN = "Select how much of the system this covers"
NARRATIVE_MISSING = "Enter what is in place, and where it is not yet"
NARRATIVE_TOO_LONG = "What is in place must be 10,000 characters or fewer"
REASON_TOO_LONG = "The reason must be {limit} characters or fewer"


def _missing(noun: str) -> dict[str, str]:
    """The one message for a level that is missing or does not exist."""
    words = LEVEL_MISSING.format(noun=noun)
    return {"required": words, "invalid_choice": words}


class AnswerForm(NHSForm):
    """Level, coverage and narrative of one item.

    A draft is never held up: with "Save and come back later" level and narrative may be missing.
    """

    level = forms.TypedChoiceField(
        label="How far has this action got?",
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages=_missing("action"),
    )
    coverage = choice_field(
        "How much of the system does this cover?",
        Coverage.choices,
        COVERAGE_UNKNOWN,
        required=False,
    )
    narrative = TypedText(
        label="What is in place?",
        limit=NARRATIVE_LIMIT,
        empty=NARRATIVE_MISSING,
        too_long=NARRATIVE_TOO_LONG,
        rows=10,
        required=False,
    )
    version = version_field()

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        levels: list[tuple[int, str]],
        noun: str = "action",
        **kwargs: Any,
    ) -> None:
        """`noun` is what the framework calls the item: action or consideration."""
        super().__init__(data, **kwargs)
        self.fields["level"].choices = levels
        self.fields["level"].label = f"How far has this {noun} got?"
        self.fields["level"].error_messages |= _missing(noun)
        if data is not None and data.get("action") != LATER:
            self.fields["level"].required = True
            self.fields["narrative"].required = True

    @property
    def coverage_given(self) -> str | None:
        """The coverage chosen; None where the form that was sent did not ask for it."""
        return self.cleaned_data["coverage"] if "coverage" in self.data else None


class WorkingForm(forms.Form):
    """What is being typed. Lenient, since it is never shown to anybody else before it is saved.

    Never drawn. The page's own form sends `version`; `base_version` names the same thing.
    """

    level = forms.CharField(required=False)
    coverage = forms.CharField(required=False)
    narrative = forms.CharField(required=False, strip=False)
    base_version = version_field()
    sequence = forms.IntegerField(min_value=0, max_value=2**53)

    def __init__(self, data: Mapping[str, Any]) -> None:
        names = ("level", "coverage", "narrative", "base_version", "sequence")
        taken = {name: clean_text(_text(data.get(name))) for name in names}
        taken["base_version"] = taken["base_version"] or _text(data.get("version"))
        super().__init__(taken)

    def clean_level(self) -> str:
        level = self.cleaned_data["level"]
        return level if level in {str(number) for number in LEVELS} else ""

    def clean_coverage(self) -> str:
        coverage = self.cleaned_data["coverage"]
        return coverage if coverage in Coverage.values else ""

    def clean_narrative(self) -> str:
        narrative = self.cleaned_data["narrative"]
        if len(narrative) > WORKING_LIMIT:
            raise forms.ValidationError("too long")
        return narrative


class NotAssessedForm(NHSForm):
    """Why an item is not assessed in this cycle."""

    reason = TypedText(
        label="Why is it not assessed in this cycle?",
        help_text="This stands in the Board paper, so write it for people who were not there.",
        limit=300,
        empty="Enter why this is not assessed",
        too_long=REASON_TOO_LONG,
        rows=4,
    )
    version = version_field()


class VersionForm(NHSForm):
    """A button that says which version the person was looking at."""

    version = version_field()


def _text(value: Any) -> str:
    return "" if value is None else str(value)
