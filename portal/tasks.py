"""What the worker does: every job, the outbox, the sweep, and showing that it is alive."""

from __future__ import annotations

import logging
import os
import socket

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from django.utils.module_loading import import_string

from portal import jobs
from portal.models import Job
from portal.services import operations

logger = logging.getLogger(__name__)

ANOTHER_WORKER = "Another worker made the same paper at the same moment."
TOO_LONG = "It took longer than {seconds} seconds to make. Nothing of the assessment is lost."
TOO_LARGE = "It needed more memory than one paper may use. Nothing of the assessment is lost."
SOMETHING_WRONG = (
    "Something went wrong in the portal while the paper was being made ({name}). "
    "Nothing of the assessment is lost."
)


@shared_task
def do_job(_job_id: int | None = None) -> str | None:
    """Claim the fairest job and do it; whatever goes wrong gives it back with a plain reason.

    The bell that called may have rung for another job: each bell stands for one job, whichever.
    """
    worker = f"{socket.gethostname()}:{os.getpid()}"
    job = jobs.claim_fairest(worker=worker, at=timezone.now())
    if job is None:
        return None
    try:
        import_string(settings.JOB_MAKERS[job.kind])(job=job, at=timezone.now())
    except jobs.LeaseLost:
        logger.warning("lease_lost", extra={"job": job.pk})
    except Exception as error:
        logger.exception("job_not_done", extra={"job": job.pk})
        jobs.give_back(job, reason=_reason(error), at=timezone.now())
    return _name(job)


@shared_task
def send_messages() -> int:
    """Send what is due in the outbox; returns how many went."""
    return operations.send_messages(at=timezone.now())


@shared_task
def sweep_jobs() -> int:
    """Ring again for every job that is due; returns how many."""
    return operations.sweep_jobs(at=timezone.now())


@shared_task
def beat_heart() -> None:
    """Asked for by the scheduler and done by the worker, so it shows that both are alive."""
    operations.record_heartbeat(at=timezone.now())


def _reason(error: Exception) -> str:
    """Why it was not done, as the page of its makers says it."""
    match error:
        case SoftTimeLimitExceeded():
            return TOO_LONG.format(seconds=int(settings.CELERY_TASK_SOFT_TIME_LIMIT))
        case MemoryError():
            return TOO_LARGE
        case IntegrityError():
            return ANOTHER_WORKER
        case _:
            return SOMETHING_WRONG.format(name=type(error).__name__)


def _name(job: Job) -> str:
    return f"{job.kind} for {job.organisation}"
