"""The fields that forms are made of: cleaned text, choices, versions, in our sentences.

The apps above make their forms of these; what else is in portal.forms is the portal's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from portal.nhsuk import MaxCharacters
from portal.text import clean_text, has_visible

HOW_TO_CHOOSE = (
    "Use 12 characters or more. Three random words are easy to remember and hard to guess"
)
LARGEST_VERSION = 2**31 - 1
VERSION_MISSING = "The page did not say which version you were looking at. Open it again."


class TypedText(forms.CharField):
    """Text as people type or paste it: cleaned first, then counted as the page counts it.

    Text with nothing visible in it is refused in the words of `empty`, also where the field may
    be left empty. `too_long` may use {limit}; without it the label says what is too long.
    """

    def __init__(
        self,
        *,
        label: str,
        limit: int,
        empty: str,
        too_long: str = "",
        rows: int = 0,
        **kwargs: Any,
    ) -> None:
        if rows:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(label=label, error_messages={"required": empty}, **kwargs)
        too_long = too_long or f"{_subject(label)} must be {{limit}} characters or fewer"
        self.validators.append(MaxCharacters(limit, too_long))

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        text = clean_text(typed)
        if typed and typed.strip() and not has_visible(text):
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return text


class OneLine(TypedText):
    """The same, in which every run of white space is one space; optional unless `missing` is told.

    Some of them have several rows to type in.
    """

    def __init__(self, *, label: str, missing: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("required", bool(missing))
        unreadable = f"{_subject(label)} must include words that can be read"
        super().__init__(label=label, empty=missing or unreadable, **kwargs)

    def to_python(self, value: Any) -> str:
        return " ".join(super().to_python(value).split())


class EmailField(forms.EmailField):
    """An e-mail address in lower case, as the portal keeps them."""

    def __init__(self, *, label: str, missing: str, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
        )
        wrong = "Enter an e-mail address in the correct format, like name@example.org"
        errors = {
            "required": missing,
            "invalid": wrong,
            "max_length": "E-mail address must be 254 characters or fewer",
        }
        super().__init__(label=label, max_length=254, error_messages=errors, **kwargs)

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value)).lower()


def name_field(missing: str, **kwargs: Any) -> OneLine:
    return OneLine(label="Full name", missing=missing, limit=150, **kwargs)


def job_title_field() -> OneLine:
    return OneLine(label="Job title (optional)", limit=150)


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


def _subject(label: str) -> str:
    return label.removesuffix(" (optional)")
