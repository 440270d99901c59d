"""What the worker does for papers beside its jobs: be warm, and remind of factual checks."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reporting import pdf, services


@shared_task
def warm_up() -> None:
    """Pay for the PDF engine's import at the worker's start."""
    pdf.warm()


@shared_task
def remind_of_checks() -> int:
    """Write to systems whose factual check closes on the next working day; returns how many."""
    return services.remind_of_checks(at=timezone.now())
