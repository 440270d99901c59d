"""A date as the NHS asks for one: day, month and year typed apart, each with its own error."""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField

PARTS = ("day", "month", "year")
MONTH_NAMES = {name.lower()[:3]: n for n, name in enumerate(calendar.month_name) if name}
YEARS = range(1900, 2200)  # a year outside is a slip of the finger, not a date anyone plans for


class DateWidget(forms.Widget):
    """Three text inputs named <field>_day, <field>_month and <field>_year."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[str]:
        return [str(data.get(f"{name}_{part}", "")).strip() for part in PARTS]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return all(f"{name}_{part}" not in data for part in PARTS)

    def decompress(self, value: Any) -> list[str]:
        """What the three inputs show: what was typed, or a stored date."""
        if isinstance(value, datetime.date):
            return [str(value.day), str(value.month), str(value.year)]
        return list(value) if value else ["", "", ""]


class DateField(forms.Field):
    """A date; months may be numbers or names. Messages start with the field's subject or label."""

    widget = DateWidget
    default_error_messages: ClassVar[dict[str, str]] = {
        "incomplete": "{subject} must include a {parts}",
        "year": "Year must include 4 numbers",
        "invalid": "{subject} must be a real date",
    }

    def __init__(self, *, subject: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject = subject

    def to_python(self, value: Any) -> datetime.date | None:
        if value is None or isinstance(value, datetime.date):
            return value
        typed = dict(zip(PARTS, value, strict=True))
        missing = [part for part in PARTS if not typed[part]]
        if len(missing) == len(PARTS):
            return None
        if missing:
            raise self._error("incomplete", missing)
        return self._real_date(typed)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.widget.decompress(initial) != self.widget.decompress(data)

    def _real_date(self, typed: dict[str, str]) -> datetime.date:
        day, month = _number(typed["day"]), _month(typed["month"])
        wrong = []
        if not 1 <= day <= 31:
            wrong.append("day")
        if not 1 <= month <= 12:
            wrong.append("month")
        if len(typed["year"]) != 4 or not _number(typed["year"]):
            # With a day or month wrong as well, the one message is that it is no date.
            raise self._error("invalid" if wrong else "year", [*wrong, "year"])
        year = _number(typed["year"])
        if year not in YEARS:
            wrong.append("year")
        if wrong:
            raise self._error("invalid", wrong)
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise self._error("invalid", PARTS) from None

    def _error(self, code: str, parts: list[str] | tuple[str, ...]) -> forms.ValidationError:
        subject = self.subject or str(self.label or "Date")
        message = self.error_messages[code].format(subject=subject, parts=" and ".join(parts))
        return forms.ValidationError(
            message.replace("%", "%%"), code=code, params={"parts": tuple(parts)}
        )


def parts_in_error(bound: BoundField) -> tuple[str, ...]:
    """The parts the first error is about; none where it is about the date as a whole."""
    errors = bound.errors.as_data()
    params = errors[0].params if errors else None
    return params.get("parts", ()) if params else ()


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) <= 4 else 0


def _month(typed: str) -> int:
    number = _number(typed)
    name = typed.lower().rstrip(".")
    if number or len(name) < 3:
        return number
    month = MONTH_NAMES.get(name[:3], 0)
    return month if calendar.month_name[month].lower().startswith(name) else 0
