"""Breaking the glass: an administrator reads one organisation's content for an hour, and says why.

The audit event is the key: there is no reading without it, and nobody can take it out again.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from portal import audit, emails
from portal.models import Membership, Organisation, User
from portal.queries import GLASS_BROKEN, GLASS_MENDED, GLASS_TIME
from portal.roles import Permission, Role, authorise


@transaction.atomic
def break_glass(*, organisation: Organisation, reason: str, by: User, at: dt.datetime) -> None:
    """Let the administrator read, and tell the organisation's leads and sponsors at once."""
    authorise(by, Permission.OPERATE)
    audit.record(
        by=by,
        verb=GLASS_BROKEN,
        target=organisation,
        organisation=organisation,
        at=at,
        reason=reason,
        until=(at + GLASS_TIME).isoformat(timespec="minutes"),
    )
    active = Membership.objects.active().filter(
        organisation=organisation, role__in=(Role.LEAD, Role.SPONSOR), user__is_active=True
    )
    for person in User.objects.filter(pk__in=active.values("user")).order_by("pk"):
        emails.glass_broken(
            person=person,
            organisation=organisation,
            reason=reason,
            by=by,
            at=at,
            until=at + GLASS_TIME,
        )


@transaction.atomic
def mend_glass(*, organisation: Organisation, by: User, at: dt.datetime) -> None:
    """Stop reading before the hour is over."""
    authorise(by, Permission.OPERATE)
    audit.record(by=by, verb=GLASS_MENDED, target=organisation, organisation=organisation, at=at)


def record_reading(
    *, organisation: Organisation, page: str, code: str, by: User, at: dt.datetime
) -> None:
    """Note which page was read behind the glass."""
    audit.record(
        by=by,
        verb="break-glass.read",
        target=organisation,
        organisation=organisation,
        at=at,
        page=page,
        code=code,
    )
