"""What changes papers and packs: covers, the making of them, checks, and who has read them."""

from reporting.services.packs import (
    comment_on_pack,
    draft_pack,
    issue_pack,
    make_pack_paper,
    open_check,
    remind_of_checks,
    reply_to_comment,
)
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
from reporting.services.redaction import (
    redact_answer,
    redact_evidence,
    redact_report,
    redact_words,
)
from reporting.services.refusals import (
    AlreadyIssued,
    ChangePromised,
    CheckClosed,
    CheckOpen,
    DraftNotReady,
    NotChecked,
    NothingReleased,
    StalePack,
    StaleReply,
    Unanswered,
)

__all__ = [
    "AlreadyIssued",
    "BoardDateMissing",
    "ChangePromised",
    "CheckClosed",
    "CheckOpen",
    "DraftNotReady",
    "NobodyToTell",
    "NotChecked",
    "NothingReleased",
    "StaleCover",
    "StalePack",
    "StaleReply",
    "StillBeingMade",
    "Superseded",
    "Unanswered",
    "ask_for_preview",
    "comment_on_pack",
    "draft_pack",
    "issue_pack",
    "make_pack_paper",
    "make_preview",
    "make_report",
    "open_check",
    "redact_answer",
    "redact_evidence",
    "redact_report",
    "redact_words",
    "remind_of_checks",
    "reply_to_comment",
    "save_cover",
    "say_read",
    "sweep_previews",
    "tell_board",
]
