"""The fields that forms of people and organisations are made of: cleaned text, our sentences."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.text import clean_text, has_visible

HOW_TO_CHOOSE = (
    "Use 12 characters or more. Three random words are easy to remember and hard to guess"
)


class OneLine(forms.CharField):
    """A short text on one line, cleaned; text in which nothing can be seen counts as none."""

    def __init__(self, *, label: str, missing: str = "", limit: int, **kwargs: Any) -> None:
        kwargs.setdefault("required", bool(missing))
        subject = label.removesuffix(" (optional)")
        too_long = f"{subject} must be {limit} characters or fewer"
        errors = {"required": missing or f"Enter {subject.lower()}", "max_length": too_long}
        super().__init__(label=label, max_length=limit, error_messages=errors, **kwargs)

    def to_python(self, value: Any) -> str:
        text = " ".join(clean_text(super().to_python(value)).split())
        return text if has_visible(text) else ""


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
