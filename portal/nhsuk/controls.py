"""Fast twins of the form controls: inputs, text boxes, selects, radios and checkboxes."""

from __future__ import annotations

from typing import Any

from portal.nhsuk.direct import (
    NONE,
    WIDTHS,
    NotDirect,
    Params,
    attributes,
    classed,
    content,
    error_message,
    fieldset,
    hint,
    label,
    mapping,
    only,
    text,
    when,
)

_COMMON = ("id", "name", "label", "hint", "errorMessage", "formGroup", "classes", "attributes",
           "value", "disabled", "describedBy", "autocomplete", "spellcheck")  # fmt: skip


def _around(params: Params, name: str, described_by: str = "") -> tuple[str, str, bool]:
    """Hint and error message, what describes the control, and whether it is in error."""
    markup = ""
    about, error = mapping(params.get("hint")), params.get("errorMessage")
    in_error = error is True
    if about:
        options = {"id": f"{name}-hint", **about}
        described_by, markup = f"{described_by} {options['id']}", hint(options)
    error = NONE if in_error else mapping(error)
    if error:
        options = {"id": f"{name}-error", **error}
        described_by, markup = f"{described_by} {options['id']}", markup + error_message(options)
    return markup, described_by.strip(), in_error or bool(error)


def _group(params: Params, in_error: bool, inner: str, names: str = "", extra: str = "") -> str:
    group = params.get("formGroup") or NONE
    only(group, "classes", "attributes")
    base = "nhsuk-form-group nhsuk-form-group--error" if in_error else "nhsuk-form-group"
    classes = classed(classed(base, group.get("classes")), names)
    return f'<div class="{classes}"{extra}{attributes(group.get("attributes"))}>{inner}</div>'


def _name(params: Params) -> str:
    return text(params.get("id") or params.get("name") or "")


def _label(params: Params, name: str) -> str:
    return label({"for": name, **mapping(params.get("label"))})


def _disabled(params: Params) -> str:
    return " disabled" if params.get("disabled") else ""


def _flag(name: str, value: Any) -> str:
    return f' {name}="{str(value).lower()}"' if isinstance(value, bool) else ""


def text_input(params: Params) -> str:
    only(params, *_COMMON, "type", "width", "code", "large", "autocapitalize", "pattern",
         "placeholder", "inputmode")  # fmt: skip
    name = _name(params)
    around, described_by, in_error = _around(params, name, params.get("describedBy") or "")
    base, extra = "nhsuk-input", params.get("classes") or ""
    for option in ("large", "code"):
        if params.get(option) and f"nhsuk-input--{option}" not in extra:
            base += f" nhsuk-input--{option}"
    if in_error:
        base += " nhsuk-input--error"
    width = str(params.get("width") or "")
    if width in WIDTHS and "nhsuk-input--width-" not in extra:
        base += f" nhsuk-input--width-{width}"
    optional = ("autocomplete", "autocapitalize", "pattern", "placeholder", "inputmode")
    control = (
        f'<input class="{classed(base, extra)}" id="{name}" name="{text(params.get("name", ""))}"'
        f' type="{text(params.get("type") or "text")}"'
        f"{_flag('spellcheck', params.get('spellcheck'))}"
        f"{when('value', params.get('value'))}{_disabled(params)}"
        f"{when('aria-describedby', described_by or None)}"
        f"{''.join(when(option, params.get(option)) for option in optional)}"
        f"{attributes(params.get('attributes'))}>"
    )
    return _group(params, in_error, _label(params, name) + around + control)


def textarea(params: Params) -> str:
    only(params, *_COMMON, "rows")
    return _textarea(params, params.get("describedBy") or "", params.get("classes") or "")


def _textarea(
    params: Params,
    described_by: str,
    classes: str,
    *,
    after: str = "",
    names: str = "",
    extra: str = "",
) -> str:
    name = _name(params)
    around, described_by, in_error = _around(params, name, described_by)
    base = "nhsuk-textarea nhsuk-textarea--error" if in_error else "nhsuk-textarea"
    value = params.get("value")
    control = (
        f'<textarea class="{classed(base, classes)}" id="{name}"'
        f' name="{text(params.get("name", ""))}" rows="{text(params.get("rows") or 5)}"'
        f"{_flag('spellcheck', params.get('spellcheck'))}{_disabled(params)}"
        f"{when('aria-describedby', described_by or None)}"
        f"{when('autocomplete', params.get('autocomplete') or None)}"
        f"{attributes(params.get('attributes'))}>{'' if value is None else text(value)}</textarea>"
    )
    inner = _label(params, name) + around + control + after
    return _group(params, in_error, inner, names, extra)


def character_count(params: Params) -> str:
    only(params, *_COMMON, "rows", "maxlength", "countType", "threshold", "countMessage",
         "textareaDescriptionText")  # fmt: skip
    limit, kind = params.get("maxlength"), params.get("countType")
    if not limit:
        raise NotDirect("a limit set by script")
    name = _name(params)
    unit = "words" if kind == "words" else "characters"
    words = params.get("textareaDescriptionText") or f"You can enter up to %{{count}} {unit}"
    message = {
        "text": str(words).replace("%{count}", str(limit)),
        "id": f"{name}-info",
        "classes": classed(
            "nhsuk-character-count__message", (params.get("countMessage") or NONE).get("classes")
        ),
    }
    return _textarea(
        params,
        f"{name}-info",
        classed("nhsuk-js-character-count", params.get("classes")),
        after=hint(message),
        names="nhsuk-character-count",
        extra=' data-module="nhsuk-character-count"'
        f"{when('data-maxlength', limit)}{when('data-threshold', params.get('threshold'))}"
        f"{when('data-count-type', kind)}",
    )


