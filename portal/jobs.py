"""The one job table: insert, claim, lease, finish; the broker is only a doorbell.

A bell says that there is work, not which: whoever hears it takes the job of the organisation that
was served longest ago. A worker that dies leaves its lease to run out; a sweep rings again.
"""

from __future__ import annotations

import datetime as dt
import logging
from functools import partial
from itertools import takewhile

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from portal.models import Job, Organisation

logger = logging.getLogger(__name__)

BACK_OFF_SECONDS = (5, 30, 120, 600)
"""Wait before the second, third, fourth and fifth attempt."""

BELL = {"socket_connect_timeout": 0.15, "socket_timeout": 0.15, "max_retries": 0}
"""How long ringing may take: without it the broker's client tries for six seconds."""

MOST_BELLS = 200
"""How often one sweep rings: more than a worker answers until the next, and never a flood."""

CLAIM_TRIES = 20
"""How often a worker looks for another job when others were quicker."""

WORN_OUT = "The worker stopped before it was finished, five times."


class LeaseLost(Exception):
    """Another worker has taken the job over; nothing of this one is kept."""


def insert(
    *,
    kind: str,
    subject_id: int,
    organisation: Organisation | None,
    at: dt.datetime,
    version: int = 1,
) -> Job:
    """Write the job down (once per kind, subject and version) and ring after commit."""
    job, created = Job.objects.get_or_create(
        dedupe_key=f"{kind}:{subject_id}:{version}",
        defaults={
            "kind": kind,
            "subject_id": subject_id,
            "organisation": organisation,
            "run_after": at,
            "created_at": at,
        },
    )
    if created:
        transaction.on_commit(partial(ring, job.pk))
    return job


def ring(job_id: int) -> bool:
    """Tell a worker that there is work: within 0.3 s, and never raise. A sweep rings again."""
    from portal.celery import app

    try:
        with app.connection_for_write(transport_options=BELL) as connection:
            app.send_task(
                settings.JOB_TASK,
                args=[job_id],
                connection=connection,
                retry=False,
                ignore_result=True,
            )
    except Exception as error:
        logger.warning("bell_not_rung", extra={"job": job_id, "reason": type(error).__name__})
        return False
    return True


def claim_fairest(*, worker: str, at: dt.datetime) -> Job | None:
    """Claim the oldest job of whoever was served longest ago; None when nothing is due.

    So fifty papers of one organisation keep no other organisation waiting.
    """
    for _try in range(CLAIM_TRIES):
        chosen = _claimable(at).order_by(_last_served().asc(nulls_first=True), "run_after", "pk")
        job_id = chosen.values_list("pk", flat=True).first()
        if job_id is None:
            return None
        if job := claim(job_id, worker=worker, at=at):
            return job
    return None


def _claimable(at: dt.datetime) -> QuerySet[Job]:
    """What is due, was not tried too often, and is known to this version of the software."""
    due = Job.objects.due(at=at).filter(attempts__lt=settings.JOB_ATTEMPTS)
    return due.filter(kind__in=settings.JOB_MAKERS)


def _last_served() -> Case:
    """When a job of the same organisation, or of none, was last taken up."""
    served = Job.objects.filter(claimed_at__isnull=False).order_by("-claimed_at")
    own = served.filter(organisation=OuterRef("organisation")).values("claimed_at")[:1]
    nobodys = served.filter(organisation__isnull=True).values("claimed_at")[:1]
    return Case(When(organisation__isnull=True, then=Subquery(nobodys)), default=Subquery(own))


def claim(job_id: int, *, worker: str, at: dt.datetime) -> Job | None:
    """Take the job by compare-and-set; None when another worker has it or it is done."""
    due = Job.objects.due(at=at).filter(pk=job_id, attempts__lt=settings.JOB_ATTEMPTS)
    taken = due.update(
        state=Job.State.RUNNING,
        worker=worker,
        claimed_at=at,
        lease_until=at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS),
        attempts=F("attempts") + 1,
        error="",
    )
    return Job.objects.get(pk=job_id) if taken else None


def finish(job: Job, *, at: dt.datetime) -> bool:
    """Mark done in the transaction that stores the result; False when the lease was lost."""
    held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    return bool(held.update(state=Job.State.DONE, finished_at=at, lease_until=None))


def give_back(job: Job, *, reason: str, at: dt.datetime) -> None:
    """Put a job that did not succeed back in the queue with a pause, or end it after five tries."""
    held = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
    if job.attempts >= settings.JOB_ATTEMPTS:
        held.update(state=Job.State.FAILED, finished_at=at, lease_until=None, error=reason)
        return
    pause = dt.timedelta(seconds=BACK_OFF_SECONDS[job.attempts - 1])
    held.update(state=Job.State.WAITING, run_after=at + pause, lease_until=None, error=reason)


def retry(job: Job, *, at: dt.datetime) -> bool:
    """Start a failed job over, at a person's wish."""
    failed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED)
    started = failed.update(state=Job.State.WAITING, attempts=0, run_after=at, finished_at=None)
    if started:
        transaction.on_commit(partial(ring, job.pk))
    return bool(started)


def sweep(*, at: dt.datetime) -> list[int]:
    """End jobs whose workers died five times; ring for every other job that is due.

    Where one bell is not heard, the broker is away, and the others are left for the next sweep.
    """
    worn_out = Q(attempts__gte=settings.JOB_ATTEMPTS)
    Job.objects.due(at=at).filter(worn_out).update(
        state=Job.State.FAILED, finished_at=at, lease_until=None, error=WORN_OUT
    )
    due = Job.objects.due(at=at).order_by("run_after", "pk").values_list("pk", flat=True)
    return list(takewhile(ring, due[:MOST_BELLS]))


def broker_answers() -> bool:
    """Whether a bell could be rung now: within 0.3 s, and never raises."""
    from portal.celery import app

    try:
        with app.connection_for_write(transport_options=BELL) as connection:
            connection.connect()
    except Exception:
        return False
    return True
