"""Inviting people, and accepting an invitation with nothing but its link."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from portal import queries, services
from portal.forms import ROLE_HINTS, AcceptForm, InviteForm
from portal.models import Invitation, User
from portal.roles import INVITED_BY, authorise, roles_given_by
from portal.views.organisations import find_organisation


def invite(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = find_organisation(request, slug)
    roles = roles_given_by(request.user, organisation)
    if not roles:
        raise PermissionDenied
    form = InviteForm(request.POST if request.method == "POST" else None, roles=roles)
    if form.is_valid():
        try:
            invitation, _token = services.invite(
                organisation=organisation, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, f"An invitation is on its way to {invitation.email}")
            return redirect(organisation)
    context = {"form": form, "organisation": organisation, "role_hints": ROLE_HINTS}
    return TemplateResponse(request, "portal/invitations/invite.html", context)


@require_POST
def resend(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    invitation = _find_invitation(request, slug, reference)
    try:
        services.resend(invitation=invitation, by=request.user, at=timezone.now())
    except services.InvitationClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"A new invitation is on its way to {invitation.email}")
    return redirect(invitation.organisation)


@require_POST
def revoke(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    invitation = _find_invitation(request, slug, reference)
    try:
        services.revoke(invitation=invitation, by=request.user, at=timezone.now())
    except services.InvitationClosed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"The invitation of {invitation.email} has been withdrawn")
    return redirect(invitation.organisation)


def _find_invitation(request: HttpRequest, slug: str, reference: str) -> Invitation:
    """Who may not invite to the role learns only that they may not."""
    organisation = find_organisation(request, slug)
    invitation = queries.find_invitation(organisation, reference)
    if invitation is None:
        raise Http404
    authorise(request.user, INVITED_BY[invitation.role], organisation)
    return invitation


@login_not_required
@sensitive_post_parameters("password")
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """For everybody who holds the link; opening it changes nothing."""
    try:
        invitation = services.find_open(token=token, at=timezone.now())
        if request.user.is_authenticated:
            return _accept_as(request, invitation, token)
        if User.objects.filter(email__iexact=invitation.email).exists():
            return _page(request, "sign_in", invitation)
        return _accept_with_new_account(request, invitation, token)
    except services.InvitationClosed:
        return TemplateResponse(request, "portal/invitations/closed.html", status=404)


def _accept_as(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    if request.user.email.lower() != invitation.email.lower():
        return _page(request, "somebody_else", invitation)
    if request.method == "POST":
        try:
            services.accept_as(token=token, user=request.user, at=timezone.now())
        except (services.AlreadyMember, services.BarredByHEG) as refusal:
            messages.error(request, str(refusal))
            return redirect("portal:account")
        role = invitation.get_role_display().lower()
        messages.success(request, f"You are now {role} for {invitation.organisation}")
        return redirect(invitation.organisation)
    return _page(request, "accept", invitation)


def _accept_with_new_account(
    request: HttpRequest, invitation: Invitation, token: str
) -> HttpResponse:
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        email=invitation.email,
        initial={"name": invitation.name},
    )
    if not form.is_valid():
        return _page(request, "new_account", invitation, form=form)
    try:
        user = services.accept_with_new_account(token=token, at=timezone.now(), **form.cleaned_data)
    except services.AccountExists:
        return _page(request, "sign_in", invitation)
    credentials = {"email": user.email}
    return perform_password_login(request, credentials, Login(user=user, email=user.email))


def _page(
    request: HttpRequest, name: str, invitation: Invitation, **context: object
) -> HttpResponse:
    return TemplateResponse(
        request, f"portal/invitations/{name}.html", {"invitation": invitation, **context}
    )