def select(params: Params) -> str:
    only(params, *_COMMON, "items")
    name = _name(params)
    around, described_by, in_error = _around(params, name, params.get("describedBy") or "")
    base = "nhsuk-select nhsuk-select--error" if in_error else "nhsuk-select"
    options = "".join(_option(item, params.get("value")) for item in params.get("items") or ())
    control = (
        f'<select class="{classed(base, params.get("classes"))}" id="{name}"'
        f' name="{text(params.get("name", ""))}"{_disabled(params)}'
        f"{when('aria-describedby', described_by or None)}"
        f"{attributes(params.get('attributes'))}>{options}</select>"
    )
    return _group(params, in_error, _label(params, name) + around + control)


def _option(item: Params, value: Any) -> str:
    if not item:
        return ""
    if item.get("divider"):
        return "<hr>"
    only(item, "value", "text", "selected", "disabled", "attributes")
    own = item.get("value")
    chosen = item.get("selected")
    if chosen is None and value:
        chosen = (item.get("text") if own is None else own) == value
    return (
        f"<option{when('value', own)}{' selected' if chosen else ''}{_disabled(item)}"
        f"{attributes(item.get('attributes'))}>{text(item.get('text', ''))}</option>"
    )


def radios(params: Params) -> str:
    only(params, "idPrefix", "id", "name", "items", "value", "small", "inline", "fieldset", "hint",
         "errorMessage", "formGroup", "classes", "attributes", "disabled")  # fmt: skip
    chosen = params.get("value")
    return _choices("radios", params, {chosen} if chosen else set())


def checkboxes(params: Params) -> str:
    only(params, "idPrefix", "id", "name", "items", "values", "small", "fieldset", "hint",
         "errorMessage", "formGroup", "classes", "attributes", "disabled",
         "describedBy")  # fmt: skip
    return _choices("checkboxes", params, set(params.get("values") or ()))


def _choices(kind: str, params: Params, chosen: set[Any]) -> str:
    """Radios or checkboxes: hint, error, items, in a fieldset where one is asked for."""
    name = text(params.get("idPrefix") or params.get("name") or "")
    box = params.get("fieldset") or NONE
    described_by = box.get("describedBy") or params.get("describedBy") or ""
    around, described_by, in_error = _around(params, name, described_by)
    base, extra = f"nhsuk-{kind}", params.get("classes") or ""
    for option in ("small", "inline"):
        if params.get(option) and f"{base}--{option}" not in extra:
            base += f" nhsuk-{kind}--{option}"
    outer = described_by if kind == "checkboxes" and not box else ""
    items = "".join(
        _choice(kind, params, item, name if index == 1 else f"{name}-{index}", chosen, outer)
        for index, item in enumerate(params.get("items") or (), 1)
        if item
    )
    inner = (
        f'{around}<div class="{classed(base, extra)}"{when("id", params.get("id"))}'
        f' data-module="nhsuk-{kind}"{attributes(params.get("attributes"))}>{items}</div>'
    )
    if box:
        inner = fieldset({**box, "html": inner, "describedBy": described_by})
    return _group(params, in_error, inner)


def _choice(
    kind: str, params: Params, item: Params, own_id: str, chosen: set[Any], described_by: str
) -> str:
    if item.get("divider"):
        only(item, "divider")
        return f'<div class="nhsuk-{kind}__divider">{text(item["divider"])}</div>'
    only(item, "value", "text", "html", "id", "name", "hint", "checked", "disabled", "conditional",
         "attributes", "behaviour", "behaviourGroup")  # fmt: skip
    if item.get("behaviour") == "inclusive":
        raise NotDirect("inclusive")
    own_id = text(item.get("id") or own_id)
    value, checked = item.get("value"), item.get("checked")
    checked = value in chosen if checked is None else checked
    about = mapping(item.get("hint"))
    if about:
        about = {"id": f"{own_id}-item-hint", **about}
        about = {**about, "classes": classed(f"nhsuk-{kind}__hint", about.get("classes"))}
        described_by = f"{described_by} {about['id']}".strip()
    reveal = (item.get("conditional") or NONE).get("html")
    control = (
        f'<input class="nhsuk-{kind}__input" id="{own_id}"'
        f' name="{text(item.get("name") or params.get("name", ""))}"'
        f' type="{"radio" if kind == "radios" else "checkbox"}"'
        f' value="{"" if value is None else text(value)}"{" checked" if checked else ""}'
        f"{_disabled({'disabled': item.get('disabled', params.get('disabled'))})}"
        f"{when('data-behaviour', item.get('behaviour'))}"
        f"{when('data-behaviour-group', item.get('behaviourGroup'))}"
        + (f' data-aria-controls="conditional-{own_id}"' if reveal else "")
        + f"{when('aria-describedby', described_by or None)}{attributes(item.get('attributes'))}>"
    )
    out = (
        f'<div class="nhsuk-{kind}__item">{control}'
        f'<label class="nhsuk-label nhsuk-{kind}__label" for="{own_id}">{content(item)}</label>'
        f"{hint(about) if about else ''}</div>"
    )
    return out + _revealed(kind, own_id, reveal, bool(checked)) if reveal else out


def _revealed(kind: str, own_id: str, html: str, checked: bool) -> str:
    base = f"nhsuk-{kind}__conditional"
    hidden = "" if checked else f" {base}--hidden"
    return f'<div class="{base}{hidden}" id="conditional-{own_id}">{str(html).strip()}</div>'
