"""Withholds papers, and everything that papers are made of, by one logged path."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from assessments import services
from assessments.models import Answer, Assessment, Evidence, Redaction, Snapshot, Withheld
from portal import guards, jobs
from portal.models import Organisation, User
from reporting.models import Report, ReportBytes
from reporting.queries.reports import KINDS, is_withheld, latest_report


@transaction.atomic
def redact_answer(*, answer: Answer, reason: str, by: User | None, at: dt.datetime) -> Redaction:
    """An answer's words, at every version and in every record and paper that holds them.

    Where the newest paper is withheld by it, the next version is asked for. Raises
    NothingToWithhold.
    """
    redaction, snapshots = services.withhold_answer(answer=answer, reason=reason, by=by, at=at)
    _follow(redaction, snapshots)
    return redaction


@transaction.atomic
def redact_evidence(
    *, evidence: Evidence, reason: str, by: User | None, at: dt.datetime
) -> Redaction:
    """A piece of evidence with its file, and the papers that name it. Raises NothingToWithhold."""
    redaction, snapshots = services.withhold_evidence(
        evidence=evidence, reason=reason, by=by, at=at
    )
    _follow(redaction, snapshots)
    return redaction


@transaction.atomic
def redact_report(*, report: Report, reason: str, by: User | None, at: dt.datetime) -> Redaction:
    """One version of a paper; what it was made of stays. Raises NothingToWithhold."""
    if is_withheld(report):
        raise services.NothingToWithhold
    redaction = services.decide(
        kind=Redaction.Kind.REPORT,
        subject=report.reference,
        organisation=report.organisation or Organisation.objects.get(kind=Organisation.Kind.HEG),
        reason=reason,
        by=by,
        at=at,
    )
    _empty(redaction, [report])
    return redaction


def _follow(redaction: Redaction, snapshots: Sequence[Snapshot]) -> None:
    """Empty the papers made of these snapshots; ask for the next version of those that stand."""
    made = Report.objects.filter(snapshot__in=snapshots).order_by("pk")
    papers = [report for report in made if not is_withheld(report)]
    if papers:
        _empty(redaction, papers)
    for assessment in {snapshot.assessment for snapshot in snapshots}:
        _ask_again(assessment, redaction)


def _empty(redaction: Redaction, reports: Iterable[Report]) -> None:
    """Take page and PDF away; the row with its hash stays."""
    with guards.lifted():
        for report in reports:
            services.note(redaction, Withheld.What.REPORT, report.reference, report.digest)
            ReportBytes.objects.filter(report=report).update(pdf=b"", html="")


def _ask_again(assessment: Assessment, redaction: Redaction) -> None:
    snapshot = Snapshot.objects.latest_of(assessment)
    for kind in KINDS:
        last = latest_report(assessment, kind)
        if last and last.snapshot == snapshot and is_withheld(last):
            jobs.insert(
                kind=kind,
                subject_id=last.snapshot_id,
                organisation=assessment.organisation,
                at=redaction.at,
                version=-redaction.pk,  # apart from the versions that covers count
            )
