"""The only way mail leaves: written to the outbox, in the transaction that caused it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.template.loader import render_to_string

from portal.models import Invitation, Message, Organisation, User


def queue(*, to: str, subject: str, body: str, dedupe_key: str, at: dt.datetime) -> bool:
    """Write a message for the worker to send; False when this key was written before."""
    _message, created = Message.objects.get_or_create(
        dedupe_key=dedupe_key,
        defaults={
            "to": to,
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "created_at": at,
            "send_after": at,
        },
    )
    return created


def invited(*, invitation: Invitation, token: str, by: User | None, at: dt.datetime) -> bool:
    """Who invites, to what, until when, and the link."""
    facts = {"invitation": invitation, "by": by, "url": invitation_url(token)}
    key = f"invitation:{invitation.token_hash}"
    return _send("invited", invitation.email, facts, key, at)


def authenticator_reset(*, user: User, by: User, at: dt.datetime) -> bool:
    key = f"authenticator-reset:{user.pk}:{at.isoformat()}"
    return _send("authenticator_reset", user.email, {"person": user, "by": by}, key, at)


def glass_broken(
    *,
    person: User,
    organisation: Organisation,
    reason: str,
    by: User,
    at: dt.datetime,
    until: dt.datetime,
) -> bool:
    """That an administrator reads, who, why and until when."""
    key = f"glass-broken:{organisation.pk}:{by.pk}:{person.pk}:{at.isoformat()}"
    facts = {"person": person, "organisation": organisation, "reason": reason, "by": by}
    return _send("glass_broken", person.email, {**facts, "at": at, "until": until}, key, at)


def invitation_url(token: str) -> str:
    return f"{settings.SITE_URL}/invitations/{token}/"


def _send(event: str, to: str, facts: dict[str, object], dedupe_key: str, at: dt.datetime) -> bool:
    """Draw the template: its first line is the subject, the rest the body."""
    facts = {
        "service": settings.SERVICE_NAME,
        "site_url": settings.SITE_URL,
        "contact": settings.CONTACT_EMAIL,
        **facts,
    }
    subject, _, body = render_to_string(f"emails/portal/{event}.txt", facts).partition("\n")
    return queue(to=to, subject=subject, body=body.strip() + "\n", dedupe_key=dedupe_key, at=at)
