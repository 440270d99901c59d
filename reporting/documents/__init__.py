"""What stands on each page of a paper: pure view-models of a snapshot's document and a cover."""

from reporting.documents.attachments import attachments
from reporting.documents.papers import Paper, paper
from reporting.documents.source import (
    AMPLE,
    LADDER,
    TIGHT,
    TIGHTEST,
    FrameworkTexts,
    Identity,
    Limits,
    Source,
    Text,
)

__all__ = [
    "AMPLE",
    "LADDER",
    "TIGHT",
    "TIGHTEST",
    "FrameworkTexts",
    "Identity",
    "Limits",
    "Paper",
    "Source",
    "Text",
    "attachments",
    "paper",
]
