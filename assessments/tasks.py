"""What the scheduler asks of this app."""

from celery import shared_task
from django.utils import timezone

from assessments import services


@shared_task(ignore_result=True)
def run_calendar() -> None:
    """Every quarter of an hour: whatever the calendar says is due now."""
    services.run_calendar(at=timezone.now())


@shared_task(ignore_result=True)
def apply_retention() -> None:
    """Every night: what is past its time goes."""
    services.apply_all_retention(at=timezone.now())
