"""What is not kept longer than it is needed: old mail, invitations that ran out, ended sessions."""

from __future__ import annotations

import datetime as dt

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet

from portal import audit
from portal.models import Invitation, Job, Message

MAIL_DAYS = 90
"""After so long nobody asks any more what a message said; that it was sent stays known."""

INVITATION_DAYS = 90
"""So long an invitation that ran out or was revoked, with its name and address, is kept."""

JOB_DAYS = 365
"""So long the reason why a job could not be done is kept."""


def apply_retention(*, at: dt.datetime, is_rehearsal: bool) -> dict[str, int]:
    """Take away what is past its time; returns how many of each. A rehearsal changes nothing."""
    messages, invitations, sessions, jobs = _past(at)
    counts = {
        "message texts": messages.count(),
        "invitations that ran out": invitations.count(),
        "ended sessions": sessions.count(),
        "reasons of jobs": jobs.count(),
    }
    if is_rehearsal or not any(counts.values()):
        return counts
    with transaction.atomic():
        messages.update(subject="", body="", error="")
        invitations.delete()
        sessions.delete()
        jobs.update(error="")
        record_retention(counts, at=at)
    return counts


def record_retention(counts: dict[str, int], *, at: dt.datetime) -> None:
    """One event that says what went, in numbers."""
    gone = {name.replace(" ", "_"): number for name, number in counts.items() if number}
    audit.record(
        by=None, verb="retention.applied", target="portal", organisation=None, at=at, **gone
    )


def _past(
    at: dt.datetime,
) -> tuple[QuerySet[Message], QuerySet[Invitation], QuerySet[Session], QuerySet[Job]]:
    mail = at - dt.timedelta(days=MAIL_DAYS)
    ended = at - dt.timedelta(days=INVITATION_DAYS)
    done = at - dt.timedelta(days=JOB_DAYS)
    out_of_outbox = Q(sent_at__lt=mail) | Q(failed_at__lt=mail)
    not_taken_up = Q(accepted_at__isnull=True) & (Q(expires_at__lt=ended) | Q(revoked_at__lt=ended))
    return (
        Message.objects.filter(out_of_outbox).exclude(subject="", body="", error=""),
        Invitation.objects.filter(not_taken_up),
        Session.objects.filter(expire_date__lt=at),
        Job.objects.filter(finished_at__lt=done).exclude(error=""),
    )
