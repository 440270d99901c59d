"""The one door to component markup: official macros, or our faster twin of the same markup."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader, Template

from portal.nhsuk import controls, direct, lists


def component(name: str, params: Mapping[str, Any]) -> SafeString:
    """The markup of one NHS component, by the design system's own name and parameters.

    Parameters are those of the official macros. Text is escaped; only keys that end in "html"
    are taken as markup, whatever type their value has.
    """
    twin = TWINS.get(name)
    if twin is not None:
        try:
            return mark_safe(twin(params))  # noqa: S308  (every twin escapes; proved on fixtures)
        except direct.NotDirect:
            pass
    return mark_safe(_template(name).render(params=plain(params)))  # noqa: S308


TWINS = {
    "breadcrumb": lists.breadcrumb,
    "button": direct.button,
    "character-count": controls.character_count,
    "checkboxes": controls.checkboxes,
    "error-message": direct.error_message,
    "fieldset": direct.fieldset,
    "hint": direct.hint,
    "input": controls.text_input,
    "label": direct.label,
    "legend": direct.legend,
    "radios": controls.radios,
    "select": controls.select,
    "summary-list": lists.summary_list,
    "tag": direct.tag,
    "task-list": lists.task_list,
    "textarea": controls.textarea,
}


def plain(value: Any) -> Any:
    """The same parameters in types that the macros read rightly.

    A SafeString counts as "string" and as "escaped" there and is then printed twice; a lazy
    translation counts as neither and is not printed at all; None counts as given.
    """
    if isinstance(value, str):
        return value[:]  # a slice of a str subclass is a plain str
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Promise):
        return plain(str(value))
    return value


@lru_cache
def _environment() -> Environment:
    loader = PackageLoader("nhsuk_frontend_jinja")
    return Environment(loader=loader, undefined=ChainableUndefined, autoescape=True)


@lru_cache
def _template(name: str) -> Template:
    return _environment().get_template(f"nhsuk/components/{name}/template.jinja")
