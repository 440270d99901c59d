"""Where allauth asks the portal: who may come in, what is recorded, which words are used."""

from __future__ import annotations

import hashlib
from typing import Any, ClassVar

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal import audit, emails
from portal.models import User
from portal.queries import HAS_AUTHENTICATOR

TOO_MANY_TRIES = "You have tried too many times. Wait 5 minutes, then try again"
WRONG_CODE = (
    "The code is not right. Enter the newest code in your app, and check that "
    "your phone shows the right time"
)

RECORDED = {
    "account/email/password_changed": "change-password",
    "account/email/password_set": "change-password",
    "account/email/password_reset": "reset-password",
    "mfa/email/totp_activated": "add-authenticator",
    "mfa/email/totp_deactivated": "remove-authenticator",
    "mfa/email/recovery_codes_generated": "make-recovery-codes",
}
"""What allauth tells the person by mail, and the audit event that stands for it."""

ONCE_A_MINUTE = ("account/email/password_reset_key", "account/email/unknown_account")
"""Mail that strangers can cause: one a minute and address, so that nobody is flooded."""


def _record(verb: str, by: User | None, target: User | str) -> None:
    audit.record(by=by, verb=verb, target=target, organisation=None, at=timezone.now())


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up, mail through the outbox, an audit event for every coming and going."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account has been switched off",
        "email_password_mismatch": "The e-mail address or password is not right",
        "enter_current_password": "Your current password is not right",
        "incorrect_password": "The password is not right",
        "invalid_password_reset": "This link has been used or has run out",
        "too_many_login_attempts": TOO_MANY_TRIES,
        "rate_limited": TOO_MANY_TRIES,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        with transaction.atomic():
            super().login(request, user)
            _record("sign-in", user, user)

    def logout(self, request: HttpRequest) -> None:
        with transaction.atomic():
            _record("sign-out", request.user, request.user)
            super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Told of accounts only: what was typed may be somebody's password in the wrong box."""
        user = User.objects.filter(email__iexact=credentials.get("email", "")).first()
        _record("sign-in-refused", None, user or "unknown account")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever signed in a few minutes ago is not asked again to prove it."""
        records = get_authentication_records(self.request, self.request.user)
        if records:
            age = timezone.now().timestamp() - records[-1]["at"]
            if age < app_settings.REAUTHENTICATION_TIMEOUT:
                return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("portal:account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the address in the settings: the one in the request may be a forger's."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        at = timezone.now()
        facts = {
            "service": settings.SERVICE_NAME,
            "site_url": settings.SITE_URL,
            "contact": settings.CONTACT_EMAIL,
            "at": at,
            **context,
        }
        to = hashlib.sha256(email.lower().encode()).hexdigest()[:32]
        unit = "minutes" if template_prefix in ONCE_A_MINUTE else "microseconds"
        emails.queue(
            to=email,
            subject=render_to_string(f"{template_prefix}_subject.txt", facts),
            body=render_to_string(f"{template_prefix}_message.txt", facts),
            dedupe_key=f"{template_prefix}:{to}:{at.isoformat(timespec=unit)}",
            at=at,
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """allauth calls this once for each of these events, which makes it the place to record."""
        with transaction.atomic():
            _record(RECORDED.get(template_prefix, template_prefix), user, user)
            self.send_mail(template_prefix, user.email, {"person": user})
        if template_prefix == "mfa/email/totp_deactivated":
            self.request.session.pop(HAS_AUTHENTICATOR, None)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Account and address together: wrong guesses from elsewhere shut nobody out."""
        account = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}:{self.get_client_ip(request)}"


class MFAAdapter(DefaultMFAAdapter):
    """Words for authenticator apps and recovery codes."""

    error_messages: ClassVar = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": "Set up an authenticator app first",
        "unverified_email": "Your e-mail address has to be confirmed first",
    }


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Single sign-on into an account whose address the provider vouches for."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Nobody may tie a second identity to an account: the address alone decides."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT:
            raise ImmediateHttpResponse(redirect("portal:account"))

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """The account found is marked as verified, or allauth would wipe its password."""
        found = super().authenticate_by_email(sociallogin)
        if found:
            user, email = found
            EmailAddress.objects.get_or_create(
                user=user, email=email, defaults={"primary": True, "verified": True}
            )
        return found
