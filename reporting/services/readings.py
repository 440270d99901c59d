"""Tells Board members that a paper is there to read, and keeps who says they have read it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from assessments.services import Refusal
from portal.audit import record
from portal.models import User
from reporting import emails
from reporting.models import Reading, Report
from reporting.queries.readings import board_members
from reporting.queries.reports import cover_of, latest_report


class BoardDateMissing(Refusal):
    sentence = "Record the date of the Board meeting on the cover sheet first."


class NobodyToTell(Refusal):
    sentence = "No Board member has an account yet. Invite them first."


class Superseded(Refusal):
    sentence = "There is a newer version of this paper. Tell the Board about that one."


@transaction.atomic
def say_read(*, report: Report, by: User, at: dt.datetime) -> Reading:
    """Keep that a person has read a paper. Again changes nothing."""
    reading, created = Reading.objects.get_or_create(
        report=report, user=by, defaults={"read_at": at}
    )
    if created:
        _record(report, "paper.read", by, at)
    return reading


@transaction.atomic
def tell_board(*, report: Report, by: User, at: dt.datetime) -> int:
    """Write to every Board member who has not been told of this version yet; says how many.

    A person decides when: a mail to a Board cannot be taken back, and the first version often
    comes before its cover sheet is complete. Raises BoardDateMissing, NobodyToTell, Superseded.
    """
    assessment = report.snapshot.assessment
    if latest_report(assessment, report.kind) != report:
        raise Superseded
    cover = cover_of(assessment)
    if not cover["board_on"]:
        raise BoardDateMissing
    members = board_members(assessment.organisation)
    if not members:
        raise NobodyToTell
    told = sum(
        emails.board_paper_ready(report=report, person=person, cover=cover, by=by, at=at)
        for person in members
    )
    if told:
        _record(report, "board.told", by, at, number=told)
    return told


def _record(report: Report, verb: str, by: User, at: dt.datetime, **detail: object) -> None:
    record(
        by=by,
        verb=verb,
        target=report,
        organisation=report.snapshot.assessment.organisation,
        at=at,
        reference=report.reference,
        **detail,
    )
