"""The forms of organisations and what they are part of."""

from __future__ import annotations

from typing import Any

from django import forms

from portal.forms.fields import OneLine, choice_field
from portal.models import Organisation
from portal.nhsuk import DateField, NHSForm


class OrganisationForm(NHSForm):
    """What an organisation is called, its codes and its dates."""

    name = OneLine(label="Name", missing="Enter the organisation's name", limit=200)
    short_name = OneLine(
        label="Short name",
        missing="Enter a short name",
        limit=40,
        help_text="Heads the column in tables and charts, like NEL or Croydon",
    )
    ods_code = OneLine(label="ODS code (optional)", limit=12)
    gss_code = OneLine(label="GSS code (optional)", limit=12)
    valid_from = DateField(
        label="Exists from (optional)", subject="Exists from", required=False, error_messages={}
    )
    valid_to = DateField(
        label="Existed until (optional)", subject="Existed until", required=False, error_messages={}
    )


class NewOrganisationForm(OrganisationForm):
    """The same, with the kind that stays for good."""

    kind = choice_field(
        "Kind of organisation", Organisation.Kind.choices, "Choose the kind of organisation"
    )

    field_order = ("kind",)


class AffiliationForm(NHSForm):
    """An organisation that is part of a system, and since when."""

    member = choice_field("Organisation", [], "Choose an organisation", widget=forms.Select)
    starts_on = DateField(label="Since (optional)", subject="Since", required=False)
    is_host = forms.BooleanField(label="This system hosts the organisation", required=False)

    def __init__(self, *args: Any, members: list[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.members = {member.slug: member for member in members}
        named = [(slug, member.name) for slug, member in self.members.items()]
        self.fields["member"].choices = [("", "Choose an organisation"), *named]

    def clean_member(self) -> Organisation:
        return self.members[self.cleaned_data["member"]]


class EndAffiliationForm(NHSForm):
    ends_on = DateField(
        label="Last day",
        subject="Last day",
        error_messages={"required": "Enter the last day"},
    )
