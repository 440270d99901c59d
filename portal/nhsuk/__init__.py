"""The one door to NHS component markup: components, form fields, form base and layout objects."""

from portal.nhsuk.components import component
from portal.nhsuk.dates import DateField, DateWidget
from portal.nhsuk.fields import field
from portal.nhsuk.forms import (
    MaxCharacters,
    MaxWords,
    NHSForm,
    NHSFormMixin,
    default_messages,
    error_summary,
    has_errors,
)
from portal.nhsuk.layout import ButtonGroup, Markup, NHSButton, NHSField, nhs_helper

__all__ = [
    "ButtonGroup",
    "DateField",
    "DateWidget",
    "Markup",
    "MaxCharacters",
    "MaxWords",
    "NHSButton",
    "NHSField",
    "NHSForm",
    "NHSFormMixin",
    "component",
    "default_messages",
    "error_summary",
    "field",
    "has_errors",
    "nhs_helper",
]
