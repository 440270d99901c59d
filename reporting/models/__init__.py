"""Papers made of what is frozen, and what stands around them."""

from reporting.models.papers import Cover, Report, ReportBytes, ReportQuerySet

__all__ = ["Cover", "Report", "ReportBytes", "ReportQuerySet"]
