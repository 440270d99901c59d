"""What the pages of people and organisations ask of the database, as rows ready to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone

from portal.models import Affiliation, AuditEvent, Invitation, Membership, Organisation, User
from portal.roles import LONDON_WIDE, Permission, Role, can, grants, roles_given_by

HAS_AUTHENTICATOR = "has_authenticator"
"""Session key: this person's authenticator was there when last asked."""


def has_authenticator(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


@dataclass(frozen=True)
class PersonRow:
    """One role of one person, and what the reader may do about it."""

    membership: Membership
    can_end: bool
    can_reset: bool


@dataclass(frozen=True)
class OrganisationPage:
    organisation: Organisation
    at: dt.datetime
    people: list[PersonRow]
    invitations: list[Invitation]
    constituents: list[Affiliation]
    systems: list[Affiliation]
    can_see_people: bool
    can_invite: bool
    can_edit: bool
    can_break_glass: bool
    can_see_activity: bool


def organisation_page(
    *, organisation: Organisation, user: User, at: dt.datetime
) -> OrganisationPage:
    """Everything on an organisation's page that this person may see, in a fixed few queries."""
    given = roles_given_by(user, organisation)
    sees_people = bool(user.roles_in(organisation) - {Role.COMMUNITY})
    invitations = Invitation.objects.pending().filter(organisation=organisation, role__in=given)
    dated = Q(ends_on=None) | Q(ends_on__gte=at.date())
    return OrganisationPage(
        organisation=organisation,
        at=at,
        people=_people(organisation, user, given) if sees_people else [],
        invitations=list(invitations.order_by("email", "role")) if given else [],
        constituents=list(
            organisation.constituents.filter(dated)
            .select_related("member")
            .order_by("member__kind", "member__name")
        ),
        systems=list(
            organisation.affiliations.filter(dated)
            .select_related("system")
            .order_by("system__name")
        ),
        can_see_people=sees_people,
        can_invite=bool(given),
        can_edit=can(user, Permission.MANAGE_ORGANISATIONS),
        can_break_glass=not organisation.is_heg and can(user, Permission.OPERATE),
        can_see_activity=sees_activity(user, organisation),
    )


def sees_activity(user: User, organisation: Organisation) -> bool:
    """Lead and sponsor their organisation's; London-wide roles the Health Equity Group's only."""
    roles = user.roles_in(organisation)
    held = roles if organisation.is_heg else roles - LONDON_WIDE
    return Permission.READ_ACTIVITY in grants(held)


def _people(organisation: Organisation, user: User, given: list[str]) -> list[PersonRow]:
    memberships = (
        organisation.memberships.active().select_related("user").order_by("user__name", "pk")
    )
    resets = can(user, Permission.RESET_AUTHENTICATOR)
    secured = set(
        Authenticator.objects.filter(user__memberships__organisation=organisation).values_list(
            "user_id", flat=True
        )
        if resets
        else ()
    )
    return [
        PersonRow(
            membership=membership,
            can_end=membership.role in given,
            can_reset=membership.user_id in secured and membership.user_id != user.pk,
        )
        for membership in memberships
    ]


def find_membership(organisation: Organisation, reference: str) -> Membership | None:
    """The active membership that an address names."""
    active = organisation.memberships.active().select_related("user", "organisation")
    return next((one for one in active if one.reference == reference), None)


def find_invitation(organisation: Organisation, reference: str) -> Invitation | None:
    """The pending invitation that an address names."""
    pending = organisation.invitations.pending().select_related("organisation", "invited_by")
    return next((one for one in pending if one.reference == reference), None)


def may_join(system: Organisation) -> list[Organisation]:
    """Organisations that could be recorded as part of the system."""
    never = (Organisation.Kind.ICS, Organisation.Kind.HEG)
    present = system.constituents.filter(ends_on=None).values("member")
    others = Organisation.objects.exclude(kind__in=never).exclude(pk__in=present)
    return list(others.order_by("name"))


GLASS_BROKEN, GLASS_MENDED = "break-glass.opened", "break-glass.ended"
GLASS_TIME = dt.timedelta(hours=1)
GLASS_SHOWN = dt.timedelta(days=30)
"""How long leads and sponsors see on their home page that an administrator has read."""


@dataclass(frozen=True)
class Glass:
    """An administrator's hour of reading in one organisation."""

    organisation: str
    by: str
    reason: str
    at: dt.datetime

    @property
    def words(self) -> str:
        at = timezone.localtime(self.at)
        return (
            f"{self.by}, an administrator, opened what {self.organisation} has written for reading "
            f"on {at.day} {at:%B %Y} at {at:%H:%M}, for an hour. The reason given: {self.reason}"
        )


def behind_glass(user: User, *, at: dt.datetime) -> dict[int, Organisation]:
    """Organisations that this administrator may read now, by key."""
    events = AuditEvent.objects.filter(
        actor=user.email, verb__in=(GLASS_BROKEN, GLASS_MENDED), at__gt=at - GLASS_TIME, at__lte=at
    )
    latest = dict(events.order_by("chain", "sequence").values_list("chain", "verb"))
    slugs = [chain for chain, verb in latest.items() if verb == GLASS_BROKEN]
    return {one.pk: one for one in Organisation.objects.filter(slug__in=slugs)} if slugs else {}


def glass_broken_at(organisations: list[int], *, at: dt.datetime) -> list[Glass]:
    """Who has read there in the last thirty days, and why; the newest first."""
    names = dict(Organisation.objects.filter(pk__in=organisations).values_list("slug", "name"))
    events = AuditEvent.objects.filter(chain__in=names, verb=GLASS_BROKEN, at__gt=at - GLASS_SHOWN)
    return [
        Glass(names[one.chain], one.actor, one.detail["reason"], one.at)
        for one in events.order_by("-at")
    ]
