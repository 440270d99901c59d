"""Template tags for NHS components, fields and error summaries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal import nhsuk as markup
from portal.nhsuk.layout import button

register = template.Library()


@register.simple_tag
def nhsuk(name: str, params: Mapping[str, Any] | None = None, /, **options: Any) -> SafeString:
    """{% nhsuk "inset-text" text="…" %}: a component by its official name and options."""
    return markup.component(name, {**(params or {}), **options})


@register.simple_tag
def nhsuk_field(bound: Any, options: Mapping[str, Any] | None = None, /, **more: Any) -> SafeString:
    """{% nhsuk_field form.level size="l" heading=True %}: options as in portal.nhsuk.field."""
    return markup.field(bound, {**(options or {}), **more})


@register.simple_tag
def nhsuk_button(given: Any) -> SafeString:
    return button(given)


@register.simple_tag
def nhsuk_error_summary(*forms: Any) -> SafeString:
    """{% nhsuk_error_summary form other %}: nothing where nothing is wrong."""
    return markup.error_summary(*(form for form in forms if form))


@register.simple_tag
def title_error(*forms: Any) -> str:
    """What an erroneous page's title begins with; takes forms, lists of forms and flags."""
    return "Error: " if markup.has_errors(*forms) else ""


@register.simple_tag
def nhsuk_messages(messages: Any) -> SafeString:
    """All waiting messages in one notification banner; green only if all of them are good news."""
    waiting = list(messages or ())
    if not waiting:
        return SafeString("")
    line = '<p class="nhsuk-notification-banner__heading">{}</p>'
    lines = format_html_join("", line, ((message,) for message in waiting))
    params: dict[str, Any] = {"html": lines}
    if all(message.level_tag == "success" for message in waiting):
        params["variant"] = "success"
    return markup.component("notification-banner", params)
