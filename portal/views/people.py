"""One's own account, the roles of people in an organisation, and staying signed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal import queries, services
from portal.forms import DetailsForm
from portal.models import Membership
from portal.roles import INVITED_BY, Permission, authorise
from portal.views.organisations import find_organisation


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """My details, my roles, and whether I have an authenticator."""
    context = {
        "person": request.user,
        "memberships": sorted(request.user.active_memberships, key=str),
        "has_authenticator": queries.has_authenticator(request.user),
        "has_password": request.user.has_usable_password(),
    }
    return TemplateResponse(request, "portal/people/account.html", context)


def change_details(request: HttpRequest) -> HttpResponse:
    person = request.user
    initial = {"name": person.name, "job_title": person.job_title}
    form = DetailsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        services.change_details(user=person, by=person, at=timezone.now(), **form.cleaned_data)
        messages.success(request, "Your details have been saved")
        return redirect("portal:account")
    return TemplateResponse(request, "portal/people/details.html", {"form": form})


def end_role(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Asks first; a posted page ends the role."""
    membership = _find_membership(request, slug, reference)
    authorise(request.user, INVITED_BY[membership.role], membership.organisation)
    if request.method == "POST":
        try:
            services.end_membership(membership=membership, by=request.user, at=timezone.now())
        except services.Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            role = membership.get_role_display().lower()
            messages.success(request, f"{membership.user.name} is no longer {role}")
        return redirect("portal:organisations")
    return TemplateResponse(request, "portal/people/end_role.html", {"membership": membership})


def reset_authenticator(request: HttpRequest, slug: str, reference: str) -> HttpResponse:
    """Asks first; a posted page takes the person's authenticator off."""
    membership = _find_membership(request, slug, reference)
    authorise(request.user, Permission.RESET_AUTHENTICATOR, membership.organisation)
    if request.method == "POST":
        person = membership.user
        try:
            services.reset_authenticator(user=person, by=request.user, at=timezone.now())
        except services.NoAuthenticator as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"{person.name}'s authenticator has been reset")
        return redirect(membership.organisation)
    context = {"membership": membership}
    return TemplateResponse(request, "portal/people/reset_authenticator.html", context)


@require_POST
def extend_session(request: HttpRequest) -> JsonResponse:
    """Stay signed in: saving the session gives it its whole time again."""
    request.session.modified = True
    return JsonResponse({"seconds": request.session.get_expiry_age()})


def _find_membership(request: HttpRequest, slug: str, reference: str) -> Membership:
    organisation = find_organisation(request, slug)
    membership = queries.find_membership(organisation, reference)
    if membership is None:
        raise Http404
    return membership
