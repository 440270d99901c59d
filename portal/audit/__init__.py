"""The only way an audit event is written: append-only, one hash chain an organisation."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django.db import models, transaction

from portal.audit.words import VERBS, words_for
from portal.models import AuditChain, AuditEvent, Organisation, User

__all__ = ["PORTAL", "VERBS", "digest", "record", "words_for"]

PORTAL = "portal"
"""The chain of what concerns no organisation."""


@transaction.atomic
def record(
    *,
    by: User | None,
    verb: str,
    target: models.Model | str,
    organisation: Organisation | None,
    at: dt.datetime,
    **detail: Any,
) -> AuditEvent:
    """Add one event to the organisation's chain, in the transaction of the change it tells of.

    `by` is None for the portal itself (the calendar); `detail` holds codes, counts and versions,
    never narrative.
    """
    name = organisation.slug if organisation else PORTAL
    head, _created = AuditChain.objects.select_for_update().get_or_create(name=name)
    event = AuditEvent(
        chain=name,
        sequence=head.sequence + 1,
        at=at,
        actor=by.email if by else PORTAL,
        verb=verb,
        target=target if isinstance(target, str) else f"{target._meta.label_lower}:{target.pk}",
        detail=detail,
        previous_digest=head.digest,
    )
    event.digest = digest(event)
    event.save(force_insert=True)
    AuditChain.objects.filter(pk=head.pk).update(sequence=event.sequence, digest=event.digest)
    return event


def digest(event: AuditEvent) -> str:
    """SHA-256 over the event and its predecessor's digest, as canonical JSON."""
    content = [
        event.chain,
        event.sequence,
        event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
        event.actor,
        event.verb,
        event.target,
        event.detail,
        event.previous_digest,
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
