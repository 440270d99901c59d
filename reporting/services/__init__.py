"""What changes papers: their cover sheets, and the making of them."""

from reporting.services.papers import LeaseLost, StaleCover, make_report, save_cover

__all__ = ["LeaseLost", "StaleCover", "make_report", "save_cover"]
