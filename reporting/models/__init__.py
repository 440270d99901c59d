"""Papers made of what is frozen, and what stands around them."""

from reporting.models.papers import Cover, Report, ReportBytes, ReportQuerySet
from reporting.models.previews import Preview
from reporting.models.readings import Reading

__all__ = [
    "Cover",
    "Preview",
    "Reading",
    "Report",
    "ReportBytes",
    "ReportQuerySet",
]
