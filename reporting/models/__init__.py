"""Papers made of what is frozen, and what stands around them."""

from reporting.models.packs import (
    CHECKERS,
    FactualCheck,
    Pack,
    PackComment,
    PackIssue,
    PackSource,
)
from reporting.models.papers import Cover, Report, ReportBytes, ReportQuerySet
from reporting.models.previews import Preview
from reporting.models.readings import Reading

__all__ = [
    "CHECKERS",
    "Cover",
    "FactualCheck",
    "Pack",
    "PackComment",
    "PackIssue",
    "PackSource",
    "Preview",
    "Reading",
    "Report",
    "ReportBytes",
    "ReportQuerySet",
]
