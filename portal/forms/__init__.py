"""The forms of people and organisations. Those of allauth's pages are in portal.forms.accounts."""

from portal.forms.activity import ActivityFilter
from portal.forms.organisations import (
    AffiliationForm,
    EndAffiliationForm,
    NewOrganisationForm,
    OrganisationForm,
)
from portal.forms.people import ROLE_HINTS, AcceptForm, BreakGlassForm, DetailsForm, InviteForm

__all__ = [
    "ROLE_HINTS",
    "AcceptForm",
    "ActivityFilter",
    "AffiliationForm",
    "BreakGlassForm",
    "DetailsForm",
    "EndAffiliationForm",
    "InviteForm",
    "NewOrganisationForm",
    "OrganisationForm",
]
