"""The form that narrows the Activity page."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.nhsuk import DateField, NHSForm


class ActivityFilter(NHSForm):
    """What was done, and between which days."""

    verb = forms.ChoiceField(
        label="What was done",
        required=False,
        error_messages={"invalid_choice": "Choose what was done from the list"},
    )
    since = DateField(label="From (optional)", subject="From", required=False)
    until = DateField(label="To (optional)", subject="To", required=False)

    def __init__(self, *args: Any, verbs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["verb"].choices = [("", "Everything"), *verbs]

    def clean(self) -> dict[str, Any]:
        wanted = super().clean() or {}
        since, until = wanted.get("since"), wanted.get("until")
        if since and until and until < since:
            self.add_error("until", "To must be the same as or after From")
        return wanted
