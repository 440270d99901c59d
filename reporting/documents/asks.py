"""What the Board is asked, and what became of what it was asked before.

A snapshot's document holds `asks` and `previous_asks` since its schema 2; older ones hold neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.documents.source import Source
from reporting.documents.words import counted, day, joined, sentence, shortened

NO_ASKS = "No asks of the Board are recorded with this paper."
NO_EARLIER_ASKS = "No earlier asks are recorded."
FIRST_CYCLE = "This is the first cycle: nothing was asked before."
_DEFERRED = "deferred"
_ASKED_TO = {
    "decide": "decide on {}",
    "assure": "be assured on {}",
    "support": "support {}",
    "note": "note {}",
}


@dataclass(frozen=True)
class Ask:
    wants: str
    text: str


@dataclass(frozen=True)
class EarlierAsk:
    """An earlier ask with its outcome as known at sign-off; `cycle` unless the heading names it."""

    cycle: str
    wants: str
    text: str
    outcome: str
    words: str
    is_open: bool


@dataclass(frozen=True)
class Asks:
    """`nothing` and `nothing_earlier` are the lines printed where there is none."""

    asks: tuple[Ask, ...]
    nothing: str
    purpose: str
    earlier: tuple[EarlierAsk, ...]
    earlier_cycle: str
    """The cycle of all earlier asks; empty where they come from several."""
    more_earlier: str
    nothing_earlier: str


def asks(source: Source) -> Asks:
    document = source.document
    found = tuple(Ask(row["wants_name"], row["text"]) for row in document.get("asks", ()))
    before = list(document.get("previous_asks", ()))
    shown, longest = before[: source.limits.earlier_asks], source.limits.earlier_ask
    cycles = {row["cycle_name"] for row in before}
    earlier = tuple(_earlier(row, longest, named=len(cycles) > 1) for row in shown)
    left = len(before) - len(shown)
    return Asks(
        asks=found,
        nothing="" if found else NO_ASKS,
        purpose=purpose_words(source),
        earlier=earlier,
        earlier_cycle="" if len(cycles) != 1 else cycles.pop(),
        more_earlier=f"{counted(left, 'more ask')}: see the full report." if left else "",
        nothing_earlier="" if earlier else _no_earlier(source),
    )


def ask_sentence(source: Source) -> str:
    """In short: "The Board is asked to decide on 2 matters and note 1." """
    wanted = [row["wants"] for row in source.document.get("asks", ())]
    if not wanted:
        return f"{NO_ASKS} {purpose_words(source)}"
    parts: list[str] = []
    for wants, words in _ASKED_TO.items():
        number = wanted.count(wants)
        if number:
            parts.append(words.format(number if parts else counted(number, "matter")))
    return f"The Board is asked to {joined(parts)}. {purpose_words(source)}"


def purpose_words(source: Source) -> str:
    purpose = source.cover.get("purpose_name")
    if not purpose:
        return "Its purpose is not recorded."
    return f"The paper is tabled {purpose[0].lower()}{purpose[1:]}."


def _no_earlier(source: Source) -> str:
    return NO_EARLIER_ASKS if source.earlier else FIRST_CYCLE


def _earlier(row: Mapping[str, Any], longest: int, *, named: bool) -> EarlierAsk:
    outcome = row["outcome"]
    return EarlierAsk(
        cycle=row["cycle_name"] if named else "",
        wants=row["wants_name"],
        text=shortened(row["text"].rstrip("."), longest),
        outcome=_outcome_words(outcome, longest),
        words=shortened(sentence(outcome["words"]), longest) if outcome else "",
        is_open=outcome is None or outcome["decision"] == _DEFERRED,
    )


def _outcome_words(outcome: Mapping[str, Any] | None, longest: int) -> str:
    if outcome is None:
        return "No outcome is recorded."
    reference = shortened(outcome["minute_reference"], longest)
    minute = f", minute {reference}" if reference else ""
    return f"{outcome['decision_name']} on {day(outcome['decided_on'])}{minute}."
