"""Invitations: a role offered by mail to one address, once, for 28 days."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.conf import settings
from django.db import IntegrityError, transaction

from portal import audit, emails
from portal.models import Invitation, Membership, Organisation, User
from portal.roles import INVITED_BY, authorise
from portal.services import refusals
from portal.services.accounts import create_account
from portal.services.memberships import refuse_misfit, start_membership


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    organisation: Organisation,
    role: str,
    by: User | None,
    at: dt.datetime,
    on_behalf_of: str = "",
) -> tuple[Invitation, str]:
    """Offer the role by mail. Returns the invitation and its token, which is stored nowhere.

    `by` is None for the management command, where the first administrator has nobody to ask.
    """
    _authorise(by, role, organisation)
    email = email.strip().lower()
    person = User.objects.filter(email__iexact=email).first()
    refuse_misfit(organisation=organisation, role=role, user=person)
    same = Invitation.objects.pending().filter(
        email__iexact=email, organisation=organisation, role=role
    )
    if same.open(at=at).exists():
        raise refusals.AlreadyInvited
    same.filter(expires_at__lte=at).update(revoked_at=at)  # and none written meanwhile
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=email,
        name=name,
        organisation=organisation,
        role=role,
        on_behalf_of=on_behalf_of,
        token_hash=_hash(token),
        invited_by=by,
        sent_at=at,
        expires_at=at + _lifetime(),
    )
    _insert(invitation)
    _send(invitation, token, by, at)
    _record("invite", invitation, by, at)
    return invitation, token


def _insert(invitation: Invitation) -> None:
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:  # invited by somebody else, or by the same form, a moment ago
        raise refusals.AlreadyInvited from None


@transaction.atomic
def resend(*, invitation: Invitation, by: User, at: dt.datetime) -> str:
    """Send it anew: a new token and another 28 days; the old link stops working."""
    _authorise(by, invitation.role, invitation.organisation)
    token = secrets.token_urlsafe(32)
    new = {"token_hash": _hash(token), "sent_at": at, "expires_at": at + _lifetime()}
    _change_pending(invitation, **new)
    _send(invitation, token, by, at)
    _record("resend-invitation", invitation, by, at)
    return token


@transaction.atomic
def revoke(*, invitation: Invitation, by: User, at: dt.datetime) -> None:
    _authorise(by, invitation.role, invitation.organisation)
    _change_pending(invitation, revoked_at=at)
    _record("revoke-invitation", invitation, by, at)


def find_open(*, token: str, at: dt.datetime) -> Invitation:
    """The invitation this link opens, or InvitationClosed for whatever reason it opens none."""
    found = Invitation.objects.open(at=at).filter(token_hash=_hash(token))
    invitation = found.select_related("organisation", "invited_by").first()
    if invitation is None:
        raise refusals.InvitationClosed
    return invitation


@transaction.atomic
def accept_with_new_account(
    *, token: str, name: str, job_title: str, password: str, at: dt.datetime
) -> User:
    """Take the role up as somebody who has no account yet; the address is the invitation's."""
    invitation = find_open(token=token, at=at)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise refusals.AccountExists
    _change_pending(invitation, accepted_at=at)
    try:
        user = create_account(
            email=invitation.email, name=name, job_title=job_title, password=password, at=at
        )
    except IntegrityError:  # made a moment ago, through another invitation
        raise refusals.AccountExists from None
    _take_up(invitation, user, at)
    return user


@transaction.atomic
def accept_as(*, token: str, user: User, at: dt.datetime) -> Membership:
    """Take the role up as the person signed in, whose address must be the invitation's."""
    invitation = find_open(token=token, at=at)
    if user.email.lower() != invitation.email.lower():
        raise refusals.SomebodyElse
    _change_pending(invitation, accepted_at=at)
    return _take_up(invitation, user, at)


def _take_up(invitation: Invitation, user: User, at: dt.datetime) -> Membership:
    membership = start_membership(
        user=user,
        organisation=invitation.organisation,
        role=invitation.role,
        on_behalf_of=invitation.on_behalf_of,
        by=user,
        at=at,
    )
    _record("accept-invitation", invitation, user, at)
    return membership


def _change_pending(invitation: Invitation, **fields: object) -> None:
    """Compare and set: of two who act on one invitation at once, one succeeds."""
    pending = Invitation.objects.pending().filter(
        pk=invitation.pk, token_hash=invitation.token_hash
    )
    if not pending.update(**fields):
        raise refusals.InvitationClosed
    for name, value in fields.items():
        setattr(invitation, name, value)


def _authorise(by: User | None, role: str, organisation: Organisation) -> None:
    if by is not None:
        authorise(by, INVITED_BY[role], organisation)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _lifetime() -> dt.timedelta:
    return dt.timedelta(days=settings.INVITATION_DAYS)


def _send(invitation: Invitation, token: str, by: User | None, at: dt.datetime) -> None:
    emails.invited(invitation=invitation, token=token, by=by, at=at)


def _record(verb: str, invitation: Invitation, by: User | None, at: dt.datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        target=invitation,
        organisation=invitation.organisation,
        at=at,
        person=invitation.email,
        role=str(invitation.role),
    )
