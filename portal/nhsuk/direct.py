"""Fast twins of the hottest macros: the same markup, proved on the official fixtures.

The macros cost about ten times as much, and an answer page carries a dozen fields. A twin knows
the options the portal uses; for any other it raises NotDirect and the macro draws instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, TypeAlias

from django.utils.functional import Promise

Params: TypeAlias = Mapping[str, Any]

NONE: Params = {}
SIZES = ("s", "m", "l", "xl")
WIDTHS = ("2", "3", "4", "5", "10", "20", "30")
VARIANTS = ("brand", "login", "reverse", "secondary", "secondary-solid", "warning")
COLOURS = ("white", "grey", "green", "aqua-green", "blue", "purple", "pink", "red", "orange",
           "yellow")  # fmt: skip


class NotDirect(Exception):
    """An option only the official macro knows."""


def only(params: Params, *known: str) -> None:
    """Refuse options this twin does not draw; one that is None was not given."""
    for key, value in params.items():
        if key not in known and value is not None:
            raise NotDirect(key)


def text(value: Any) -> str:
    return escape(str(value))


def content(params: Params) -> str:
    """The "html" of a component as it is, else its "text" escaped."""
    html = params.get("html")
    if html:
        return str(html).strip()
    return text(params.get("text") or "").strip()


def mapping(value: Any) -> Params:
    """Options where a plain string is short for {"text": …}; nothing given is empty."""
    if not value:
        return NONE
    if isinstance(value, Mapping):
        return value
    if isinstance(value, str | Promise):
        return {"text": value}
    raise NotDirect(value)


def attributes(values: Any) -> str:
    """Extra attributes; {"value": True, "optional": True} draws the bare name."""
    if not values:
        return ""
    if isinstance(values, str):
        raise NotDirect("attributes as markup")
    return "".join(_attribute(name, value) for name, value in values.items())


def _attribute(name: str, value: Any) -> str:
    optional = False
    if isinstance(value, Mapping):
        only(value, "value", "optional")
        optional, value = value.get("optional") is True, value.get("value")
    if value is None or (optional and value is False):
        return ""
    if optional and value is True:
        return f" {name}"
    return f' {name}="{str(value).lower() if isinstance(value, bool) else text(value)}"'


def when(name: str, value: Any) -> str:
    """An attribute that is left out where it has no value."""
    return "" if value is None or value is False else f' {name}="{text(value)}"'


def classed(base: str, extra: Any) -> str:
    return f"{base} {text(extra)}" if extra else base


def sized(base: str, prefix: str, size: Any, extra: Any) -> str:
    """The size's class, unless the extra classes name a size themselves."""
    if size in SIZES and not (extra and prefix in extra):
        base = f"{base} {prefix}{size}"
    return classed(base, extra)


def simple(tag: str, base: str, params: Params) -> str:
    """An element with classes, id, attributes and content: hint, tag."""
    return (
        f'<{tag} class="{classed(base, params.get("classes"))}"{_id(params)}'
        f"{attributes(params.get('attributes'))}>{content(params)}</{tag}>"
    )


def _id(params: Params) -> str:
    return f' id="{text(params["id"])}"' if params.get("id") else ""


def hint(params: Params) -> str:
    only(params, "text", "html", "id", "classes", "attributes")
    return simple("div", "nhsuk-hint", params)


def tag(params: Params) -> str:
    only(params, "text", "html", "id", "classes", "attributes", "colour", "border")
    base, extra = "nhsuk-tag", params.get("classes") or ""
    colour = params.get("colour")
    if colour in COLOURS and not any(f"nhsuk-tag--{name}" in extra for name in COLOURS):
        base += f" nhsuk-tag--{colour}"
    if colour is False and "nhsuk-tag--no-colour" not in extra:
        base += " nhsuk-tag--no-colour"
    if params.get("border") is False and "nhsuk-tag--no-border" not in extra:
        base += " nhsuk-tag--no-border"
    return simple("strong", base, params)


def error_message(params: Params) -> str:
    only(params, "text", "html", "id", "classes", "attributes", "visuallyHiddenText")
    prefix = params.get("visuallyHiddenText")
    prefix = "Error" if prefix is None else prefix
    hidden = f'<span class="nhsuk-u-visually-hidden">{text(prefix)}: </span>' if prefix else ""
    inner = {**params, "html": hidden + content(params)}
    return simple("span", "nhsuk-error-message", inner)


