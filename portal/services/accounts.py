"""People's accounts: made, changed, and helped when an authenticator is lost."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from portal import audit, emails
from portal.models import User
from portal.roles import Permission, authorise
from portal.services import refusals


@transaction.atomic
def create_account(
    *,
    email: str,
    name: str,
    at: dt.datetime,
    password: str | None = None,
    job_title: str = "",
    by: User | None = None,
) -> User:
    """An account whose address is known to be the person's own; without a password until set."""
    user = User.objects.create_user(email, password, name=name, job_title=job_title, joined_at=at)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    _record("create-account", user, by or user, at)
    return user


@transaction.atomic
def change_details(*, user: User, name: str, job_title: str, by: User, at: dt.datetime) -> None:
    """Name and job title, as the person writes them."""
    user.name, user.job_title = name, job_title
    user.save(update_fields=["name", "job_title"])
    _record("change-details", user, by, at)


@transaction.atomic
def change_account(
    *, user: User, name: str, job_title: str, is_active: bool, by: User, at: dt.datetime
) -> None:
    """What an administrator may change; an account switched off is signed out at once."""
    authorise(by, Permission.OPERATE)
    switched = is_active != User.objects.values_list("is_active", flat=True).get(pk=user.pk)
    user.name, user.job_title, user.is_active = name, job_title, is_active
    user.save(update_fields=["name", "job_title", "is_active"])
    _record("change-details", user, by, at)
    if switched:
        _record("switch-on-account" if is_active else "switch-off-account", user, by, at)
    if not is_active:
        end_sessions(user=user, at=at)


@transaction.atomic
def reset_authenticator(*, user: User, by: User, at: dt.datetime) -> None:
    """Take a lost authenticator off, end the person's sessions and tell them by mail."""
    authorise(by, Permission.RESET_AUTHENTICATOR)
    removed, _kinds = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise refusals.NoAuthenticator
    end_sessions(user=user, at=at)
    _record("reset-authenticator", user, by, at)
    emails.authenticator_reset(user=user, by=by, at=at)


def end_sessions(*, user: User, at: dt.datetime) -> int:
    """Sign the person out everywhere. Sessions carry no key to people, so each is opened."""
    key = str(user.pk)
    open_now = Session.objects.filter(expire_date__gte=at)
    ended = [s.pk for s in open_now.iterator() if s.get_decoded().get(SESSION_KEY) == key]
    Session.objects.filter(pk__in=ended).delete()
    return len(ended)


def _record(verb: str, user: User, by: User, at: dt.datetime) -> None:
    audit.record(by=by, verb=verb, target=user, organisation=None, at=at, person=user.email)
