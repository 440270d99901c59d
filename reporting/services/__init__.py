"""What changes papers: their cover sheets, the making of them, and who has read them."""

from reporting.services.papers import StaleCover, make_report, save_cover
from reporting.services.previews import (
    StillBeingMade,
    ask_for_preview,
    make_preview,
    sweep_previews,
)
from reporting.services.readings import (
    BoardDateMissing,
    NobodyToTell,
    Superseded,
    say_read,
    tell_board,
)
from reporting.services.redaction import redact_answer, redact_evidence, redact_report

__all__ = [
    "BoardDateMissing",
    "NobodyToTell",
    "StaleCover",
    "StillBeingMade",
    "Superseded",
    "ask_for_preview",
    "make_preview",
    "make_report",
    "redact_answer",
    "redact_evidence",
    "redact_report",
    "save_cover",
    "say_read",
    "sweep_previews",
    "tell_board",
]
