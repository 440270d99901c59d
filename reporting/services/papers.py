"""Writes the cover sheet and makes papers of snapshots: rendered, hashed, stored once."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse

from assessments.models import Assessment, Snapshot
from assessments.services import Refusal, hold, record_board_date
from commitments.models import Passage
from portal import jobs
from portal.audit import record
from portal.models import Job, User
from portal.text import settle
from reporting import pdf
from reporting.documents import (
    AMPLE,
    LADDER,
    FrameworkTexts,
    Identity,
    Source,
    Text,
    attachments,
    paper,
)
from reporting.documents.words import day
from reporting.models import Cover, Report, ReportBytes
from reporting.queries.reports import (
    KINDS,
    cover_of,
    evidence_needed,
    framework_passages,
    is_withheld,
    latest_report,
    source_note,
    withholding_of,
)

MOST_BOARD_PAGES = 10
SIGNED_AGAIN = "The assessment was signed off again."
_COVER_NAMES = {
    "title": "title",
    "board_name": "Board",
    "board_on": "date of the meeting",
    "agenda_item": "agenda item",
    "purpose": "purpose",
    "author": "author",
    "strategic_objectives": "strategic objectives",
    "assurance_framework": "Board Assurance Framework",
    "previously_considered": "previously considered at",
}


class StaleCover(Refusal):
    """Somebody else changed the cover sheet first; `current` is theirs."""

    sentence = "Somebody else has changed the cover sheet since you opened it."

    def __init__(self, current: Cover) -> None:
        super().__init__()
        self.current = current


@transaction.atomic
def save_cover(
    *,
    assessment: Assessment,
    version: int,
    by: User,
    at: dt.datetime,
    board_on: dt.date | None,
    **cleaned: Any,
) -> Cover:
    """Save the cover sheet if nobody else has; papers already made of it are made again.

    The same words twice are one save. Raises StaleCover.
    """
    held = hold(assessment.pk)
    cover, _ = Cover.objects.get_or_create(assessment=assessment)
    unchanged = Cover.objects.filter(pk=cover.pk, version=version)
    if not unchanged.update(version=F("version") + 1, **cleaned):
        said = all(getattr(cover, name) == value for name, value in cleaned.items())
        if said and held.board_on == board_on:
            return cover
        raise StaleCover(cover)
    cover.refresh_from_db()
    record(
        by=by,
        verb="cover-saved",
        target=cover,
        organisation=assessment.organisation,
        at=at,
        version=cover.version,
    )
    if held.board_on != board_on:
        record_board_date(assessment=assessment, board_on=board_on, by=by, at=at)
    _ask_for_reissue(assessment, cover, at=at)
    return cover


def make_report(*, job: Job, at: dt.datetime) -> Report:
    """Make the paper that a claimed job asks for, and finish the job with it.

    Printing takes seconds, so it is done before the transaction that stores the result. Where
    the newest paper already says the same, or more, nothing is made. Raises jobs.LeaseLost.
    """
    places = ("assessment__cycle", "assessment__organisation")
    snapshot = Snapshot.objects.select_related(*places).get(pk=job.subject_id)
    cover = cover_of(snapshot.assessment)
    last = latest_report(snapshot.assessment, job.kind)
    if last and _says_it_already(last, snapshot, cover):
        jobs.finish(job, at=at)
        return last
    identity = _identity(snapshot, job.kind, last, cover)
    body, rendered = _print(snapshot, cover, identity, at)
    return store(identity, body, rendered, job=job, at=at, cover=cover, snapshot=snapshot)


def _says_it_already(last: Report, snapshot: Snapshot, cover: dict[str, str]) -> bool:
    newer = last.snapshot.version > snapshot.version
    same = last.snapshot_id == snapshot.pk and last.cover == cover and not is_withheld(last)
    return newer or same


def _identity(
    snapshot: Snapshot, kind: str, last: Report | None, cover: dict[str, str]
) -> Identity:
    version = last.version + 1 if last else 1
    assessment = snapshot.assessment
    reference = f"{assessment.cycle.slug}-{assessment.organisation.slug}-{kind}-v{version}"
    return Identity(
        kind=kind,
        reference=reference,
        version=version,
        address=f"{settings.SITE_URL}{reverse('reporting:verify')}?reference={reference}",
        digest=snapshot.digest,
        reason=_reason(last, snapshot, cover) if last else "",
    )


def _reason(last: Report, snapshot: Snapshot, cover: dict[str, str]) -> str:
    """Why there is another version: what differs from the one before."""
    if last.snapshot_id != snapshot.pk:
        return SIGNED_AGAIN
    withholding = withholding_of(last)
    if withholding:
        return f"Something in version {last.version} was withheld: {withholding.reason}"
    changed = {key for key in _COVER_NAMES if cover[key] != last.cover.get(key, "")}
    before, now = last.cover.get("board_on", ""), cover["board_on"]
    moved = ""
    if before and now and before != now:
        moved = f"The date of the meeting was changed from {day(before)} to {day(now)}."
        changed.remove("board_on")
    names = ", ".join(name for key, name in _COVER_NAMES.items() if key in changed)
    sheet = f"The cover sheet was changed: {names}." if names else ""
    return " ".join(words for words in (moved, sheet) if words)


def _print(
    snapshot: Snapshot, cover: dict[str, str], identity: Identity, at: dt.datetime
) -> tuple[str, pdf.Rendered]:
    document = json.loads(snapshot.document)
    return print_document(document, cover, identity, at)


def print_document(
    document: dict[str, Any], cover: dict[str, str], identity: Identity, at: dt.datetime
) -> tuple[str, pdf.Rendered]:
    """The page's body and the PDF; a Board paper of more than ten pages is made shorter."""
    texts = _framework_texts(document["framework"]["version"])
    if identity.is_full:
        return _render(Source(document, cover, identity, texts, AMPLE), at)
    for limits in LADDER:
        body, rendered = _render(Source(document, cover, identity, texts, limits), at)
        if rendered.pages <= MOST_BOARD_PAGES:
            break
    return body, rendered


