"""The one door to NHS component markup: components, form fields, form base and layout objects."""

from portal.nhsuk.components import component

__all__ = ["component"]
