"""Why a service about packs would not do what was asked, each reason by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assessments.services import Refusal

if TYPE_CHECKING:
    from reporting.models import PackComment


class NothingReleased(Refusal):
    sentence = "No system has released its assessment in this cycle yet."


class StalePack(Refusal):
    sentence = "Somebody else has drafted a newer version since you opened this page."


class CheckOpen(Refusal):
    sentence = (
        "The factual check is still open. Draft again when it has closed, so that everybody "
        "comments on the same version."
    )


class DraftNotReady(Refusal):
    sentence = "The draft is still being made. Open the check when it can be read."


class CheckClosed(Refusal):
    sentence = "The factual check of this draft is not open."


class AlreadyIssued(Refusal):
    sentence = "This pack has been issued."


class StaleReply(Refusal):
    """Another member of the group replied first; `current` is theirs."""

    sentence = "Somebody else has replied to this comment since you opened it."

    def __init__(self, current: PackComment) -> None:
        super().__init__()
        self.current = current


class NotChecked(Refusal):
    sentence = "A pack is issued when every system in it has had its five working days to check it."


class Unanswered(Refusal):
    sentence = "Reply to every comment before you issue the pack."


class ChangePromised(Refusal):
    sentence = "You replied that a comment changes the pack. Draft it again before you issue it."
