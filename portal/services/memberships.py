"""Roles held: starting one, ending one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from portal import audit
from portal.models import Membership, Organisation, User
from portal.roles import BARRED_BY_HEG, INVITED_BY, LONDON_WIDE, Role, authorise
from portal.services import refusals


@transaction.atomic
def start_membership(
    *,
    user: User,
    organisation: Organisation,
    role: str,
    by: User | None,
    at: dt.datetime,
    on_behalf_of: str = "",
) -> Membership:
    """Give the person the role. `by` is None where nobody is signed in: a command, the demo."""
    refuse_misfit(organisation=organisation, role=role, user=user)
    membership = Membership.objects.create(
        user=user,
        organisation=organisation,
        role=role,
        on_behalf_of=on_behalf_of,
        started_at=at,
    )
    if role == Role.ADMIN:
        User.objects.filter(pk=user.pk).update(is_staff=True)
    forget_roles(user)
    _record("start-role", membership, by, at)
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, at: dt.datetime) -> None:
    """Take the role away, from the next request on."""
    authorise(by, INVITED_BY[membership.role], membership.organisation)
    active = Membership.objects.active()
    if membership.role == Role.ADMIN:
        others = active.filter(role=Role.ADMIN, user__is_active=True).exclude(user=membership.user)
        if not others.exists():
            raise refusals.LastAdministrator
    if not active.filter(pk=membership.pk).update(ended_at=at):
        raise refusals.MembershipEnded
    if membership.role == Role.ADMIN:
        User.objects.filter(pk=membership.user_id).update(is_staff=False)
    forget_roles(membership.user)
    _record("end-role", membership, by, at)


def refuse_misfit(*, organisation: Organisation, role: str, user: User | None) -> None:
    """What no invitation and no membership may join: organisation, role and the person's others."""
    if (role in LONDON_WIDE) != organisation.is_heg:
        raise refusals.WrongOrganisation
    if user is None:
        return
    if not user.is_active:
        raise refusals.AccountOff
    held = Membership.objects.active().filter(user=user)
    if held.filter(organisation=organisation, role=role).exists():
        raise refusals.AlreadyMember
    barred = {Role.HEG: BARRED_BY_HEG}.get(Role(role), {Role.HEG} if role in BARRED_BY_HEG else ())
    if held.filter(role__in=barred).exists():
        raise refusals.BarredByHEG


def forget_roles(user: User) -> None:
    """The roles are cached on the person for the length of a request."""
    user.__dict__.pop("active_memberships", None)


def _record(verb: str, membership: Membership, by: User | None, at: dt.datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        target=membership,
        organisation=membership.organisation,
        at=at,
        person=membership.user.email,
        role=str(membership.role),
    )
