"""Where the organisation stands as a whole: overall, since last time, and what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from reporting.documents.source import Source
from reporting.documents.words import counted, joined

EMBEDDED = 3
_ORDER = {
    "up": "up",
    "down": "down",
    "same": "the same",
    "newly assessed": "newly assessed",
    "no longer assessed": "no longer assessed",
    "not comparable": "not comparable",
}
_HOWS = ("with new evidence", "re-judged", "reconfirmed")


def overall_sentence(source: Source) -> str:
    """ "7 of 25 actions are Embedded or better; 2 are not assessed." """
    applicable = [item for item in source.actions if item["applicable"]]
    levels = [item["level"] for item in applicable]
    high = sum(level is not None and level >= EMBEDDED for level in levels)
    words = f"{high} of {counted(len(levels), 'action')} {_are(high)} "
    words += f"{source.names[EMBEDDED]} or better"
    gaps = levels.count(None)
    words += f"; {gaps} {_are(gaps)} not assessed" if gaps else "; every action is assessed"
    exempt = sum(not item["applicable"] for item in source.actions)
    return f"{words}; {exempt} {_do(exempt)} not apply." if exempt else f"{words}."


def movement_sentence(source: Source) -> str:
    """How the 25 actions moved since the cycle before, as counts."""
    if not source.earlier:
        return "This is the first cycle: there is nothing yet to compare it with."
    counts = movement_counts(source.actions)
    if not counts:
        return f"Nothing can be compared with the {source.last_cycle}."
    return f"Since the {source.last_cycle}: {joined(counts)}."


def movement_counts(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """["3 up (2 with new evidence, 1 re-judged)", "1 down (re-judged)", …]."""
    moves = [item["movement"] for item in items]
    words = []
    for kind, name in _ORDER.items():
        hows = Counter(move["how"] for move in moves if move["kind"] == kind)
        number = sum(hows.values())
        if number:
            words.append(f"{number} {name}{_how_words(hows, number)}")
    return words


def unknown_sentence(source: Source) -> str:
    """What the record does not know, in one line for the cover."""
    items = [item for item in source.items if item["applicable"]]
    unrated = sum(not item.get("community") for item in source.actions)
    gaps = sum(item["level"] is None for item in items)
    weak = sum(rests_on_a_statement(item) for item in items)
    parts = [
        f"{counted(gaps, 'item')} {'is' if gaps == 1 else 'are'} not assessed" if gaps else "",
        f"{counted(weak, 'level')} {'rests' if weak == 1 else 'rest'} on a statement alone"
        if weak
        else "",
        _unrated_words(unrated, len(list(source.actions))),
    ]
    known = [part for part in parts if part]
    return f"Not known: {joined(known)}." if known else "Every level has been looked at."


def _unrated_words(unrated: int, actions: int) -> str:
    if not unrated:
        return ""
    if unrated == actions:
        return "no level has been tested by a community rating"
    return f"{counted(unrated, 'action')} {'has' if unrated == 1 else 'have'} no community rating"


def rests_on_a_statement(item: Mapping[str, Any]) -> bool:
    """A level above 0 with nothing behind it but a statement, or nothing at all."""
    return bool(item["level"]) and all(entry["strength"] == "D" for entry in item["evidence"])


def rests_on_old_evidence(item: Mapping[str, Any]) -> bool:
    """A level above 0 all of whose evidence was stale at sign-off."""
    evidence = item["evidence"]
    return bool(item["level"]) and bool(evidence) and all(e["is_stale"] for e in evidence)


def named(item: Mapping[str, Any]) -> str:
    return f"{item['code']} {item['short_name']}"


def _how_words(hows: Counter[str], number: int) -> str:
    known = [how for how in _HOWS if hows[how]]
    if not known:
        return ""
    if len(known) == 1 and hows[known[0]] == number:
        return f" ({known[0]})"
    return f" ({', '.join(f'{hows[how]} {how}' for how in known)})"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _do(number: int) -> str:
    return "does" if number == 1 else "do"
