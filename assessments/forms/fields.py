"""Fields the forms of this app are made of: cleaned text, choices, versions, in our words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from portal.nhsuk import MaxCharacters
from portal.text import clean_text, has_visible

LARGEST_VERSION = 2**31 - 1
VERSION_MISSING = "The page did not say which version you were looking at. Open it again."


class TypedText(forms.CharField):
    """Text as people type or paste it: cleaned first, then counted as the page counts it.

    Text with nothing visible in it is refused in the words of `required`, also where the field may
    be left empty. `too_long` may use {limit}.
    """

    def __init__(
        self, *, limit: int, empty: str, too_long: str, rows: int = 0, **kwargs: Any
    ) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(error_messages={"required": empty}, **kwargs)
        self.validators.append(MaxCharacters(limit, too_long))

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


def choice_field(
    label: str,
    choices: Iterable[tuple[Any, str]],
    message: str,
    *,
    widget: Any = forms.RadioSelect,
    **kwargs: Any,
) -> forms.ChoiceField:
    """One of some choices; nothing chosen and nonsense chosen get the same sentence."""
    return forms.ChoiceField(
        label=label,
        choices=list(choices),
        widget=widget,
        error_messages={"required": message, "invalid_choice": message},
        **kwargs,
    )
