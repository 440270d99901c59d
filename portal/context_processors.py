"""What every page needs to know: the service, who looks, where they can go, when they leave."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from portal.roles import ASSESSED_ROLES, Role

SESSION_EXTEND_URL = "/session/extend/"
SIGN_IN_URL = "/accounts/login/"
ACCOUNT_URL = "/account/"
SIGN_OUT_URL = "/accounts/logout/"


def site(request: HttpRequest) -> dict[str, Any]:
    """The variables of base.html; a page under a single-sign-on error may have no user."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "service_name": settings.SERVICE_NAME,
        "service_owner": settings.SERVICE_OWNER,
        "organisation_logo": getattr(settings, "ORGANISATION_LOGO", ""),
        "demo": settings.DEMO,
        "navigation": mark_current(navigation_for(user if signed_in else None), request.path),
        "session_seconds": settings.SESSION_COOKIE_AGE if signed_in else 0,
        "session_minutes": settings.SESSION_COOKIE_AGE // 60,
        "session_extend_url": SESSION_EXTEND_URL,
        "sign_in_url": SIGN_IN_URL,
        "account_url": ACCOUNT_URL,
        "sign_out_url": SIGN_OUT_URL,
    }


def navigation_for(user: Any | None) -> list[dict[str, Any]]:
    """The header's links for this person, by what their roles use; None is nobody signed in."""
    framework = {"text": "Framework", "href": "/framework/"}
    guide = {"text": "Help", "href": "/help/"}
    if user is None:
        return [framework, guide]
    links = [
        ({"text": "Assessments", "href": "/assessments/"}, (Role.LEAD, Role.SPONSOR)),
        (
            {"text": "My actions", "href": "/my-actions/"},
            (Role.CONTRIBUTOR, Role.LEAD, Role.SPONSOR),
        ),
        ({"text": "Cycles", "href": "/cycles/"}, (Role.HEG,)),
        ({"text": "Comparison", "href": "/comparison/"}, (Role.HEG,)),
        ({"text": "Reports", "href": "/reports/"}, (*ASSESSED_ROLES, Role.COMMUNITY, Role.HEG)),
        (
            {"text": "Organisations", "href": "/organisations/"},
            (Role.LEAD, Role.SPONSOR, Role.HEG, Role.ADMIN),
        ),
    ]
    mine = [link for link, roles in links if user.holds(*roles)]
    return [{"text": "Home", "href": "/"}, *mine, framework, guide]


def mark_current(items: list[dict[str, Any]], path: str) -> list[dict[str, Any]]:
    """The same links; "current" is "page" on this page's own link, "true" on the one above it."""
    return [{**item, "current": _current(item["href"], path)} for item in items]


def _current(href: str, path: str) -> str:
    if path == href:
        return "page"
    return "true" if href != "/" and path.startswith(href) else ""
