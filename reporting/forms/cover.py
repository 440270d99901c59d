"""The cover sheet's form: it cleans what people type, and never saves."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from portal.nhsuk import DateField, MaxCharacters, NHSForm
from portal.text import clean_text, has_visible
from reporting.models import Cover

LARGEST_VERSION = 2**31 - 1
VERSION_MISSING = "The page did not say which version you were looking at. Open it again."
PURPOSE_UNKNOWN = "Select what the Board is to do with the paper"


class Line(forms.CharField):
    """Words on the cover sheet: cleaned, on one line, and visible where there are any."""

    def __init__(self, label: str, *, limit: int, hint: str = "", rows: int = 0) -> None:
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        super().__init__(label=label, required=False, help_text=hint, widget=widget)
        self.error_messages["invisible"] = f"{label} must include words that can be read"
        too_long = f"{label} must be {limit} characters or fewer"
        self.validators.append(MaxCharacters(limit, too_long))

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        text = re.sub(r"\s+", " ", clean_text(typed))
        if text and not has_visible(text):
            raise forms.ValidationError(self.error_messages["invisible"], code="invisible")
        return text


class CoverForm(NHSForm):
    """Everything the cover sheet says that the record does not."""

    title = Line(
        "Title of the paper",
        limit=200,
        hint="If you leave it empty: Anti-racism and ethnic health inequalities: our progress",
    )
    board_name = Line("Board", limit=200, hint="The full name of the Board or committee")
    board_on = DateField(
        label="Date of the meeting",
        help_text="For example, 27 1 2027. The assessment is released once this day has passed",
        subject="Date of the meeting",
        required=False,
    )
    agenda_item = Line("Agenda item", limit=40)
    purpose = forms.ChoiceField(
        label="Purpose",
        choices=Cover.Purpose.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": PURPOSE_UNKNOWN},
    )
    author = Line("Author", limit=200, hint="Name and role")
    strategic_objectives = Line("Strategic objectives", limit=500, rows=3)
    assurance_framework = Line(
        "Board Assurance Framework", limit=500, rows=3, hint="The risks this paper bears on"
    )
    previously_considered = Line("Previously considered at", limit=500, rows=3)
    version = forms.IntegerField(
        min_value=0,
        max_value=LARGEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"), VERSION_MISSING
        ),
    )
