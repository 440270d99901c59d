"""Improvement steps: rows of them, which are overdue or due soon, and what they lack."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.charts import MAX_TIMELINE_STEPS, TimelineStep, step_timeline
from reporting.documents.drawings import NOTHING_DRAWN, Drawing, drawing_alone
from reporting.documents.looks import Look, status_look
from reporting.documents.source import Source
from reporting.documents.words import counted, day, joined, short_day, shortened

MONTHS_AHEAD = 6
_DONE = "done"


@dataclass(frozen=True)
class StepRow:
    """A step with every word ready; what is missing says so."""

    code: str
    what: str
    owner: str
    due: str
    resource: str
    status: Look
    is_overdue: bool
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class StepsPage:
    """Steps overdue or due within six months of sign-off, and a line on all the others."""

    heading: str
    rows: tuple[StepRow, ...]
    more: str
    counts: str
    timeline: Drawing


def step_row(
    item: Mapping[str, Any], step: Mapping[str, Any], on: dt.date, longest: int = 10_000
) -> StepRow:
    lacks = [
        name
        for name, value in (
            ("owner", step["owner"]), ("money", step["resource"]), ("date", step["due_on"])
        )
        if not value
    ]  # fmt: skip
    return StepRow(
        code=item["code"],
        what=shortened(step["what"], longest),
        owner=shortened(step["owner"], longest) or "No owner",
        due=short_day(step["due_on"]) or "No date",
        resource=shortened(step["resource"], longest),
        status=status_look(step["status"], step["status_name"]),
        is_overdue=is_overdue(step, on),
        lacks=tuple(lacks) if step["status"] != _DONE else (),
    )


def is_overdue(step: Mapping[str, Any], on: dt.date) -> bool:
    return bool(step["due_on"]) and step["status"] != _DONE and _due(step) < on


def is_done(step: Mapping[str, Any]) -> bool:
    return bool(step["status"] == _DONE)


def steps_page(source: Source) -> StepsPage:
    pairs = all_steps(source)
    last = _months_later(source.signed_on, MONTHS_AHEAD)
    soon = [
        (item, step)
        for item, step in pairs
        if step["due_on"] and step["status"] != _DONE and _due(step) <= last
    ]
    shown = soonest_first(soon)[: source.limits.steps_due]
    left = len(soon) - len(shown)
    return StepsPage(
        heading=f"Overdue at sign-off, or due by {day(last.isoformat())}",
        rows=tuple(step_row(i, s, source.signed_on, source.limits.step) for i, s in shown),
        more=f"{counted(left, 'more step')} due by then: see the full report." if left else "",
        counts=_count_words(pairs, source.signed_on),
        timeline=_timeline(source, soon, last) if source.identity.is_full else NOTHING_DRAWN,
    )


def soonest_first(pairs: Sequence[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Steps with their items by date, those without a date and those done last."""
    return sorted(
        pairs,
        key=lambda pair: (pair[1]["status"] == _DONE, pair[1]["due_on"] or "9999", pair[0]["code"]),
    )


def all_steps(source: Source) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Every step with its item, in the framework's order."""
    return [(item, step) for item in source.items for step in item["steps"]]


def _count_words(pairs: list[tuple[Any, Any]], on: dt.date) -> str:
    if not pairs:
        return "No improvement steps are recorded."
    steps = [step for _, step in pairs]
    done = sum(step["status"] == _DONE for step in steps)
    overdue = sum(is_overdue(step, on) for step in steps)
    undated = sum(not step["due_on"] and step["status"] != _DONE for step in steps)
    parts = [f"{done} done", f"{overdue} overdue", f"{undated} without a date"]
    return f"{counted(len(steps), 'step').capitalize()} in all: {joined(parts)}."


def _timeline(source: Source, soon: list[tuple[Any, Any]], last: dt.date) -> Drawing:
    """The steps of the table below it, by date: a year around sign-off."""
    if not soon:
        return NOTHING_DRAWN
    steps = [
        TimelineStep(item["code"], step["what"], _due(step), step["status"]) for item, step in soon
    ]
    first = _months_later(source.signed_on, -MONTHS_AHEAD)
    chart = step_timeline(steps, first, last, source.signed_on)
    caption = f"The steps of the table below, by date. {chart.description}"
    if len(steps) > MAX_TIMELINE_STEPS:
        caption += f" The drawing shows the first {MAX_TIMELINE_STEPS}."
    return drawing_alone(chart, caption)


def _due(step: Mapping[str, Any]) -> dt.date:
    return dt.date.fromisoformat(step["due_on"])


def _months_later(on: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the last day of a shorter month."""
    year, place = divmod(on.year * 12 + on.month - 1 + months, 12)
    last = calendar.monthrange(year, place + 1)[1]
    return dt.date(year, place + 1, min(on.day, last))
