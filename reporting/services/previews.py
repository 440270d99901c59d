"""Makes previews of a draft's papers, hands them to whoever asked, and takes them away again."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from assessments.models import Assessment
from assessments.queries import snapshot_document
from assessments.services import AlreadySignedOff, Refusal
from portal import jobs
from portal.audit import record
from portal.models import Job, User
from portal.roles import Permission, can
from reporting.documents import Identity
from reporting.models import Preview
from reporting.queries.reports import cover_of
from reporting.services.papers import print_document

KIND = "draft-preview"
HELD_FOR = dt.timedelta(minutes=15)
MADE_WITHIN = dt.timedelta(hours=1)


class UnknownPaper(Refusal):
    sentence = "Choose which paper you want to preview."


class StillBeingMade(Refusal):
    sentence = "Your preview is still being made."


@transaction.atomic
def ask_for_preview(*, assessment: Assessment, kind: str, by: User, at: dt.datetime) -> Preview:
    """A new preview in place of the last one.

    Raises UnknownPaper, AlreadySignedOff, StillBeingMade.
    """
    if kind not in Preview.Kind.values:
        raise UnknownPaper
    held = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if held.signed_off_at:
        raise AlreadySignedOff
    last = Preview.objects.filter(assessment=assessment, requester=by).first()
    if last and is_busy(last):
        raise StillBeingMade
    if last:
        _take_away([last.pk])
    preview = Preview.objects.create(
        assessment=assessment, requester=by, kind=kind, asked_at=at, expires_at=at + MADE_WITHIN
    )
    organisation = assessment.organisation
    jobs.insert(kind=KIND, subject_id=preview.pk, organisation=organisation, at=at)
    record(
        by=by,
        verb="preview-asked",
        target=assessment,
        organisation=organisation,
        at=at,
        kind=kind,
    )
    return preview


def job_of(preview: Preview) -> Job | None:
    return Job.objects.filter(kind=KIND, subject_id=preview.pk).first()


def is_busy(preview: Preview) -> bool:
    """Whether a worker has it still to do."""
    job = job_of(preview)
    return job is not None and job.state in (Job.State.WAITING, Job.State.RUNNING)


def make_preview(*, job: Job, at: dt.datetime) -> Preview | None:
    """Print the draft as it is saved now. None where nobody may have it any more.

    A role that was taken away in the meantime counts, also while it was printed. Raises
    jobs.LeaseLost.
    """
    places = ("assessment__cycle__framework", "assessment__organisation", "requester")
    wanted = Preview.objects.held(at=at).select_related(*places)
    preview = wanted.filter(pk=job.subject_id).first()
    if preview is None or not _may_have(preview):
        _take_away([job.subject_id])
        return None
    printed = print_document(*_draft(preview, at), at)[1]
    with transaction.atomic():
        if not jobs.finish(job, at=at):
            raise jobs.LeaseLost
        if not _may_have(wanted.get(pk=preview.pk)):
            _take_away([preview.pk])
            return None
        preview.made_at, preview.expires_at = at, at + HELD_FOR
        preview.pages, preview.pdf = printed.pages, printed.pdf
        preview.save(update_fields=["made_at", "expires_at", "pages", "pdf"])
    return preview


def sweep_previews(*, at: dt.datetime) -> int:
    """Take away what was held long enough; returns how many."""
    gone = list(Preview.objects.filter(expires_at__lte=at).values_list("pk", flat=True))
    _take_away(gone)
    return len(gone)


@transaction.atomic
def _take_away(keys: list[int]) -> None:
    Preview.objects.filter(pk__in=keys).delete()
    Job.objects.filter(kind=KIND, subject_id__in=keys).delete()


def _may_have(preview: Preview) -> bool:
    assessment = preview.assessment
    may = can(preview.requester, Permission.PREVIEW, assessment.organisation)
    return may and assessment.signed_off_at is None


def _draft(preview: Preview, at: dt.datetime) -> tuple[dict, dict[str, str], Identity]:
    """The document that sign-off would freeze now, signed by nobody."""
    nobody = User()
    document = snapshot_document(
        preview.assessment, signed_at=at, signed_by=nobody, countersigned_by=None, version=0
    )
    identity = Identity(
        kind=preview.kind, reference="draft-preview", version=1, address="", digest="",
        is_draft=True,
    )  # fmt: skip
    return document, cover_of(preview.assessment), identity