def _render(source: Source, at: dt.datetime) -> tuple[str, pdf.Rendered]:
    """Both twins of one view-model: the body as the screen shows it, and the PDF around it."""
    page = paper(source)
    body = settle(render_to_string("reporting/parts/body.html", {"paper": page}))
    html = render_to_string("reporting/print/document.html", {"paper": page, "body": body})
    rendered = pdf.render(
        html,
        title=page.title,
        reference=page.reference,
        created_at=at,
        attachments=() if source.identity.is_draft else attachments(source),
        draft=source.identity.is_draft,
    )
    return body, rendered


def _framework_texts(version: str) -> FrameworkTexts:
    def texts(kind: str) -> tuple[Text, ...]:
        return tuple(Text(title, text) for title, text in framework_passages(version, kind))

    return FrameworkTexts(
        duties=texts(Passage.Kind.DUTY),
        strategies=texts(Passage.Kind.STRATEGY),
        source_note=source_note(version),
        evidence_needed=evidence_needed(version),
    )


@transaction.atomic
def store(
    identity: Identity,
    body: str,
    rendered: pdf.Rendered,
    *,
    job: Job,
    at: dt.datetime,
    **made_of: Any,
) -> Report:
    """Row, bytes, audit event and the end of the job, together or not at all.

    `made_of` is the cover, and the snapshot or the pack. Raises LeaseLost.
    """
    if not jobs.finish(job, at=at):
        raise jobs.LeaseLost
    report = Report.objects.create(
        reference=identity.reference,
        kind=identity.kind,
        version=identity.version,
        reason=identity.reason,
        made_at=at,
        pages=rendered.pages,
        size=len(rendered.pdf),
        digest=rendered.sha256,
        software={"portal": settings.VERSION, **pdf.versions()},
        **made_of,
    )
    ReportBytes.objects.create(report=report, pdf=rendered.pdf, html=body)
    page_digest = hashlib.sha256(body.encode()).hexdigest()
    record(
        by=None,
        verb="report-made",
        target=report,
        organisation=report.organisation,
        at=at,
        reference=report.reference,
        digest=report.digest,
        page_digest=page_digest,
    )
    return report


def _ask_for_reissue(assessment: Assessment, cover: Cover, *, at: dt.datetime) -> None:
    """A job for each paper that says something else; also where the first is still being made."""
    snapshot = Snapshot.objects.latest_of(assessment)
    if snapshot is None or not _is_signed_off(assessment):
        return
    words = cover_of(assessment)
    for kind in KINDS:
        last = latest_report(assessment, kind)
        if last is None or last.cover != words:
            jobs.insert(
                kind=kind,
                subject_id=snapshot.pk,
                organisation=assessment.organisation,
                at=at,
                version=cover.version + 1,
            )


def _is_signed_off(assessment: Assessment) -> bool:
    """As the database has it: the caller's row may be older."""
    return Assessment.objects.signed_off().filter(pk=assessment.pk).exists()
