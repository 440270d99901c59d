"""The forms around papers and packs: they clean what people type, and never save."""

from reporting.forms.cover import CoverForm
from reporting.forms.packs import CommentForm, DraftForm, ReplyForm, VersionForm
from reporting.forms.verify import VerifyForm

__all__ = ["CommentForm", "CoverForm", "DraftForm", "ReplyForm", "VerifyForm", "VersionForm"]
