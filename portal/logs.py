"""How logs and error reports look: one JSON object a line, with the request's id, no secrets."""

from __future__ import annotations

import logging
import re
import traceback
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

MASK = "…"
# What must not be read in a log: links that let somebody in, searches, and people's addresses.
_SECRETS = (
    (re.compile(r"(/invitations/)[^/\s'\">]+"), rf"\1{MASK}"),
    (re.compile(r"(/password/reset/key/)[^/\s'\">]+"), rf"\1{MASK}"),
    (re.compile(r"(/[^\s?'\">]*)\?[^\s'\">]+"), rf"\1?{MASK}"),
    (re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+"), MASK),
)
_PLAIN = (bool, int, float, type(None))


def formatter() -> logging.Formatter:
    """The formatter of every handler."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_without_words),
            hide_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
    )


def hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mask every value; what is no plain value (a request, an error) is masked as its text."""
    return {key: _masked(value) for key, value in event.items()}


def _without_words(exc_info: structlog.typing.ExcInfo) -> str:
    """Where an error arose and of what kind, and likewise what led to it.

    Its text is left out: it may quote what somebody typed, as a database's does.
    """
    error: BaseException | None = exc_info[1]
    told: list[str] = []
    while error is not None:
        kind = f"{type(error).__module__}.{type(error).__qualname__}"
        told.insert(0, "".join([*traceback.format_tb(error.__traceback__), kind]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\nthen\n".join(told)


def _masked(value: Any) -> Any:
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, dict):
        return {key: _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(inner) for inner in value]
    text = str(value)
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def report_errors() -> None:
    """Send errors to the receiver that SENTRY_DSN names; without one, nothing is even imported."""
    if not settings.SENTRY_DSN:
        return
    import sentry_sdk

    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.VERSION,
        environment=urlsplit(settings.SITE_URL).hostname,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        before_send=strip_report,
    )


def strip_report(event: dict[str, Any], _hint: dict[str, Any]) -> dict[str, Any]:
    """Leave what mends an error: its kind, where in the code, which page. No words, no people.

    The text of an error may quote what somebody typed, and so may what was logged before it.
    """
    for name in ("breadcrumbs", "extra", "user", "logentry", "server_name", "contexts", "modules"):
        event.pop(name, None)
    for error in event.get("exception", {}).get("values", ()):
        error["value"] = MASK
    request = event.pop("request", {})
    page = {"method": request.get("method"), "url": _masked(request.get("url", ""))}
    return {**event, "request": page} if request else event
