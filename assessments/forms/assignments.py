"""Sharing answers out, and the words people exchange about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from assessments.forms.looked_at import LookedAtForm
from portal.forms.fields import TypedText, choice_field
from portal.models import User
from portal.nhsuk import DateField, NHSForm

WORDS_LIMIT = 2_000
WORDS_TOO_LONG = "What you write must be 2,000 characters or fewer"
ITEMS_MISSING = "Select at least one to give to somebody"


class AssignForm(NHSForm):
    """Which items of a section, to whom, by when. People are named by address, items by code."""

    codes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": ITEMS_MISSING,
            "invalid_choice": ITEMS_MISSING,
            "invalid_list": ITEMS_MISSING,
        },
    )
    due_on = DateField(
        label="By when?",
        help_text="For example, 27 3 2027",
        subject="The date",
        error_messages={"required": "Enter the date you need the answers by"},
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        people: Iterable[User],
        items: Iterable[tuple[str, str]],
        label: str,
        today: dt.date,
        last_on: dt.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.people = {person.email: person for person in people}
        self.today, self.last_on = today, last_on
        named = [(email, _introduce(person)) for email, person in self.people.items()]
        self.fields["person"] = choice_field(
            "Who should answer?", named, "Select who should answer"
        )
        self.fields["codes"].label = label
        self.fields["codes"].choices = list(items)
        self.order_fields(["codes", "person", "due_on"])

    def clean_due_on(self) -> dt.date:
        due_on: dt.date = self.cleaned_data["due_on"]
        if due_on < self.today:
            raise forms.ValidationError("The date must be today or in the future")
        if due_on > self.last_on:
            words = f"{self.last_on.day} {self.last_on:%B %Y}"
            raise forms.ValidationError(
                f"The date must be on or before {words}, when the assessment closes"
            )
        return due_on

    @property
    def person(self) -> User:
        return self.people[self.cleaned_data["person"]]


class WordsForm(LookedAtForm):
    """One box of words: to ask, reply, hand in, decline or return. The page says which."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        label: str,
        empty: str,
        hint: str = "",
        required: bool = True,
        limit: int = WORDS_LIMIT,
        too_long: str = WORDS_TOO_LONG,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["text"] = TypedText(
            label=label,
            help_text=hint,
            limit=limit,
            empty=empty,
            too_long=too_long,
            rows=5,
            required=required,
        )


def _introduce(person: User) -> str:
    return f"{person.name}, {person.job_title}" if person.job_title else person.name
