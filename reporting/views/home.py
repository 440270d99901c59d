"""Home: a start page for everybody, and what to do next for whoever is signed in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from reporting.queries.home import home as home_of


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this person does next, or what the service is for."""
    if not request.user.is_authenticated:
        return TemplateResponse(request, "reporting/home/start.html", {})
    context = {"home": home_of(request.user, at=timezone.now())}
    return TemplateResponse(request, "reporting/home/home.html", context)


# Public only for whoever is not signed in: the middleware reads this.
home.asks_second_factor = True  # type: ignore[attr-defined]
