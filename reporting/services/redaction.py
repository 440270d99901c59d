"""Withholds papers, and everything that papers are made of, by one logged path."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from assessments import services
from assessments.models import Answer, Assessment, Evidence, Redaction, Snapshot, Withheld
from assessments.queries import canonical
from portal import guards, jobs
from portal.models import Organisation, User
from reporting.models import Pack, Preview, Report, ReportBytes
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
def redact_words(
    *, kind: str, subject: Any, name: str, reason: str, by: User | None, at: dt.datetime
) -> Redaction:
    """The words of a row of its own, called `name`, and the papers and packs that hold them.

    `subject` is what the kind says: an ask, a risk, a comment and so on; an ask for its outcomes,
    an assessment for the lead's messages. Raises NothingToWithhold.
    """
    said = _words_in_packs(kind, subject)
    redaction, snapshots = services.withhold_words(
        kind=kind, subject=subject, name=name, reason=reason, by=by, at=at
    )
    _follow(redaction, snapshots)
    _silence_packs(redaction, said)
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
    """Empty the papers made of these snapshots; ask for the next version of those that stand.

    Previews of drafts go as well: whoever wants one asks for it again.
    """
    Preview.objects.filter(assessment__organisation=redaction.organisation_id).delete()
    made = Report.objects.filter(snapshot__in=snapshots).order_by("pk")
    papers = [report for report in made if not is_withheld(report)]
    if papers:
        _empty(redaction, papers)
    for assessment in {snapshot.assessment for snapshot in snapshots}:
        _ask_again(assessment, redaction)


PACK_WORDS = {Redaction.Kind.ASK: "text", Redaction.Kind.OUTCOME: "minute_reference"}
"""The words of one system that a London pack prints: what its Board was asked, and the minute."""


def _words_in_packs(kind: str, ask: Any) -> set[str]:
    """What a pack may have taken over from this ask."""
    if kind == Redaction.Kind.ASK:
        return {ask.text}
    if kind == Redaction.Kind.OUTCOME:
        return set(ask.outcomes.values_list("minute_reference", flat=True)) - {""}
    return set()


def _silence_packs(redaction: Redaction, said: set[str]) -> None:
    """Rewrite the packs that took these words over, and empty their papers."""
    if not said:
        return
    field, organisation = PACK_WORDS[Redaction.Kind(redaction.kind)], redaction.organisation
    left = services.mark(redaction.reason, redaction.at)
    laid_out = Pack.objects.filter(sources__snapshot__assessment__organisation=organisation)
    for pack in laid_out.select_related("cycle").distinct().order_by("pk"):
        document = json.loads(pack.document)
        for ask in _asks(document, organisation.slug):
            if ask[field] in said:
                ask[field] = left
        text = canonical(document)
        if text != pack.document:
            new = hashlib.sha256(text.encode()).hexdigest()
            services.note(redaction, Withheld.What.PACK, str(pack), pack.digest, new)
            with guards.lifted():
                Pack.objects.filter(pk=pack.pk).update(document=text)
            _empty(redaction, [one for one in pack.reports.all() if not is_withheld(one)])


def _asks(document: dict[str, Any], slug: str) -> list[dict[str, Any]]:
    """What the Board of one system was asked, as a pack keeps it."""
    return [
        ask
        for system in document["systems"]
        if system["slug"] == slug and system["released"]
        for ask in system["released"]["asks"]
    ]


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
