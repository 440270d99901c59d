"""The forms of inviting, accepting and one's own details: they clean and check, and never save."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString

from portal.forms.fields import (
    HOW_TO_CHOOSE,
    EmailField,
    OneLine,
    choice_field,
    job_title_field,
    name_field,
)
from portal.models import User
from portal.nhsuk import NHSForm
from portal.nhsuk import field as draw
from portal.roles import Role

ROLE_HINTS = {
    Role.CONTRIBUTOR: "Answers the actions they are asked to",
    Role.LEAD: "Runs the self-assessment and sends it for sign-off",
    Role.SPONSOR: "Signs the assessment off or returns it with questions",
    Role.BOARD: "Reads the Board papers and full reports",
    Role.SECRETARY: "Fills in the cover sheet and records what the Board decided",
    Role.COMMUNITY: "Rates the actions they know, from their own experience",
    Role.HEG: "Opens cycles, looks after organisations and compares what has been released",
    Role.ADMIN: "Operates the portal and invites the Health Equity Group",
}


class InviteForm(NHSForm):
    """Whom to invite, to which of the roles that the inviting person may give."""

    email = EmailField(label="E-mail address", missing="Enter their e-mail address")
    name = name_field("Enter their full name")
    role = choice_field("Role", [], "Choose a role")
    on_behalf_of = OneLine(label="Group or panel they speak for", limit=200)

    def __init__(self, *args: Any, roles: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Mail clients and browsers must not fill in the inviting person's own details.
        self.fields["email"].widget.attrs["autocomplete"] = "off"
        self.fields["role"].choices = [(role, Role(role).label) for role in roles]

    @property
    def revealed(self) -> dict[str, SafeString]:
        """What choosing a role brings into sight."""
        return {str(Role.COMMUNITY): draw(self["on_behalf_of"], {"size": "s"})}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("role") != Role.COMMUNITY:
            cleaned["on_behalf_of"] = ""
        elif not cleaned.get("on_behalf_of") and "on_behalf_of" not in self.errors:
            self.add_error("on_behalf_of", "Enter the group or panel they speak for")
        return cleaned


class AcceptForm(NHSForm):
    """What somebody without an account gives to accept an invitation."""

    name = name_field(
        "Enter your full name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    job_title = job_title_field()
    password = forms.CharField(
        label="Create a password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=HOW_TO_CHOOSE,
        error_messages={"required": "Enter a password"},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("password"):
            person = User(
                email=self.email,
                name=cleaned.get("name", ""),
                job_title=cleaned.get("job_title", ""),
            )
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class DetailsForm(NHSForm):
    """A person's own name and job title."""

    name = name_field(
        "Enter your full name", widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    job_title = job_title_field()


class BreakGlassForm(NHSForm):
    """Why an administrator has to read what an organisation has written."""

    reason = OneLine(
        label="Why do you have to read it?",
        missing="Enter why you have to read it",
        limit=300,
        help_text="For example, the lead asked you to find out why an answer cannot be opened",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
