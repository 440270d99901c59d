"""The administrator's page for reading one organisation's content for an hour, with a reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from portal import services
from portal.forms import BreakGlassForm
from portal.roles import Permission, authorise
from portal.views.organisations import find_organisation


def break_glass(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks for the reason; a posted page opens what there is to read."""
    organisation = find_organisation(request, slug)
    authorise(request.user, Permission.OPERATE, organisation)
    form = BreakGlassForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.break_glass(
            organisation=organisation, by=request.user, at=timezone.now(), **form.cleaned_data
        )
        messages.success(request, f"You can read what {organisation} has written for an hour")
        return redirect("portal:break_glass", slug)
    context = {
        "organisation": organisation,
        "form": form,
        "is_open": organisation.pk in request.user.behind_glass,
    }
    return TemplateResponse(request, "portal/organisations/break_glass.html", context)


@require_POST
def mend_glass(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = find_organisation(request, slug)
    authorise(request.user, Permission.OPERATE, organisation)
    services.mend_glass(organisation=organisation, by=request.user, at=timezone.now())
    messages.success(request, f"You no longer read what {organisation} has written")
    return redirect(organisation)
