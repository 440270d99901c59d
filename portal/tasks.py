"""What the worker does for the foundation: send mail, sweep jobs, show that it is alive."""

from celery import shared_task
from django.utils import timezone

from portal.services import operations


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
