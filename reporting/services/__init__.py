"""What changes papers: their cover sheets, the making of them, and who has read them."""

from reporting.services.papers import StaleCover, make_report, save_cover
from reporting.services.readings import (
    BoardDateMissing,
    NobodyToTell,
    Superseded,
    say_read,
    tell_board,
)

__all__ = [
    "BoardDateMissing",
    "NobodyToTell",
    "StaleCover",
    "Superseded",
    "make_report",
    "save_cover",
    "say_read",
    "tell_board",
]
