"""The organisation's own Board-approved plan and its measures: from, to, and where they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reporting.charts import MeasurePoint, measure_chart
from reporting.documents.drawings import NOTHING_DRAWN, Drawing, drawing_alone
from reporting.documents.looks import Look
from reporting.documents.source import Source
from reporting.documents.words import counted, day, figure, joined, sentence, short_day, shortened

AWAY = Look("▼", "Moved away from the target")
UNCHANGED = Look("=", "No change")
NEARER = Look("▲", "Moved towards the target")
UNKNOWN = Look("–", "Not yet known")
REACHED = Look("●", "Target reached")
_TELLING = (AWAY, UNCHANGED, NEARER, UNKNOWN, REACHED)
"""What a Board needs to be told first."""


@dataclass(frozen=True)
class MeasureRow:
    """A measure of the plan, every figure with its date."""

    name: str
    about: str
    baseline: str
    baseline_on: str
    latest: str
    latest_on: str
    target: str
    target_on: str
    standing: Look
    note: str
    source: str
    drawing: Drawing


@dataclass(frozen=True)
class Priority:
    code: str
    name: str
    why: str


@dataclass(frozen=True)
class PlanBlock:
    title: str
    facts: str
    url: str
    summary: str
    puts_first: str
    priorities: tuple[Priority, ...]
    measures: tuple[MeasureRow, ...]
    standing: str
    more: str


def plan_block(source: Source) -> PlanBlock | None:
    """The plan as frozen at sign-off; None where none is recorded."""
    plan = source.document["plan"]
    if plan is None:
        return None
    drawn = source.identity.is_full
    shown, left = _most_telling(plan["measures"], source.limits.measures)
    first = [row["code"] for row in plan["priorities"]]
    return PlanBlock(
        title=shortened(plan["title"], source.limits.name) or "Our plan",
        facts=_facts(plan),
        url=plan["url"],
        summary=plan["summary"],
        puts_first=f"It puts first {joined(first)}." if first else "It names no priorities.",
        priorities=tuple(
            Priority(row["code"], row["short_name"], row["why"]) for row in plan["priorities"]
        ),
        measures=tuple(_measure(row, source, drawn=drawn) for row in shown),
        standing=_measures_stand(plan["measures"]),
        more=_more(left),
    )


def _most_telling(rows: Sequence[Any], most: int) -> tuple[list[Any], list[Any]]:
    """As many as there is room for, in the plan's order, and the others.

    What moved away from its target comes before what did not move, and what reached it last.
    """
    by_telling = sorted(range(len(rows)), key=lambda place: _TELLING.index(_standing(rows[place])))
    shown, left = sorted(by_telling[:most]), by_telling[most:]
    return [rows[place] for place in shown], [rows[place] for place in left]


def _more(left: Sequence[Any]) -> str:
    """How many are left out, and where they stand: a Board is told of each fall."""
    if not left:
        return ""
    return f"{counted(len(left), 'more measure')} ({_stand(left)}): see the full report."


def _measures_stand(rows: Sequence[Any]) -> str:
    return f"It has {counted(len(rows), 'measure')}: {_stand(rows)}." if rows else ""


def _stand(rows: Sequence[Any]) -> str:
    """ "2 moved towards the target and 1 not yet known"; the number only where they differ."""
    stand = Counter(_standing(row).words.lower() for row in rows)
    if len(stand) == 1:
        return next(iter(stand))
    return joined([f"{number} {words}" for words, number in stand.items()])


def _facts(plan: Mapping[str, Any]) -> str:
    approved = day(plan["approved_on"])
    parts = [
        f"approved by the Board on {approved}" if approved else "date of approval not recorded",
        f"minute {plan['minute_reference']}" if plan["minute_reference"] else "no minute recorded",
    ]
    return ", ".join(parts)


def _measure(row: Mapping[str, Any], source: Source, *, drawn: bool) -> MeasureRow:
    unit = row["unit"]
    about = [_unsaid(row["ethnic_group"], row["name"]), _unit_words(unit, row["name"])]
    return MeasureRow(
        name=shortened(row["name"], source.limits.name),
        about=", ".join(part for part in about if part),
        baseline=figure(row["baseline"], unit),
        baseline_on=short_day(row["baseline_on"]),
        latest=figure(row["latest"], unit) or "Not yet known",
        latest_on=short_day(row["latest_on"]),
        target=figure(row["target"], unit),
        target_on=short_day(row["target_on"]),
        standing=_standing(row),
        note=sentence(row["note"]),
        source=row["source"],
        drawing=_drawn(row) if drawn else NOTHING_DRAWN,
    )


def _unsaid(words: str, name: str) -> str:
    """The words, unless the measure's name says them already."""
    return "" if words.casefold() in name.casefold() else words


def _unit_words(unit: str, name: str) -> str:
    told = "" if unit in ("%", "£") else _unsaid(unit, name)
    return f"unit: {told}" if told else ""


def _standing(row: Mapping[str, Any]) -> Look:
    """Where the latest figure lies between baseline and target: two points, no forecast."""
    if row["latest"] is None:
        return UNKNOWN
    sign = 1 if row["higher_is_better"] else -1
    baseline, latest, target = (
        sign * Decimal(row[name]) for name in ("baseline", "latest", "target")
    )
    if latest >= target:
        return REACHED
    if latest == baseline:
        return UNCHANGED
    if latest > baseline:
        return NEARER
    return AWAY


def _drawn(row: Mapping[str, Any]) -> Drawing:
    points = (_point(row[name], row[f"{name}_on"]) for name in ("baseline", "latest", "target"))
    chart = measure_chart(row["name"], row["unit"], *points)
    return drawing_alone(chart, f"Source: {sentence(row['source'])}")


def _point(value: str | None, on: str | None) -> MeasurePoint:
    return MeasurePoint(
        Decimal(value) if value is not None else None, date.fromisoformat(on) if on else None
    )
