"""What an assessment still lacks, in plain sentences with a link to where it is mended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from assessments.models import Assessment, Assignment
from assessments.queries.sheet import Line, load_sheet
from assessments.scoring import EMBEDDED


@dataclass(frozen=True)
class Gap:
    """One thing that is missing from, or stands against, one item's answer."""

    code: str
    name: str
    what: str
    url: str


def gaps(assessment: Assessment, on: dt.date) -> list[Gap]:
    """Everything that keeps the assessment from being sent and signed off."""
    return [_gap(line, what) for line in load_sheet(assessment) for what in line_gaps(line, on)]


def advice(assessment: Assessment, on: dt.date) -> list[Gap]:
    """What is worth mending before sign-off and does not stand in its way."""
    return [
        _gap(line, what) for line in load_sheet(assessment) for what in line_findings(line, on)[1]
    ]


def line_gaps(line: Line, on: dt.date) -> list[str]:
    """Why one answer is not complete; what does not apply lacks nothing."""
    return line_findings(line, on)[0]


def line_findings(line: Line, on: dt.date) -> tuple[list[str], list[str]]:
    """What keeps one answer from being complete, and what is only worth mending."""
    if line.exemption:
        return [], []
    missing, worth_adding = _split_missing(line, on)
    return list(_line_gaps(line, missing)), worth_adding + list(_line_advice(line))


def _line_gaps(line: Line, missing: list[str]) -> Iterator[str]:
    answer = line.answer
    if answer.level is None and not answer.not_assessed_reason:
        yield "Choose a level, or say why this is not assessed."
    if not answer.is_reconfirmed:
        yield "Read what you said in the last cycle, then reconfirm it or change it."
    yield from missing
    for warning in line.warnings:
        yield f"{warning} Take it out, or confirm that it is not personal data."


def _line_advice(line: Line) -> Iterator[str]:
    if line.question:
        yield f"The sponsor asked: “{line.question}” Reply, or change the answer."
    assignment = getattr(line.answer, "assignment", None)
    if assignment and assignment.state == Assignment.State.HANDED_IN:
        yield f"{assignment.person} has handed this in. Accept it or return it."


def _split_missing(line: Line, on: dt.date) -> tuple[list[str], list[str]]:
    """What refuses sign-off and what is only worth adding.

    A sentence is needed at every level. The proof that the scale asks for refuses sign-off from
    Embedded upwards; below it, it is advice, since little is claimed there.
    """
    missing, not_counted = line.missing_evidence(on), line.not_counted
    level = line.answer.level
    if missing and level is not None and level >= EMBEDDED:
        return missing + not_counted, []
    needed = 0 if level is None or line.answer.narrative.strip() else 1
    return missing[:needed], missing[needed:] + not_counted


def _gap(line: Line, what: str) -> Gap:
    item = line.answer.item
    return Gap(item.code, item.short_name, what, line.answer.get_absolute_url())
