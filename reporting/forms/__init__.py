"""The forms around papers: they clean what people type, and never save."""

from reporting.forms.cover import CoverForm
from reporting.forms.verify import VerifyForm

__all__ = ["CoverForm", "VerifyForm"]
