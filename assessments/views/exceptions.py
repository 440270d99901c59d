"""The sponsor's one page: what stands out in an assessment, and why it does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Subquery

from assessments.models import (
    Assessment,
    Cycle,
    FrozenItem,
    ImprovementStep,
    Revision,
    Snapshot,
)
from assessments.queries import (
    Line,
    Scorecard,
    load_sheet,
    score,
)
from assessments.scoring import UNDER_WAY, evidence_strength, is_stale
from commitments.queries import levels
from portal.models import User


@dataclass(frozen=True)
class Exceptional:
    """One answer that stands out."""

    code: str
    name: str
    why: str
    url: str


@dataclass(frozen=True)
class Group:
    """Answers that stand out for the same reason; an empty group says so in `nothing`."""

    title: str
    about: str
    rows: list[Exceptional]
    nothing: str


@dataclass(frozen=True)
class SponsorPage:
    scorecard: Scorecard
    level_names: list[str]
    groups: list[Group]
    own: list[Exceptional]
    """Answers the reader wrote: they need a second sponsor."""


def sponsor_page(assessment: Assessment, reader: User, on: dt.date) -> SponsorPage:
    lines = load_sheet(assessment)
    names = [level.name for level in levels(assessment.cycle.framework)]
    return SponsorPage(
        scorecard=score(lines),
        level_names=names,
        groups=[
            _falls(lines, _levels_before(assessment), names),
            _lowest(lines, names),
            _missing(lines),
            _weak(lines, on),
            _loose_steps(lines),
        ],
        own=_own(lines, assessment, reader),
    )


def _levels_before(assessment: Assessment) -> dict[str, int | None]:
    """Level by item code in the organisation's last snapshot of an earlier full cycle."""
    earlier = Snapshot.objects.filter(
        assessment__organisation=assessment.organisation_id,
        assessment__cycle__kind=Cycle.Kind.FULL,
        assessment__cycle__opens_at__lt=assessment.cycle.opens_at,
    ).order_by("-assessment__cycle__opens_at", "-version")
    frozen = FrozenItem.objects.filter(snapshot=Subquery(earlier.values("pk")[:1]))
    return dict(frozen.values_list("code", "level"))


def _falls(lines: Sequence[Line], before: dict[str, int | None], names: list[str]) -> Group:
    rows = []
    for line in lines:
        was, now = before.get(line.answer.item.code), line.answer.level
        if was is not None and now is not None and now < was:
            rows.append(_row(line, f"{names[was]} in the last cycle, {names[now]} now"))
    return Group("Lower than in the last cycle", "", rows, "Nothing is lower than it was.")


def _lowest(lines: Sequence[Line], names: list[str]) -> Group:
    given = [
        line.answer.level
        for line in lines
        if line.answer.level is not None and line.exemption is None
    ]
    lowest = min(given, default=0)
    rows = [
        _row(line, names[lowest])
        for line in lines
        if line.answer.level == lowest and line.exemption is None
    ]
    about = f"The lowest level given is {names[lowest]}." if rows else ""
    return Group("Where least is done", about, rows, "Nothing has a level yet.")


def _missing(lines: Sequence[Line]) -> Group:
    rows = []
    for line in lines:
        if line.exemption:
            rows.append(_row(line, f"Not applicable: {line.exemption.reason}"))
        elif line.answer.level is None:
            reason = line.answer.not_assessed_reason or "no reason given"
            rows.append(_row(line, f"Not assessed: {reason}"))
    return Group("Not assessed or not applicable", "", rows, "Everything is assessed.")


def _weak(lines: Sequence[Line], on: dt.date) -> Group:
    rows = [_row(line, why) for line in lines if (why := _weakness(line, on))]
    about = (
        "Claims of Under way or better that rest on statements, or on evidence over 18 months old."
    )
    nothing = "Every claim of Under way or better has recent evidence behind it."
    return Group("Claims with weak evidence", about, rows, nothing)


def _weakness(line: Line, on: dt.date) -> str:
    if line.exemption or line.answer.level is None or line.answer.level < UNDER_WAY:
        return ""
    if not line.evidence:
        return "No evidence"
    if not line.proof:
        return " ".join(line.not_counted)
    if all(evidence_strength(one.ticks) == "D" for one in line.proof):
        return "Statements only (strength D)"
    if all(is_stale(one.dated_on, on) for one in line.proof):
        return "All its evidence is more than 18 months old"
    return ""


def _loose_steps(lines: Sequence[Line]) -> Group:
    rows = [
        _row(line, f"“{step.what}” has {_lacking(step)}")
        for line in lines
        for step in line.steps
        if _lacking(step)
    ]
    nothing = "Every step has an owner, a date and a resource."
    return Group("Steps without an owner, a date or a resource", "", rows, nothing)


def _lacking(step: ImprovementStep) -> str:
    if step.status == ImprovementStep.Status.DONE:
        return ""
    parts = [
        words
        for words, given in (
            ("no owner", step.owner),
            ("no date", step.due_on),
            ("no money or time behind it", step.resource),
        )
        if not given
    ]
    return " and ".join(", ".join(parts).rsplit(", ", 1))


def _own(lines: Sequence[Line], assessment: Assessment, reader: User) -> list[Exceptional]:
    written = set(
        Revision.objects.filter(
            answer__assessment=assessment, kind=Revision.Kind.SAVED, by=reader
        ).values_list("answer", flat=True)
    )
    return [_row(line, "") for line in lines if line.answer.pk in written]


def _row(line: Line, why: str) -> Exceptional:
    item = line.answer.item
    return Exceptional(item.code, item.short_name, why, line.answer.get_absolute_url())
