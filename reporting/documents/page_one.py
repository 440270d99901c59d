"""Page one: what the Board is asked, the lead's messages, and what the record says by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.documents.asks import Asks, asks
from reporting.documents.community import NO_RATINGS, disagreements, is_rated
from reporting.documents.looks import level_look
from reporting.documents.plan import PlanBlock, plan_block
from reporting.documents.source import Source
from reporting.documents.standing import named
from reporting.documents.steps import all_steps, is_done, is_overdue, step_row
from reporting.documents.words import counted, joined, sentence, shortened

_STEP = 90
"""Characters of an overdue step's own words that are quoted."""


@dataclass(frozen=True)
class RecordFact:
    """A line that nobody wrote: the record says it."""

    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PageOne:
    asks: Asks
    messages: tuple[str, ...]
    record: tuple[RecordFact, ...]
    plan: PlanBlock | None


def page_one(source: Source) -> PageOne:
    longest = source.limits.message
    return PageOne(
        asks=asks(source),
        messages=tuple(shortened(text, longest) for text in source.document["messages"]),
        record=(
            RecordFact("Lowest actions", (_lowest(source),)),
            RecordFact("Falls", (_falls(source),)),
            RecordFact("Largest disagreements", _disagreements(source)),
            RecordFact("Steps without owner, money or date", (_lacking_steps(source),)),
            RecordFact("Overdue steps", (_overdue_steps(source),)),
        ),
        plan=plan_block(source),
    )


def _lowest(source: Source) -> str:
    levels = [i["level"] for i in source.actions if i["applicable"] and i["level"] is not None]
    if not levels:
        return "No action is assessed."
    low = min(levels)
    there = [item for item in source.actions if item["applicable"] and item["level"] == low]
    look = level_look(low, source.names)
    return f"{look.symbol} {look.words}: {_some([named(item) for item in there], source)}."


def _falls(source: Source) -> str:
    if not source.earlier:
        return "This is the first cycle."
    fallen = [item for item in source.actions if item["movement"]["kind"] == "down"]
    return f"{_some([_fall(item, source) for item in fallen], source)}." if fallen else "None."


def _fall(item: Mapping[str, Any], source: Source) -> str:
    move = item["movement"]
    how = f" ({move['how']})" if move["how"] else ""
    before, now = source.names[move["previous_level"]], source.names[item["level"]]
    return f"{named(item)}, from {before} to {now}{how}"


def _disagreements(source: Source) -> tuple[str, ...]:
    """A line each, the largest first: what we say, what they say, on how many ratings."""
    if not is_rated(source):
        return (f"{NO_RATINGS}.",)
    found = disagreements(source.items, source.names)
    if not found:
        return ("None: where there are enough ratings, they agree with the organisation.",)
    listed = source.limits.listed
    lines = [f"{one.code} {one.name}: {one.short}." for one in found[:listed]]
    more = len(found) - listed
    return (*lines[:-1], f"{lines[-1]} And {more} more.") if more > 0 else tuple(lines)


def _lacking_steps(source: Source) -> str:
    pairs = [(item, step) for item, step in all_steps(source) if not is_done(step)]
    rows = [step_row(item, step, source.signed_on) for item, step in pairs]
    lacking = [f"{row.code} (no {joined(row.lacks, 'or')})" for row in rows if row.lacks]
    if not pairs:
        return "No improvement steps are open."
    if not lacking:
        return "None."
    return f"{len(lacking)} of {counted(len(pairs), 'open step')}: {_some(lacking, source)}."


def _overdue_steps(source: Source) -> str:
    late = [
        f"{item['code']}, {shortened(step['what'].rstrip('.'), _STEP)}"
        for item, step in all_steps(source)
        if is_overdue(step, source.signed_on)
    ]
    told = f"{counted(len(late), 'step')}: {_some(late, source)}"
    return sentence(told) if late else "None."


def _some(words: list[str], source: Source) -> str:
    """The first few, and how many more there are."""
    listed = source.limits.listed
    more = len(words) - listed
    return "; ".join(words[:listed]) + (f"; and {more} more" if more > 0 else "")
