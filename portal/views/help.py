"""Help, who can do what, accessibility, privacy and cookies: public pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from portal.roles import GRANTS, LIMITS, Permission, Role

PAGES = ("accessibility", "privacy", "cookies", "levels-and-evidence")


@dataclass(frozen=True)
class RightsRow:
    """One thing that may be done, and for each role "Yes", "Yes, with a limit" or "No"."""

    name: str
    cells: tuple[str, ...]


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What the portal is for, and where to find help."""
    return _page(request, "index")


@login_not_required
@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One of the pages that the footer links to."""
    if name not in PAGES:
        raise Http404
    return _page(request, name)


@login_not_required
@require_safe
def who_can_do_what(request: HttpRequest) -> HttpResponse:
    """The rights, drawn from the table that decides."""
    rows = [RightsRow(permission.value, _cells(permission)) for permission in Permission]
    return TemplateResponse(
        request, "portal/help/who_can_do_what.html", {"roles": Role.labels, "rows": rows}
    )


def _page(request: HttpRequest, name: str) -> HttpResponse:
    template = f"portal/help/{name.replace('-', '_')}.html"
    minutes = settings.SESSION_COOKIE_AGE // 60
    context = {"contact_email": settings.CONTACT_EMAIL, "minutes": minutes}
    return TemplateResponse(request, template, context)


def _cells(permission: Permission) -> tuple[str, ...]:
    return tuple(_cell(role, permission) for role in Role.values)


def _cell(role: str, permission: Permission) -> str:
    if permission not in GRANTS[role]:
        return "No"
    limit = LIMITS.get((role, permission))
    return f"Yes: {limit}" if limit else "Yes"
