"""What every request passes: log line, method, session's life, second factor, no caching."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_structlog.middlewares import RequestMiddleware

from portal import services
from portal.models import Organisation
from portal.queries import HAS_AUTHENTICATOR, behind_glass, has_authenticator
from portal.roles import Role

Respond = Callable[[HttpRequest], HttpResponse]

ACTIVE_AT = "active_at"
RENEW_AFTER_SECONDS = 60
SECRETS_IN_ADDRESSES = ("token", "key")
"""Names of URL parameters that let whoever reads them in."""
PRIVATE_PREFIXES = ("/accounts/", "/invitations/", "/admin/")


METHODS = ("GET", "HEAD", "POST")


def known_methods(get_response: Respond) -> Respond:
    """Pages are read and forms are sent; no other method reaches a view, whatever it would do."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return middleware


class RequestLog(RequestMiddleware):
    """One line a request: method, path and who by key; no query, token, address or e-mail."""

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        match = request.resolver_match
        if match is None:
            return str(request.method)
        path = request.path
        for name in SECRETS_IN_ADDRESSES:
            if name in match.kwargs:
                path = path.replace(str(match.kwargs[name]), "…")
        return f"{request.method} {path}"


def session_activity(get_response: Respond) -> Respond:
    """Renew the session when its person does something, at most once a minute.

    Autosave and pages that refresh themselves send X-Autosave and do not count: otherwise a page
    left open would never let its person be signed out.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if _is_activity(request) and request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            if now - request.session.get(ACTIVE_AT, 0) >= RENEW_AFTER_SECONDS:
                request.session[ACTIVE_AT] = now
        return get_response(request)

    return middleware


def _is_activity(request: HttpRequest) -> bool:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return "X-Autosave" not in request.headers


def second_factor(get_response: Respond) -> Respond:
    """Send whoever must have an authenticator, and has none, to set one up.

    Whether there is one is asked once and then remembered in the session; taking it off forgets it.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if not settings.REQUIRE_MFA or not request.user.is_authenticated:
            return None
        if request.path.startswith("/accounts/") or _is_public(view):
            return None
        if request.session.get(HAS_AUTHENTICATOR) or not request.user.needs_second_factor:
            return None
        if has_authenticator(request.user):
            request.session[HAS_AUTHENTICATOR] = True
            return None
        return redirect(reverse("mfa_activate_totp"))

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def _is_public(view: Any) -> bool:
    """Whether a view is for everybody; one that only looks after ended sessions itself is not."""
    open_to_all = not getattr(view, "login_required", True)
    return open_to_all and not getattr(view, "asks_second_factor", False)


def broken_glass(get_response: Respond) -> Respond:
    """Let an administrator read where the glass is broken, and write down each page that is."""

    def middleware(request: HttpRequest) -> HttpResponse:
        opened = _opened_to(request)
        if not opened:
            return get_response(request)
        request.user.behind_glass = frozenset(opened)
        response = get_response(request)
        match = request.resolver_match
        slug = match.kwargs.get("organisation") if match else None
        for organisation in opened.values():
            if organisation.slug == slug and response.status_code == HTTPStatus.OK:
                services.record_reading(
                    organisation=organisation,
                    page=match.view_name,
                    code=match.kwargs.get("code", ""),
                    by=request.user,
                    at=timezone.now(),
                )
        return response

    return middleware


def _opened_to(request: HttpRequest) -> dict[int, Organisation]:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return {}
    if not request.user.is_staff or not request.user.holds(Role.ADMIN):
        return {}
    return behind_glass(request.user, at=timezone.now())


def private_pages(get_response: Respond) -> Respond:
    """No store keeps a page of somebody signed in, nor any page on which people sign in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if _is_private(request):
            response.headers["Cache-Control"] = "no-store, private"
        return response

    return middleware


def _is_private(request: HttpRequest) -> bool:
    if request.path.startswith(PRIVATE_PREFIXES):
        return True
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
