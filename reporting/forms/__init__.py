"""The forms around papers: they clean what people type, and never save."""

from reporting.forms.cover import CoverForm

__all__ = ["CoverForm"]
