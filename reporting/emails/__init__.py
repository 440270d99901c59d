"""Mail about papers and packs: what to read or to check, by when, and a link. Never the words."""

from reporting.emails.packs import check_closing, check_opened, issued, replied
from reporting.emails.papers import board_paper_ready

__all__ = ["board_paper_ready", "check_closing", "check_opened", "issued", "replied"]
