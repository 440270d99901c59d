"""What the scheduler asks of this app."""

from celery import shared_task
from django.utils import timezone

from assessments import services


@shared_task(ignore_result=True)
def run_calendar() -> None:
    """Every quarter of an hour: whatever the calendar says is due now."""
    services.run_calendar(at=timezone.now())
