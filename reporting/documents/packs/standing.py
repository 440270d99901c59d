"""Where the systems and the pack itself stand: the status of each, its check, its sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.documents.packs.facts import PackFacts
from reporting.documents.words import day, joined, short_day

NO_RATINGS = (
    "No community ratings in this cycle: every level in this pack is a system’s own view alone."
)
NO_ASKS = "No released assessment asked its Board for anything."
NOT_DECIDED = "No outcome is recorded yet."
BEING_CHECKED = (
    "This is a draft. The assessment leads and executive sponsors of the systems in it have five "
    "working days to say whether it gets their facts right. Their comments and the Health Equity "
    "Group’s replies are printed here when it is issued."
)


@dataclass(frozen=True)
class StatusRow:
    """Of an unreleased system nothing but how far it is and when its Board meets."""

    name: str
    status: str
    signed_off: str
    board: str
    released: str


@dataclass(frozen=True)
class OutcomeRow:
    """What one Board was asked, and what it decided."""

    system: str
    ask: str
    outcome: str


@dataclass(frozen=True)
class CommentRow:
    """What a system said of the draft, and what became of it."""

    system: str
    text: str
    reply: str
    changed: str


@dataclass(frozen=True)
class CheckBlock:
    words: str
    comments: tuple[CommentRow, ...]


@dataclass(frozen=True)
class SourceRow:
    name: str
    version: str
    compared_with: str
    record: str


def statuses(facts: PackFacts) -> tuple[StatusRow, ...]:
    return tuple(_status(system) for system in facts.systems)


def laid_out_sentence(facts: PackFacts) -> str:
    """Whose assessments stand here, and of whom there is nothing but a status."""
    released = joined([system["name"] for system in facts.released])
    words = f"Laid side by side: the released self-assessment{_s(facts.released)} of {released}."
    waiting = [
        f"{system['name']} ({system['status'][0].lower()}{system['status'][1:]})"
        for system in facts.systems
        if not system["released"]
    ]
    return f"{words} Not released: {joined(waiting)}." if waiting else words


def check_block(facts: PackFacts) -> CheckBlock:
    if not facts.is_issued:
        return CheckBlock(BEING_CHECKED, ())
    standing = facts.standing
    windows = joined([_window(window) for window in standing["checks"]])
    agreed = standing["agreed"]
    words = f"The systems in this pack checked its facts: {windows}."
    if agreed:
        words += f" {joined(agreed)} found nothing to correct."
    if not standing["comments"]:
        words += " Nobody asked for a correction."
    return CheckBlock(words, tuple(_comment(one) for one in standing["comments"]))


def sources(facts: PackFacts) -> tuple[SourceRow, ...]:
    """Which released assessments the pack is made of, and how to tell them again."""
    return tuple(
        SourceRow(
            name=system["name"],
            version=f"Version {released['version']}, "
            f"signed off on {day(released['signed_off_on'])}",
            compared_with=released["compared_with"] or "First cycle",
            record=released["digest"][:12],
        )
        for system in facts.released
        for released in [system["released"]]
    )


def outcomes(facts: PackFacts) -> tuple[OutcomeRow, ...]:
    return tuple(
        OutcomeRow(system["name"], f"{ask['wants']}: {ask['text']}", _outcome(ask))
        for system in facts.released
        for ask in system["released"]["asks"]
    )


def _outcome(ask: Mapping[str, Any]) -> str:
    if not ask["decision"]:
        return NOT_DECIDED
    words = f"{ask['decision']} on {day(ask['decided_on'])}"
    return f"{words}, minute {ask['minute_reference']}" if ask["minute_reference"] else words


def _status(system: Mapping[str, Any]) -> StatusRow:
    released = system["released"] or {}
    return StatusRow(
        name=system["name"],
        status=system["status"],
        signed_off=short_day(released.get("signed_off_on")) or "–",
        board=short_day(released.get("board_on")) or "–",
        released=short_day(released.get("released_on")) or "–",
    )


def _window(window: Mapping[str, Any]) -> str:
    return (
        f"version {window['version']} from {day(window['opened_on'])} to {day(window['closed_on'])}"
    )


def _comment(one: Mapping[str, Any]) -> CommentRow:
    changed = "The pack was changed." if one["changes_pack"] else "The pack was not changed."
    return CommentRow(one["system"], one["text"], one["reply"], changed)


def _s(rows: list[Any]) -> str:
    return "" if len(rows) == 1 else "s"
