"""Who did what in an organisation, and when: the audit log as rows ready to show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.db.models import Max
from django.utils import timezone

from portal.audit import PORTAL, words_for
from portal.models import AuditEvent, AuditEventQuerySet, Organisation, User


@dataclass(frozen=True)
class ActivityRow:
    """One event: when, who, what, and what about."""

    at: dt.datetime
    who: str
    did: str
    about: str
    details: str


def activity(
    organisation: Organisation,
    *,
    verb: str = "",
    since: dt.date | None = None,
    until: dt.date | None = None,
) -> AuditEventQuerySet:
    """Newest first; both days are London's, and included."""
    events = AuditEvent.objects.of(organisation)
    if verb:
        events = events.filter(verb=verb)
    if since:
        events = events.filter(at__gte=_midnight(since))
    if until:
        events = events.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    return events.order_by("-at", "-pk")


def verbs_of(organisation: Organisation) -> list[tuple[str, str]]:
    """What has been done there so far, as verbs with their words, in the order of the words."""
    seen = AuditEvent.objects.of(organisation).values("verb").annotate(Max("pk"))
    return sorted(((row["verb"], words_for(row["verb"])) for row in seen), key=lambda pair: pair[1])


def activity_rows(events: Iterable[AuditEvent]) -> list[ActivityRow]:
    """The events as people read them; names cost one query for all rows."""
    events = list(events)
    wanted = {event.actor for event in events}
    names = dict(User.objects.filter(email__in=wanted).values_list("email", "name"))
    return [
        ActivityRow(
            at=event.at,
            who=_who(event.actor, names),
            did=words_for(event.verb),
            about=_about(event.target),
            details="; ".join(f"{key.replace('_', ' ')}: {_words(value)}" for key, value in pairs),
        )
        for event in events
        for pairs in [sorted(event.detail.items())]
    ]


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _who(actor: str, names: dict[str, str]) -> str:
    if actor == PORTAL:
        return "The portal"
    return f"{names[actor]} ({actor})" if actor in names else actor


def _about(target: str) -> str:
    """`assessments.answer:12` as “Answer”; what names no row as it is."""
    label, _, key = target.partition(":")
    known = {model._meta.label_lower: model for model in apps.get_models()}
    if key and label in known:
        return str(known[label]._meta.verbose_name).capitalize()
    return target


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)
