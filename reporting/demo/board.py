"""The Boards of the demonstration: what they are asked, what they decide, what members read."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from assessments import services
from assessments.models import Assessment, BoardAsk
from portal.models import User
from portal.roles import Role
from reporting.demo.performance import Performance
from reporting.demo.script import FOLDER, LONDON, months_before
from reporting.models import Report
from reporting.queries.readings import board_members
from reporting.services import say_read

HOUR_OF_MINUTES = dt.time(11)


def read_boards() -> dict[str, Any]:
    """By slug of the system; constituent organisations table nothing in this story."""
    boards: dict[str, Any] = json.loads((FOLDER / "board.json").read_text(encoding="utf-8"))
    return boards


def cover_of(part: Performance) -> dict[str, str]:
    """What its cover sheets say beside the date."""
    words: dict[str, str] = read_boards().get(part.script.slug, {"cover": {}})["cover"]
    return words


def write_risks(part: Performance, *, at: dt.datetime) -> None:
    board = read_boards().get(part.script.slug)
    for words in board["risks"] if board else ():
        services.add_risk(organisation=part.organisation, by=part.lead, at=at, **words)


def write_asks(part: Performance, assessment: Assessment, *, at: dt.datetime) -> None:
    """Before it is sent; a constituent organisation asks its Board for nothing."""
    board = read_boards().get(part.script.slug)
    for words in board["asks"][part.index] if board else ():
        services.add_ask(
            assessment=assessment, by=part.lead, at=at, wants=words["wants"], text=words["text"]
        )


def record_outcomes(
    part: Performance, assessment: Assessment, met_on: dt.date, *, at: dt.datetime
) -> None:
    """The secretary records what was decided; what was put off, again months later."""
    board = read_boards().get(part.script.slug)
    if board is None:
        return
    secretary = part.people[Role.SECRETARY][0]
    later: list[tuple[BoardAsk, dict[str, Any]]] = []
    for ask, words in zip(assessment.asks.in_order(), board["asks"][part.index], strict=True):
        _record(ask, words["outcome"], met_on, version=0, by=secretary, at=at)
        if "later" in words["outcome"]:
            later.append((ask, words["outcome"]["later"]))
    for ask, words in later:
        decided_on = months_before(met_on, -words["months"])
        recorded_at = dt.datetime.combine(
            decided_on + dt.timedelta(days=1), HOUR_OF_MINUTES, LONDON
        )
        _record(ask, words, decided_on, version=1, by=secretary, at=recorded_at)


def _record(
    ask: BoardAsk,
    words: dict[str, Any],
    decided_on: dt.date,
    *,
    version: int,
    by: User,
    at: dt.datetime,
) -> None:
    services.record_outcome(
        ask=ask,
        version=version,
        by=by,
        at=at,
        decided_on=decided_on,
        decision=words["decision"],
        words=words["words"],
        minute_reference=words["minute"].replace("{yy}", f"{decided_on:%y}"),
    )


def read_papers(*, at: dt.datetime) -> None:
    """Members say that they have read their newest Board paper, once it is made."""
    papers = Report.objects.filter(kind=Report.Kind.BOARD_PAPER)
    for slug, board in read_boards().items():
        own = papers.filter(snapshot__assessment__organisation__slug=slug)
        newest = own.order_by("-snapshot__signed_off_at", "-version").first()
        if newest is None:
            continue
        members = board_members(newest.snapshot.assessment.organisation)
        for member in members[: board["read"]]:
            say_read(report=newest, by=member, at=at)
