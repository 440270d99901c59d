"""What keeps the portal running: sending the outbox, sweeping jobs, showing who is alive."""

from __future__ import annotations

import datetime as dt
import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from portal import jobs
from portal.models import Heartbeat, Message

MAIL_PAUSES = (60, 300, 900, 3600, 4 * 3600, 12 * 3600)
"""Seconds before the second to the seventh attempt at a message."""


def send_messages(*, at: dt.datetime) -> int:
    """Send every message that is due, each once; returns how many went.

    A message is claimed by compare-and-set on its attempts, so two workers never send it twice;
    one that cannot be sent is tried again later and given up after seven attempts.
    """
    due = Message.objects.due(at=at).order_by("send_after", "pk")
    return sum(_send(message, at=at) for message in due[:200])


def _send(message: Message, *, at: dt.datetime) -> bool:
    held = Message.objects.filter(pk=message.pk, attempts=message.attempts, sent_at__isnull=True)
    pause = MAIL_PAUSES[min(message.attempts, len(MAIL_PAUSES) - 1)]
    if not held.update(attempts=F("attempts") + 1, send_after=at + dt.timedelta(seconds=pause)):
        return False
    mine = Message.objects.filter(pk=message.pk)
    try:
        EmailMessage(
            message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.to]
        ).send()
    except (smtplib.SMTPException, OSError) as error:
        mine.update(error=f"{type(error).__name__}: {error}"[:300])
        if message.attempts >= len(MAIL_PAUSES):
            mine.update(failed_at=at)
        return False
    mine.update(sent_at=at, error="")
    return True


def sweep_jobs(*, at: dt.datetime) -> int:
    """Ring for every job that is due; returns how many."""
    return len(jobs.sweep(at=at))


def record_heartbeat(*, at: dt.datetime, name: str = "worker") -> None:
    """Note that the worker, and the scheduler that asked it, are alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": at})
