"""The pages of people, organisations and help."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from portal.views import activity, break_glass, errors, health, invitations, organisations, people
from portal.views import help as help_pages
from portal.views.readiness import Readiness

app_name = "portal"

account_urls = [
    path("account/", people.account, name="account"),
    path("account/details/", people.change_details, name="change_details"),
    path("session/extend/", people.extend_session, name="extend_session"),
    path("invitations/<str:token>/", invitations.accept, name="accept_invitation"),
]

organisation_urls = [
    path("organisations/", organisations.index, name="organisations"),
    path("organisations/new/", organisations.create, name="create_organisation"),
    path("organisations/<slug:slug>/", organisations.detail, name="organisation"),
    path("organisations/<slug:slug>/activity/", activity.page, name="activity"),
    path("organisations/<slug:slug>/activity.csv", activity.as_csv, name="activity_csv"),
    path("organisations/<slug:slug>/edit/", organisations.edit, name="edit_organisation"),
    path(
        "organisations/<slug:slug>/constituents/add/",
        organisations.add_constituent,
        name="add_constituent",
    ),
    path(
        "organisations/<slug:slug>/constituents/<slug:member>/end/",
        organisations.end_constituent,
        name="end_constituent",
    ),
    path("organisations/<slug:slug>/break-glass/", break_glass.break_glass, name="break_glass"),
    path("organisations/<slug:slug>/break-glass/end/", break_glass.mend_glass, name="mend_glass"),
    path("organisations/<slug:slug>/people/invite/", invitations.invite, name="invite"),
    path(
        "organisations/<slug:slug>/people/<slug:reference>/end/",
        people.end_role,
        name="end_role",
    ),
    path(
        "organisations/<slug:slug>/people/<slug:reference>/reset-authenticator/",
        people.reset_authenticator,
        name="reset_authenticator",
    ),
    path(
        "organisations/<slug:slug>/invitations/<slug:reference>/resend/",
        invitations.resend,
        name="resend_invitation",
    ),
    path(
        "organisations/<slug:slug>/invitations/<slug:reference>/revoke/",
        invitations.revoke,
        name="revoke_invitation",
    ),
]

# What allauth offers and the portal does not: the address is the account, its proof the
# invitation, and a second identity is tied to nobody. These stand before allauth's own.
to_account = RedirectView.as_view(pattern_name="portal:account")
closed_urls = [
    path("accounts/email/", to_account),
    path("accounts/3rdparty/", to_account),
    path("accounts/confirm-email/", errors.closed),
    path("accounts/confirm-email/<path:key>/", errors.closed),
    path("accounts/3rdparty/signup/", errors.closed),
]

help_urls = [
    path("healthz", health.healthz, name="healthz"),
    path("healthz/ready", login_not_required(Readiness.as_view()), name="ready"),
    path("metrics", health.metrics, name="metrics"),
    path("help/", help_pages.index, name="help"),
    path("help/who-can-do-what/", help_pages.who_can_do_what, name="who_can_do_what"),
    path("help/<slug:name>/", help_pages.page, name="help_page"),
]

urlpatterns = [*account_urls, *organisation_urls, *closed_urls, *help_urls]
