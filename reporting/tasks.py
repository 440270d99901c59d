"""What the worker does for reports beside its jobs: be warm for the first."""

from __future__ import annotations

from celery import shared_task

from reporting import pdf


@shared_task
def warm_up() -> None:
    """Pay for the PDF engine's import at the worker's start."""
    pdf.warm()
