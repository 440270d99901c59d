"""What stands on each page of a London pack: pure view-models of its frozen document."""

from reporting.documents.packs.attachments import pack_attachments, pack_rows
from reporting.documents.packs.facts import PackFacts
from reporting.documents.packs.papers import PackPaper, pack_paper

__all__ = ["PackFacts", "PackPaper", "pack_attachments", "pack_paper", "pack_rows"]
