"""Has every uploaded file looked at by the virus scanner, where the portal has one."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction

from assessments import emails
from assessments.models import Evidence
from assessments.uploads import is_clean
from portal import jobs
from portal.audit import record
from portal.models import Job


def first_state() -> str:
    """How a file stands that has just been stored."""
    return Evidence.Scan.WAITING if settings.SCAN_COMMAND else Evidence.Scan.NONE


def ask_for_scan(evidence: Evidence, *, at: dt.datetime) -> None:
    """Have the worker look into the file, in the transaction that stored it."""
    if evidence.file_scan == Evidence.Scan.WAITING:
        jobs.insert(
            kind="scan",
            subject_id=evidence.pk,
            organisation=evidence.organisation,
            at=at,
            version=evidence.version,
        )


def scan_file(*, job: Job, at: dt.datetime) -> None:
    """Let the file go, or withhold it and tell whoever added it. Raises ScannerBroken, LeaseLost.

    A file that was replaced meanwhile has a job of its own.
    """
    evidence = Evidence.objects.select_related("organisation", "added_by").get(pk=job.subject_id)
    clean = evidence.file_scan != Evidence.Scan.WAITING or is_clean(evidence.file.name)
    state = Evidence.Scan.CLEAN if clean else Evidence.Scan.WITHHELD
    with transaction.atomic():
        waiting = Evidence.objects.filter(
            pk=evidence.pk, file=evidence.file.name, file_scan=Evidence.Scan.WAITING
        )
        if waiting.update(file_scan=state):
            _record(evidence, state, at)
        if not jobs.finish(job, at=at):
            raise jobs.LeaseLost


def _record(evidence: Evidence, state: str, at: dt.datetime) -> None:
    record(
        by=None,
        verb="evidence.scanned",
        target=evidence,
        organisation=evidence.organisation,
        at=at,
        state=str(state),
        file_digest=evidence.file_digest,
    )
    if state == Evidence.Scan.WITHHELD:
        emails.file_withheld(evidence=evidence, at=at)
