"""The organisation's own Board-approved plan and its measures: from, to, and where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from reporting.charts import MeasurePoint, measure_chart, to_svg
from reporting.documents.looks import Look
from reporting.documents.source import Source
from reporting.documents.words import counted, day, figure, joined, month, sentence, shortened


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
    chart: str
    caption: str


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
    more: str


def plan_block(source: Source) -> PlanBlock | None:
    """The plan as frozen at sign-off; None where none is recorded."""
    plan = source.document["plan"]
    if plan is None:
        return None
    drawn = source.identity.is_full
    shown = plan["measures"][: source.limits.measures]
    left = len(plan["measures"]) - len(shown)
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
        more=_more(left, shown),
    )


def _more(left: int, shown: Sequence[Any]) -> str:
    if not left:
        return ""
    return f"{counted(left, 'more measure' if shown else 'measure')}: see the full report."


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
    chart = _chart(row) if drawn else None
    return MeasureRow(
        name=shortened(row["name"], source.limits.name),
        about=", ".join(part for part in about if part),
        baseline=figure(row["baseline"], unit),
        baseline_on=month(row["baseline_on"]),
        latest=figure(row["latest"], unit) or "Not yet known",
        latest_on=month(row["latest_on"]),
        target=figure(row["target"], unit),
        target_on=month(row["target_on"]),
        standing=_standing(row),
        note=sentence(row["note"]),
        source=row["source"],
        chart=to_svg(chart) if chart else "",
        caption=chart.description if chart else "",
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
        return Look("–", "Not yet known")
    sign = 1 if row["higher_is_better"] else -1
    baseline, latest, target = (
        sign * Decimal(row[name]) for name in ("baseline", "latest", "target")
    )
    if latest >= target:
        return Look("●", "Target reached")
    if latest == baseline:
        return Look("=", "No change")
    if latest > baseline:
        return Look("▲", "Moved towards the target")
    return Look("▼", "Moved away from the target")


def _chart(row: Mapping[str, Any]) -> Any:
    return measure_chart(
        row["name"],
        row["unit"],
        *(_point(row[name], row[f"{name}_on"]) for name in ("baseline", "latest", "target")),
    )


def _point(value: str | None, on: str | None) -> MeasurePoint:
    return MeasurePoint(
        Decimal(value) if value is not None else None, date.fromisoformat(on) if on else None
    )
