"""Fields for what is measured: figures, whom they are about, and web addresses."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from portal.forms.fields import TypedText, choice_field
from portal.text import clean_text

WHOLE_DIGITS, DECIMAL_PLACES = 9, 3
ADDRESS_LIMIT = 500
FIGURE = re.compile(r"(-?)([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
OTHER_GROUP = "other"
# The 19 groups of the census that government uses, in the words the NHS writes them short.
ETHNIC_GROUPS = (
    "Bangladeshi",
    "Chinese",
    "Indian",
    "Pakistani",
    "Any other Asian background",
    "Black African",
    "Black Caribbean",
    "Any other Black background",
    "White and Asian",
    "White and Black African",
    "White and Black Caribbean",
    "Any other mixed or multiple background",
    "White British",
    "White Irish",
    "Gypsy or Irish Traveller",
    "Roma",
    "Any other White background",
    "Arab",
    "Any other ethnic group",
)
NOT_STATED = "Not stated"


class FigureField(forms.CharField):
    """A number as people write it: 61, 66.4, 12,400 or -3; its unit stands in another box."""

    def __init__(self, *, label: str, subject: str, missing: str, **kwargs: Any) -> None:
        super().__init__(label=label, error_messages={"required": missing}, **kwargs)
        self.subject = subject

    def clean(self, value: Any) -> Decimal | None:  # type: ignore[override]
        typed = clean_text(super().clean(value)).replace("−", "-")
        if not typed:
            return None
        found = FIGURE.fullmatch(typed)
        if found is None:
            raise ValidationError(f"{self.subject} must be a number, like 61 or 66.4")
        sign, whole, decimals = found[1], found[2].replace(",", ""), found[3] or ""
        if len(whole.lstrip("0")) > WHOLE_DIGITS:
            raise ValidationError(f"{self.subject} must be less than 1,000,000,000")
        if len(decimals.rstrip("0")) > DECIMAL_PLACES:
            places = f"{DECIMAL_PLACES} decimal places or fewer"
            raise ValidationError(f"{self.subject} must have {places}")
        return Decimal(f"{sign}{whole}.{decimals or 0}")


class WebAddress(TypedText):
    """An address that starts with https:// or http:// and names nobody's password."""

    def __init__(self, *, label: str, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            limit=ADDRESS_LIMIT,
            empty="Enter a web address",
            too_long="The web address must be {limit} characters or fewer",
            widget=forms.TextInput(
                attrs={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}
            ),
            **kwargs,
        )

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and len(value) <= ADDRESS_LIMIT and not is_web_address(value):
            raise ValidationError(
                "Enter a web address that starts with https:// or http://, "
                "like https://www.example.org/minutes"
            )


def is_web_address(text: str) -> bool:
    try:
        URLValidator(schemes=["http", "https"])(text)
    except ValidationError:
        return False
    return "@" not in urlsplit(text).netloc


class PeopleMixin(forms.Form):
    """Whom a figure is about: all people, one ethnic group, or others in words."""

    ethnic_group = choice_field(
        "Which people is it about?",
        [
            ("", "All people"),
            *((group, group) for group in ETHNIC_GROUPS),
            (NOT_STATED, NOT_STATED),
            (OTHER_GROUP, "Other (say which)"),
        ],
        "Select which people it is about",
        widget=forms.Select,
        required=False,
    )
    other_group = TypedText(
        label="If other, which people?",
        help_text="For example, Black Caribbean compared with White British",
        limit=120,
        empty="Enter which people it is about",
        too_long="Which people it is about must be {limit} characters or fewer",
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_other = cleaned.get("ethnic_group") == OTHER_GROUP
        if is_other and not cleaned.get("other_group") and "other_group" not in self.errors:
            self.add_error("other_group", "Enter which people it is about")
        return cleaned

    @property
    def people(self) -> str:
        """As it is stored: empty for all people."""
        group: str = self.cleaned_data["ethnic_group"]
        return self.cleaned_data["other_group"] if group == OTHER_GROUP else group


def initial_people(stored: str) -> dict[str, str]:
    if not stored or stored in ETHNIC_GROUPS or stored == NOT_STATED:
        return {"ethnic_group": stored, "other_group": ""}
    return {"ethnic_group": OTHER_GROUP, "other_group": stored}


def initial_figure(stored: Decimal | None) -> str:
    return "" if stored is None else f"{stored.normalize():f}"
