"""Draws a Django form field as the NHS component that fits its widget, with hint and error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.widgets import Input
from django.utils.safestring import SafeData, SafeString, mark_safe

from portal.nhsuk.components import component
from portal.nhsuk.dates import MONTH_NAMES, PARTS, DateWidget, parts_in_error

Options = Mapping[str, Any]

# What the component draws itself, or what would stop typing short of the server's own message.
_NOT_PASSED_ON = {"class", "rows", "cols", "maxlength", "id", "required"}


def field(bound: BoundField, options: Options | None = None) -> SafeString:
    """The whole field: label or legend, hint, error message and control.

    Options: size (s, m, l, xl), heading (True, or a level), label, hint,
    choice_hints {value: text}, conditional {value: markup}, rows, width (characters),
    threshold (per cent), classes, inline, small, attributes. Any text that is a SafeString is
    taken as markup.
    """
    if bound.is_hidden:
        return mark_safe(str(bound))  # noqa: S308  (Django's own hidden input)
    draw = next(draw for kind, draw in _DRAWN_BY if isinstance(bound.field.widget, kind))
    return draw(bound, options or {})


def first_error(bound: BoundField) -> str:
    """One message a field: the same words beside the field and in the summary."""
    return str(bound.errors[0]) if bound.errors else ""


def target(bound: BoundField) -> str:
    """The id an error summary link lands on: the control, the first radio, the part in error."""
    name = bound.auto_id or bound.html_name
    if isinstance(bound.field.widget, DateWidget):
        wrong = parts_in_error(bound) or PARTS
        return f"{name}_{wrong[0]}"
    return name


def words(value: Any) -> dict[str, Any]:
    return {"html": value} if isinstance(value, SafeData) else {"text": str(value)}


def _label(bound: BoundField, options: Options) -> dict[str, Any]:
    label: dict[str, Any] = {"size": options.get("size", "m")}
    label |= words(options.get("label") or bound.label)
    heading = options.get("heading")
    if heading:
        label["heading"] = {"level": 1 if heading is True else heading}
    return label


def _common(bound: BoundField, options: Options) -> dict[str, Any]:
    hint, error = options.get("hint", bound.help_text), first_error(bound)
    attributes = {
        name: {"value": value, "optional": True} if isinstance(value, bool) else value
        for name, value in bound.field.widget.attrs.items()
        if name not in _NOT_PASSED_ON
    }
    return {
        "name": bound.html_name,
        "hint": words(hint) if hint else None,
        "errorMessage": {"text": error} if error else None,
        "classes": options.get("classes"),
        "attributes": {**attributes, **options.get("attributes", {})} or None,
        "disabled": bound.field.disabled or None,
    }


def _labelled(bound: BoundField, options: Options) -> dict[str, Any]:
    return {
        **_common(bound, options),
        "id": bound.auto_id or bound.html_name,
        "label": _label(bound, options),
    }


def _text(bound: BoundField, options: Options) -> SafeString:
    widget = bound.field.widget
    params = _labelled(bound, options)
    attributes = params["attributes"] or {}
    # NHS guidance: numbers are typed into a text input, never a number input.
    if isinstance(widget, forms.NumberInput):
        attributes = {"inputmode": "numeric", **attributes}
        attributes = {k: v for k, v in attributes.items() if k not in ("min", "max", "step")}
    elif isinstance(widget, forms.EmailInput):
        attributes = {"spellcheck": "false", **attributes}
    params["attributes"] = attributes or None
    params["type"] = "text" if isinstance(widget, forms.NumberInput) else widget.input_type
    value = bound.value()
    params["value"] = None if value is None else widget.format_value(value)
    params["width"] = options.get("width")
    return component("input", params)


def _password(bound: BoundField, options: Options) -> SafeString:
    params = _labelled(bound, options)
    attributes = dict(params["attributes"] or {})
    params["autocomplete"] = attributes.pop("autocomplete", None)
    params["attributes"] = attributes or None
    return component("password-input", params)


def _file(bound: BoundField, options: Options) -> SafeString:
    return component("file-upload", _labelled(bound, options))


def _textarea(bound: BoundField, options: Options) -> SafeString:
    params = _labelled(bound, options)
    params["rows"] = options.get("rows") or 5
    params["value"] = bound.value()
    limit = next((v for v in bound.field.validators if hasattr(v, "count_type")), None)
    if limit is None:
        return component("textarea", params)
    params |= {
        "maxlength": limit.limit,
        "countType": limit.count_type,
        "threshold": options.get("threshold"),
    }
    return component("character-count", params)


def _select(bound: BoundField, options: Options) -> SafeString:
    params = _labelled(bound, options)
    chosen = _chosen(bound)
    params["items"] = [
        {"value": str(value), "text": text, "selected": str(value) in chosen}
        for value, text in _flat(bound.field.choices)
    ]
    return component("select", params)


def _choices(bound: BoundField, options: Options) -> SafeString:
    """Radios and checkboxes; the first carries the plain id, so that error links land on it."""
    params = _common(bound, options)
    chosen = _chosen(bound)
    # Django's widget for many boxes is a kind of its widget for radios, so it is asked for first.
    many = isinstance(bound.field.widget, forms.CheckboxSelectMultiple)
    kind = "checkboxes" if many else "radios"
    params |= {
        "idPrefix": bound.auto_id or bound.html_name,
        "fieldset": {"legend": _label(bound, options)},
        "items": [
            _item(str(value), text, chosen, options)
            for value, text in _flat(bound.field.choices)
            if value not in ("", None)
        ],
    }
    for option in ("inline", "small"):
        if options.get(option):
            params[option] = True
    return component(kind, params)


def _item(value: str, text: Any, chosen: set[str], options: Options) -> dict[str, Any]:
    hint = options.get("choice_hints", {}).get(value)
    reveal = options.get("conditional", {}).get(value)
    return {
        "value": value,
        **words(text),
        "checked": value in chosen,
        "hint": words(hint) if hint else None,
        "conditional": {"html": reveal} if reveal else None,
    }


def _single_checkbox(bound: BoundField, options: Options) -> SafeString:
    params = _common(bound, options)
    params["idPrefix"] = bound.auto_id or bound.html_name
    label = words(options.get("label") or bound.label)
    params["items"] = [{"value": "on", **label, "checked": bool(bound.value())}]
    return component("checkboxes", params)


def _date(bound: BoundField, options: Options) -> SafeString:
    name, wrong = bound.auto_id or bound.html_name, parts_in_error(bound)
    values = bound.field.widget.decompress(bound.value())
    items = [
        {
            "id": f"{name}_{part}",
            "name": f"{bound.html_name}_{part}",
            "label": {"text": part.capitalize()},
            "width": 4 if part == "year" or str(value).strip().lower()[:3] in MONTH_NAMES else 2,
            "value": value,
            "error": part in wrong if wrong else None,
        }
        for part, value in zip(PARTS, values, strict=True)
    ]
    params = _common(bound, options)
    params |= {"id": name, "fieldset": {"legend": _label(bound, options)}, "items": items}
    return component("date-input", params)


def _chosen(bound: BoundField) -> set[str]:
    value = bound.value()
    values = value if isinstance(value, list | tuple | set) else [value]
    return {str(one) for one in values if one is not None}


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    """Choices without groups: the design system's select has none."""
    for value, text in choices:
        if isinstance(text, list | tuple):
            yield from text
        else:
            yield value, text


_DRAWN_BY: list[tuple[type, Callable[[BoundField, Options], SafeString]]] = [
    (DateWidget, _date),
    (forms.RadioSelect, _choices),
    (forms.CheckboxSelectMultiple, _choices),
    (forms.CheckboxInput, _single_checkbox),
    (forms.Select, _select),
    (forms.Textarea, _textarea),
    (forms.FileInput, _file),
    (forms.PasswordInput, _password),
    (Input, _text),
]
