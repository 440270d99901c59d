"""What every form here shares: our own error messages only, counted limits, and the summary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.core.validators import ProhibitNullCharactersValidator
from django.forms.boundfield import BoundField
from django.utils.deconstruct import deconstructible
from django.utils.safestring import SafeString

from portal.nhsuk.components import component
from portal.nhsuk.fields import first_error, target


def default_messages(field: forms.Field) -> list[str]:
    """The codes under which this field would still show a sentence of Django's own."""
    own = field.error_messages
    codes = {code for code, message in _django_messages(field) if own[code] == message}
    if not field.required:
        codes.discard("required")
    if isinstance(field, forms.FileField):
        codes -= _idle_file_codes(field)
    for validator in field.validators:
        code = getattr(validator, "code", None)
        if _speaks_django(validator) and code not in own:
            codes.add(str(code))
    return sorted(codes)


def _django_messages(field: forms.Field) -> Iterator[tuple[str, Any]]:
    for kind in type(field).__mro__:
        if kind.__module__.startswith("django."):
            yield from kind.__dict__.get("default_error_messages", {}).items()


def _idle_file_codes(field: forms.FileField) -> set[str]:
    """What this file field has no way to say: there is no limit, or no box that clears."""
    idle = set() if field.max_length else {"max_length"}
    clears = isinstance(field.widget, forms.ClearableFileInput) and not field.required
    return idle if clears else idle | {"contradiction"}


def _speaks_django(validator: Any) -> bool:
    kind = type(validator)
    if isinstance(validator, ProhibitNullCharactersValidator):
        return False  # the mixin has a sentence for it
    if not kind.__module__.startswith("django."):
        return False
    return bool(validator.message == kind.message)


def _refuse_default_messages(form: str, fields: dict[str, forms.Field]) -> None:
    lacking = [
        f'{name}: error_messages for "{code}"'
        for name, field in fields.items()
        for code in default_messages(field)
    ]
    if lacking:
        message = f"{form} would show Django's own messages. Set {'; '.join(lacking)}"
        raise ImproperlyConfigured(message)


class NHSFormMixin:
    """Refuses a form that could show one of Django's own messages; goes before the form class.

    Fields declared on a class are looked at when the class is made, fields added in __init__
    when data is checked.
    """

    fields: dict[str, forms.Field]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        _refuse_default_messages(cls.__name__, cls.__dict__.get("declared_fields", {}))

    def full_clean(self) -> None:
        _refuse_default_messages(type(self).__name__, self.fields)
        for name, field in self.fields.items():
            subject = field.label or name.replace("_", " ").capitalize()
            message = f"{subject} must not include characters that cannot be shown"
            field.error_messages.setdefault("null_characters_not_allowed", message)
        super().full_clean()  # type: ignore[misc]


class NHSForm(NHSFormMixin, forms.Form):
    """The base of every form of ours."""


@deconstructible
class MaxWords:
    """At most so many words, counted as the page counts them; the message may use {limit}."""

    count_type = "words"

    def __init__(self, limit: int, message: str) -> None:
        self.limit = limit
        self.message = message

    def __call__(self, value: str) -> None:
        if self.count(value) > self.limit:
            raise forms.ValidationError(self.message.format(limit=self.limit), code=self.count_type)

    @staticmethod
    def count(value: str) -> int:
        return len(re.findall(r"\S+", value))


class MaxCharacters(MaxWords):
    """At most so many characters; a line break is one, as on the page, whatever was sent."""

    count_type = "characters"

    @staticmethod
    def count(value: str) -> int:
        return len(value.replace("\r\n", "\n"))


def error_summary(*of: Any) -> SafeString:
    """The "There is a problem" box of one or more forms or formsets; empty without errors."""
    items = [item for form in of for item in _problems(form)]
    if not items:
        return SafeString("")
    return component("error-summary", {"heading": "There is a problem", "errorList": items})


def has_errors(*of: Any) -> bool:
    """Whether any of the forms, formsets, lists of them, or flags is in error."""
    for one in of:
        if isinstance(one, list | tuple):
            if has_errors(*one):
                return True
        elif isinstance(one, forms.BaseForm | forms.BaseFormSet):
            if one.is_bound and not one.is_valid():
                return True
        elif one:
            return True
    return False


def _problems(form: Any) -> Iterator[dict[str, str]]:
    if isinstance(form, forms.BaseFormSet):
        if form.is_bound:
            yield from ({"text": str(error)} for error in form.non_form_errors())
        for member in form.forms:
            yield from _problems(member)
        return
    yield from ({"text": str(error)} for error in form.non_field_errors())
    for bound in form:
        if bound.errors:
            yield _problem(bound)


def _problem(bound: BoundField) -> dict[str, str]:
    item = {"text": first_error(bound)}
    return item if bound.is_hidden else {**item, "href": f"#{target(bound)}"}
