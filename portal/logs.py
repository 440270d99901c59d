"""How the portal's logs look: one JSON object a line, with the request's id, and no secrets."""

from __future__ import annotations

import logging
import re
from typing import Any

import structlog

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
            structlog.processors.format_exc_info,
            hide_secrets,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
    )


def hide_secrets(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Mask every value; what is no plain value (a request, an error) is masked as its text."""
    return {key: _masked(value) for key, value in event.items()}


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
