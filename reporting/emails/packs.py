"""Mail about London packs: what, by when, and a link. Never words from a pack or a comment."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from portal.emails import queue
from portal.models import Membership, Organisation, User
from portal.roles import Role
from reporting.models import CHECKERS, FactualCheck, Pack, PackComment, Report

TOLD_OF_ISSUE = (Role.LEAD, Role.SPONSOR, Role.SECRETARY)


def check_opened(*, check: FactualCheck, at: dt.datetime) -> None:
    """To the leads and sponsors of every system in the draft."""
    for organisation in _systems(check.pack):
        for person in _people(organisation, *CHECKERS):
            key = f"pack-check:{check.pack_id}:opened:{person.pk}"
            _send("pack-check-opened", person, organisation, check, key, at)


def check_closing(*, check: FactualCheck, at: dt.datetime) -> int:
    """To those of the systems that have said nothing yet; returns how many were written."""
    silent = _systems(check.pack).exclude(pk__in=check.pack.comments.values("organisation"))
    return sum(
        _send(
            "pack-check-closing",
            person,
            organisation,
            check,
            f"pack-check:{check.pack_id}:closing:{person.pk}",
            at,
        )
        for organisation in silent
        for person in _people(organisation, *CHECKERS)
    )


def replied(*, comment: PackComment, at: dt.datetime) -> None:
    """To whoever wrote the comment."""
    key = f"pack-comment:{comment.pk}:reply:{comment.version}"
    check = comment.pack.factual_check
    _send("pack-comment-replied", comment.by, comment.organisation, check, key, at)


def issued(*, report: Report, at: dt.datetime) -> None:
    """To leads, sponsors and secretaries of the systems in it, once there is something to read."""
    url = report.get_absolute_url()
    for organisation in _systems(report.pack):
        for person in _people(organisation, *TOLD_OF_ISSUE):
            key = f"pack:{report.pack_id}:issued:{person.pk}"
            facts = _facts(person, organisation, report.pack, url)
            _queue("pack-issued", person, facts, key, at)


def _systems(pack: Pack) -> QuerySet[Organisation]:
    laid_out = pack.sources.values("snapshot__assessment__organisation")
    return Organisation.objects.filter(pk__in=laid_out).order_by("name")


def _people(organisation: Organisation, *roles: str) -> QuerySet[User]:
    held = Membership.objects.active().filter(organisation=organisation, role__in=roles)
    return User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("pk")


def _send(
    event: str,
    person: User,
    organisation: Organisation,
    check: FactualCheck,
    key: str,
    at: dt.datetime,
) -> bool:
    url = reverse("reporting:pack_check", args=[check.pack.cycle.slug, organisation.slug])
    facts = _facts(person, organisation, check.pack, url)
    return _queue(event, person, {**facts, "closes_at": check.closes_at}, key, at)


def _facts(person: User, organisation: Organisation, pack: Pack, url: str) -> dict[str, object]:
    return {
        "person": person,
        "organisation": organisation,
        "cycle": pack.cycle,
        "url": f"{settings.SITE_URL}{url}",
        "service": settings.SERVICE_NAME,
    }


def _queue(event: str, person: User, facts: dict[str, object], key: str, at: dt.datetime) -> bool:
    """Draw the template: its first line is the subject, the rest the body."""
    subject, _, body = render_to_string(f"emails/reporting/{event}.txt", facts).partition("\n")
    return queue(to=person.email, subject=subject, body=body.strip() + "\n", dedupe_key=key, at=at)
