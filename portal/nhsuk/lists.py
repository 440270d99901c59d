"""Fast twins of the long lists: task list and summary list, one entry for each of 38 items."""

from __future__ import annotations

from typing import Any

from portal.nhsuk.direct import (
    NONE,
    NotDirect,
    Params,
    attributes,
    classed,
    content,
    mapping,
    only,
    tag,
    text,
    when,
)


def task_list(params: Params) -> str:
    only(params, "items", "idPrefix", "id", "classes", "attributes")
    prefix = text(params.get("idPrefix") or "task-list")
    items = "".join(
        _task(item, f"{prefix}-{index}")
        for index, item in enumerate(params.get("items") or (), 1)
        if item
    )
    return (
        f'<ul class="{classed("nhsuk-task-list", params.get("classes"))}"'
        f"{when('id', params.get('id'))}{attributes(params.get('attributes'))}>{items}</ul>"
    )


def _task(item: Params, own_id: str) -> str:
    only(item, "heading", "hint", "status", "href", "classes")
    heading, about, href = mapping(item.get("heading")), mapping(item.get("hint")), item.get("href")
    only(heading, "text", "html")
    names = "nhsuk-task-list__item nhsuk-task-list__item--with-link"
    names = classed(names if href else "nhsuk-task-list__item", item.get("classes"))
    hint, described_by = "", f"{own_id}-status"
    if about:
        only(about, "text", "html")
        hint = f'<div class="nhsuk-task-list__hint" id="{own_id}-hint">{content(about)}</div>'
        described_by = f"{own_id}-hint {described_by}"
    name = f"<div>{content(heading)}</div>"
    if href:
        name = (
            f'<a class="nhsuk-task-list__link nhsuk-link" href="{text(href)}"'
            f' aria-describedby="{described_by}">{content(heading)}</a>'
        )
    return (
        f'<li class="{names}"><div class="nhsuk-task-list__name-and-hint">{name}{hint}</div>'
        f"{_status(mapping(item.get('status')), own_id)}</li>"
    )


def _status(status: Params, own_id: str) -> str:
    only(status, "text", "html", "tag", "classes")
    names = classed("nhsuk-task-list__status", status.get("classes"))
    inner = tag(status["tag"]) if status.get("tag") else content(status)
    return f'<div class="{names}" id="{own_id}-status">{inner}</div>'


def summary_list(params: Params) -> str:
    only(params, "rows", "id", "classes", "attributes", "border")
    names = "nhsuk-summary-list"
    if params.get("border") is False:
        names += " nhsuk-summary-list--no-border"
    rows = [row for row in params.get("rows") or () if row]
    some = any(_actions(row) for row in rows)
    return (
        f'<dl class="{classed(names, params.get("classes"))}"{when("id", params.get("id"))}'
        f"{attributes(params.get('attributes'))}>{''.join(_row(row, some) for row in rows)}</dl>"
    )


def _actions(row: Params) -> list[Any]:
    given = row.get("actions") or NONE
    if not isinstance(given, dict):
        raise NotDirect("a list of actions")
    only(given, "items")
    return [action for action in given.get("items") or () if action]


def _row(row: Params, some_have_actions: bool) -> str:
    only(row, "key", "value", "actions", "id", "classes", "attributes")
    actions = [_action(action) for action in _actions(row)]
    base = "nhsuk-summary-list__row"
    if some_have_actions and not actions:
        base += " nhsuk-summary-list__row--no-actions"
    change = ""
    if len(actions) == 1:
        change = f'<dd class="nhsuk-summary-list__actions">{actions[0]}</dd>'
    elif actions:
        item = '<li class="nhsuk-summary-list__actions-list-item">'
        items = "".join(f"{item}{action}</li>" for action in actions)
        change = (
            '<dd class="nhsuk-summary-list__actions">'
            f'<ul class="nhsuk-summary-list__actions-list">{items}</ul></dd>'
        )
    return (
        f'<div class="{classed(base, row.get("classes"))}"{when("id", row.get("id"))}'
        f"{attributes(row.get('attributes'))}>"
        f"{_cell('dt', 'key', row.get('key'))}{_cell('dd', 'value', row.get('value'))}"
        f"{change}</div>"
    )


def _cell(element: str, kind: str, value: Any) -> str:
    value = mapping(value)
    only(value, "text", "html", "classes")
    names = classed(f"nhsuk-summary-list__{kind}", value.get("classes"))
    return f'<{element} class="{names}">{content(value)}</{element}>'


def _action(action: Params) -> str:
    only(action, "href", "text", "html", "visuallyHiddenText", "classes", "attributes")
    href, hidden = action.get("href"), action.get("visuallyHiddenText")
    if not href:
        raise NotDirect("an action that is a button")
    hidden = f'<span class="nhsuk-u-visually-hidden"> {text(hidden)}</span>' if hidden else ""
    return (
        f'<a class="{classed("nhsuk-link", action.get("classes"))}" href="{text(href)}"'
        f"{attributes(action.get('attributes'))}>{content(action)}{hidden}</a>"
    )


def breadcrumb(params: Params) -> str:
    """The way up; on a phone only the link back to the page above."""
    only(params, "items", "id", "classes")
    items = list(params.get("items") or ())
    for item in items:
        only(item, "text", "href")
        if not item.get("href"):
            raise NotDirect("an item without link")
    if not items:
        raise NotDirect("no items")
    steps = "".join(
        '<li class="nhsuk-breadcrumb__list-item">'
        f'<a class="nhsuk-breadcrumb__link" href="{text(item["href"])}">{content(item)}</a></li>'
        for item in items
    )
    last = items[-1]
    return (
        f'<nav class="{classed("nhsuk-breadcrumb", params.get("classes"))}"'
        f'{when("id", params.get("id"))} aria-label="Breadcrumb">'
        f'<ol class="nhsuk-breadcrumb__list">{steps}</ol>'
        f'<a class="nhsuk-back-link" href="{text(last["href"])}">'
        f'<span class="nhsuk-u-visually-hidden">Back to </span>{content(last)}</a></nav>'
    )
