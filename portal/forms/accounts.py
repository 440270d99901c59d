"""The forms of allauth's pages: its behaviour, our fields, labels and sentences."""

from __future__ import annotations

import re
from typing import Any

from allauth.account import forms as account
from allauth.account.fields import PasswordField, SetPasswordField
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter as get_mfa_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.forms.fields import HOW_TO_CHOOSE, EmailField
from portal.nhsuk import NHSFormMixin

CODE_REMEMBERED_SECONDS = 180
"""Longer than any code is valid, so that one overheard cannot be used a second time."""


def password_field(label: str, missing: str) -> forms.Field:
    field = PasswordField(
        label=label, autocomplete="current-password", error_messages={"required": missing}
    )
    field.widget.attrs.pop("placeholder")
    return field


def new_password_field(label: str, missing: str) -> forms.Field:
    """Typed once: the page can show what was typed."""
    field = SetPasswordField(
        label=label, help_text=HOW_TO_CHOOSE, error_messages={"required": missing}
    )
    field.widget.attrs.pop("placeholder")
    return field


def code_field(label: str, missing: str, hint: str = "") -> forms.Field:
    return forms.CharField(
        label=label,
        help_text=hint,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": missing, "max_length": "The code is too long"},
    )


class LoginForm(NHSFormMixin, account.LoginForm):
    password = password_field("Password", "Enter your password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": EmailField(label="E-mail address", missing="Enter your e-mail address"),
            "password": self.fields["password"],
        }


class ResetPasswordForm(NHSFormMixin, account.ResetPasswordForm):
    email = EmailField(label="E-mail address", missing="Enter your e-mail address")


class ResetPasswordKeyForm(NHSFormMixin, account.ResetPasswordKeyForm):
    password1 = new_password_field("New password", "Enter a new password")
    password2 = None


class ChangePasswordForm(NHSFormMixin, account.ChangePasswordForm):
    oldpassword = password_field("Current password", "Enter your current password")
    password1 = new_password_field("New password", "Enter a new password")
    password2 = None


class SetPasswordForm(NHSFormMixin, account.SetPasswordForm):
    password1 = new_password_field("Password", "Enter a password")
    password2 = None


class ReauthenticateForm(NHSFormMixin, account.ReauthenticateForm):
    password = password_field("Password", "Enter your password")


class UsedOnce:
    """A code lets in once, also within the minute or so for which an app's code is valid."""

    user: Any

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        key = f"portal.code.{self.user.pk}.{normalize_user_code(code)}"
        if not cache.add(key, "used", timeout=CODE_REMEMBERED_SECONDS):
            raise get_mfa_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(UsedOnce, NHSFormMixin, mfa.AuthenticateForm):
    code = code_field(
        "Code",
        "Enter the code from your authenticator app, or a recovery code",
        "6 numbers from your authenticator app. If you do not have your phone, "
        "8 numbers from your recovery codes",
    )


class CodeReauthenticateForm(UsedOnce, NHSFormMixin, mfa.ReauthenticateForm):
    code = code_field(
        "Code",
        "Enter the code from your authenticator app, or a recovery code",
        "6 numbers from your authenticator app, or 8 from your recovery codes",
    )


class ActivateTOTPForm(NHSFormMixin, totp.ActivateTOTPForm):
    code = code_field("Code from the app", "Enter the code from your authenticator app")

    @property
    def is_required(self) -> bool:
        """Whether the person's role asks for an authenticator here."""
        return settings.REQUIRE_MFA and self.user.needs_second_factor

    @property
    def secret_in_words(self) -> SafeString:
        """For those who cannot scan: the key in groups that can be read and typed."""
        groups = " ".join(re.findall(".{1,4}", self.secret))
        return format_html(
            "<p>In the app, choose to enter a key by hand, and type this one:</p>"
            "<p><code>{}</code></p>",
            groups,
        )
