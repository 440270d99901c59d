"""What `manage.py check --deploy` says about this installation, each with its remedy.

What must not run at all does not start: see portal/weaknesses.py.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks

LOCAL = {"localhost", "127.0.0.1", "::1", "testserver"}


@checks.register(checks.Tags.caches, deploy=True)
def cache_is_shared(**_kwargs: Any) -> list[checks.CheckMessage]:
    on_postgresql = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    if settings.REDIS_URL or not on_postgresql:
        return []
    return [
        checks.Warning(
            "There is PostgreSQL but no Redis: broker and limits on guessing passwords would "
            "be kept by each machine for itself.",
            hint="Set REDIS_URL, like redis://redis:6379/0.",
            id="portal.W003",
        )
    ]


@checks.register(deploy=True)
def mail_leaves(**_kwargs: Any) -> list[checks.CheckMessage]:
    if _is_local() or not settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        return []
    return [
        checks.Warning(
            "Mail is printed, not sent: nobody would get an invitation or a new password.",
            hint="Set EMAIL_URL, like smtp+tls://user:password@mail.example.org:587.",
            id="portal.W004",
        )
    ]


def _is_local() -> bool:
    """A demonstration, or a portal on one's own machine."""
    return settings.DEMO or urlsplit(settings.SITE_URL).hostname in LOCAL
