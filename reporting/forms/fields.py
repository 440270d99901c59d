"""Fields that the forms around packs share: words of several lines, and the version seen."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.nhsuk import MaxCharacters
from portal.text import clean_text, has_visible

LARGEST_VERSION = 2**31 - 1
VERSION_MISSING = "The page did not say which version you were looking at. Open it again."


class Words(forms.CharField):
    """Typed words, cleaned first and then counted; `empty` is told where none can be seen."""

    def __init__(
        self, label: str, *, limit: int, empty: str, rows: int = 5, hint: str = "", **kwargs: Any
    ) -> None:
        super().__init__(
            label=label,
            help_text=hint,
            widget=forms.Textarea(attrs={"rows": rows}),
            error_messages={"required": empty},
            **kwargs,
        )
        self.validators.append(MaxCharacters(limit, f"{label} must be {limit} characters or fewer"))

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        text = clean_text(typed)
        if typed and typed.strip() and not has_visible(text):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return text


def version_field() -> forms.IntegerField:
    """The version that the page was made from, carried in the form."""
    codes = ("required", "invalid", "min_value", "max_value")
    return forms.IntegerField(
        min_value=0,
        max_value=LARGEST_VERSION,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(codes, VERSION_MISSING),
    )
