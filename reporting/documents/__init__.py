"""What stands on each page of a paper: pure view-models of a snapshot's document and a cover."""

from reporting.documents.attachments import attachments
from reporting.documents.papers import Paper, paper
from reporting.documents.source import (
    AMPLE,
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
