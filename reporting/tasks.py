"""What the worker does for reports: make the paper a job asks for, and be warm for the first."""

from __future__ import annotations

import logging
import os
import socket

from celery import shared_task
from django.db import IntegrityError
from django.utils import timezone

from portal import jobs
from reporting import pdf, services

logger = logging.getLogger(__name__)

ANOTHER_WORKER = "Another worker made the same paper at the same moment."
SOMETHING_WRONG = (
    "Something went wrong in the portal while the paper was being made ({name}). "
    "Nothing of the assessment is lost."
)


@shared_task
def make_report(job_id: int) -> None:
    """Claim the job and make its paper; whatever goes wrong gives it back with a plain reason."""
    job = jobs.claim(job_id, worker=f"{socket.gethostname()}:{os.getpid()}", at=timezone.now())
    if job is None:
        return
    try:
        services.make_report(job=job, at=timezone.now())
    except services.LeaseLost:
        logger.warning("lease_lost", extra={"job": job_id})
    except IntegrityError:
        jobs.give_back(job, reason=ANOTHER_WORKER, at=timezone.now())
    except Exception as error:
        logger.exception("report_not_made", extra={"job": job_id})
        reason = SOMETHING_WRONG.format(name=type(error).__name__)
        jobs.give_back(job, reason=reason, at=timezone.now())


@shared_task
def warm_up() -> None:
    """Pay for the PDF engine's import at the worker's start."""
    pdf.warm()