def button(params: Params) -> str:
    only(params, "text", "html", "id", "name", "value", "type", "href", "disabled", "classes",
         "attributes", "variant", "small", "preventDoubleClick", "ariaLabel")  # fmt: skip
    base, extra = "nhsuk-button", params.get("classes") or ""
    variant = params.get("variant")
    if variant in VARIANTS and not any(f"nhsuk-button--{name}" in extra for name in VARIANTS):
        base += f" nhsuk-button--{variant}"
    if params.get("small") and "nhsuk-button--small" not in extra:
        base += " nhsuk-button--small"
    once = params.get("preventDoubleClick")
    once = f' data-prevent-double-click="{str(once).lower()}"' if isinstance(once, bool) else ""
    element = "a" if params.get("href") and not params.get("type") else "button"
    name = when("name", params.get("name")) if element == "button" else ""
    return (
        f'<{element} class="{classed(base, extra)}"{when("id", params.get("id"))}{name}'
        f' data-module="nhsuk-button"{once}{_button_kind(element, params)}'
        f"{attributes(params.get('attributes'))}>{content(params)}</{element}>"
    )


def _button_kind(element: str, params: Params) -> str:
    aria = when("aria-label", params.get("ariaLabel"))
    if element == "a":
        return f' href="{text(params["href"])}" role="button" draggable="false"{aria}'
    kind = f' type="{text(params.get("type") or "submit")}"{when("value", params.get("value"))}'
    if params.get("disabled"):
        return f'{kind} disabled{aria} aria-disabled="true"'
    return kind + aria


def _heading(params: Params, *own: str) -> tuple[Params, bool]:
    """The heading options of a label or legend (a string is its text), and whether it has one."""
    only(params, "text", "html", "id", "size", "heading", "isPageHeading", "classes", "attributes",
         "visuallyHiddenText", *own)  # fmt: skip
    heading = params.get("heading")
    on_page = params.get("isPageHeading")
    has = bool((on_page and heading is not False) or (on_page is not False and heading))
    options = NONE if isinstance(heading, bool) else mapping(heading)
    only(options, "text", "html", "level", "size", "id")
    return options, has


def _words(params: Params, heading: Params, has_heading: bool) -> str:
    first, second = (heading, params) if has_heading else (params, heading)
    inner = content(
        {key: first.get(key) or second.get(key) for key in ("html", "text")} if second else first
    )
    hidden = params.get("visuallyHiddenText")
    if inner and hidden:
        inner += f'<span class="nhsuk-u-visually-hidden"> {text(hidden)}</span>'
    return inner


def label(params: Params) -> str:
    heading, has = _heading(params, "for")
    inner = _words(params, heading, has)
    if not inner:
        return ""
    size = (heading.get("size") or params.get("size")) if has else params.get("size")
    names = sized("nhsuk-label", "nhsuk-label--", size, params.get("classes"))
    out = (
        f'<label class="{names}"{when("id", params.get("id"))}{when("for", params.get("for"))}'
        f"{attributes(params.get('attributes'))}>{inner}</label>"
    )
    if not has:
        return out
    level = f"h{heading.get('level') or 1}"
    return f'<{level} class="nhsuk-label-wrapper"{_id(heading)}>{out}</{level}>'


def legend(params: Params) -> str:
    heading, has = _heading(params)
    inner = _words(params, heading, has)
    if not inner:
        return ""
    size = (heading.get("size") or params.get("size")) if has else params.get("size")
    prefix = "nhsuk-fieldset__legend--"
    names = sized("nhsuk-fieldset__legend", prefix, size, params.get("classes"))
    if has:
        level = f"h{heading.get('level') or 1}"
        inner = f'<{level} class="nhsuk-fieldset__heading"{_id(heading)}>{inner}</{level}>'
    opening = f'<legend class="{names}"{_id(params)}{attributes(params.get("attributes"))}>'
    return f"{opening}{inner}</legend>"


def fieldset(params: Params) -> str:
    only(params, "legend", "html", "id", "role", "describedBy", "classes", "attributes")
    return (
        f'<fieldset class="{classed("nhsuk-fieldset", params.get("classes"))}"'
        f"{when('id', params.get('id'))}{when('role', params.get('role'))}"
        f"{when('aria-describedby', params.get('describedBy') or None)}"
        f"{attributes(params.get('attributes'))}>{legend(mapping(params.get('legend')))}"
        f"{str(params.get('html') or '').strip()}</fieldset>"
    )
