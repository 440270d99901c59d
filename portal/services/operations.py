"""What keeps the portal running: sending the outbox, sweeping jobs, showing who is alive."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils.module_loading import import_string

from portal import jobs
from portal.models import Heartbeat, Message

logger = logging.getLogger(__name__)

MOST_MESSAGES = 200
REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused)
"""What the mail server answers to one message; every other error ends the conversation."""

MAIL_PAUSES = (60, 300, 900, 3600, 4 * 3600, 12 * 3600)
"""Seconds before the second to the seventh attempt at a message."""


def send_messages(*, at: dt.datetime) -> int:
    """Send every message that is due, each once; returns how many went.

    A message is claimed by compare-and-set on its attempts, so two workers never send it twice;
    one that is refused is tried again later and given up after seven attempts. While the mail
    server itself is away nothing counts as an attempt, however long that takes.
    """
    due = list(Message.objects.due(at=at).order_by("send_after", "pk")[:MOST_MESSAGES])
    sent = 0
    try:
        with get_connection() as connection:
            for message in due:
                sent += _send(message, connection, at=at)
    except OSError as error:  # of which the errors of smtplib are kinds
        logger.warning("mail_server_away", extra={"reason": type(error).__name__})
    return sent


def _send(message: Message, connection: BaseEmailBackend, *, at: dt.datetime) -> bool:
    """Hand one message on. Raises what broke the connection, when its reason is written down."""
    held = Message.objects.filter(pk=message.pk, attempts=message.attempts, sent_at__isnull=True)
    pause = MAIL_PAUSES[min(message.attempts, len(MAIL_PAUSES) - 1)]
    if not held.update(attempts=F("attempts") + 1, send_after=at + dt.timedelta(seconds=pause)):
        return False
    mine = Message.objects.filter(pk=message.pk)
    try:
        _mail(message, connection).send()
    except OSError as error:
        given_up = at if message.attempts >= len(MAIL_PAUSES) else None
        mine.update(error=f"{type(error).__name__}: {error}"[:300], failed_at=given_up)
        if isinstance(error, REFUSED):
            return False
        raise
    # What went out is not kept: it may hold the link that lets somebody in.
    mine.update(sent_at=at, body="", error="")
    return True


def _mail(message: Message, connection: BaseEmailBackend) -> EmailMessage:
    """With an identity of its own, so that a copy sent after a crash is known as one."""
    name = hashlib.sha256(message.dedupe_key.encode()).hexdigest()[:32]
    headers = {"Message-ID": f"<{name}@{urlsplit(settings.SITE_URL).hostname}>"}
    return EmailMessage(
        message.subject,
        message.body,
        settings.DEFAULT_FROM_EMAIL,
        [message.to],
        headers=headers,
        connection=connection,
    )


def sweep_jobs(*, at: dt.datetime) -> int:
    """Ring for every job that is due, and clear away what was held long enough; how many rung."""
    for name in settings.JOB_SWEEPS:
        import_string(name)(at=at)
    return len(jobs.sweep(at=at))


def record_heartbeat(*, at: dt.datetime, name: str = "worker") -> None:
    """Note that the worker, and the scheduler that asked it, are alive."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beat_at": at})
