"""Everything the portal holds of one organisation, row by row, as plain values in a fixed order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Field, ForeignKey, Model, Q

from portal.models import AuditEvent, Organisation, User

APPS = ("portal", "commitments", "assessments", "reporting")

LEFT_OUT = {
    "portal.job": "work of the machine, not of the organisation",
    "reporting.reportbytes": "the bytes; the report's row has their size and hash",
    "reporting.preview": "held for a quarter of an hour, for one person",
}
"""Tables that belong to an organisation and are not exported, each with the reason."""

LEFT_OUT_FIELDS = {"invitation": {"token_hash"}}
"""What would let somebody in."""

ACCESS_VERBS = (
    "activity.downloaded",
    "comparison.downloaded",
    "evidence.downloaded",
    "paper.read",
    "preview-downloaded",
    "preview-downloaded",
    "report-downloaded",
    "report-read",
    "sign-in",
    "sign-in-refused",
    "sign-out",
)
"""Events that tell of reading only: an export is the same before and after somebody looked."""

NAMED_BY = {
    "portal.user": "email",
    "portal.organisation": "slug",
    "commitments.framework": "version",
    "commitments.item": "code",
    "commitments.section": "code",
    "commitments.shorttermchange": "code",
    "assessments.cycle": "slug",
}
"""Rows that belong to no organisation are named by this instead of their key."""


def holdings(organisation: Organisation) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Each table's name with its rows of this organisation, by key; then people and events."""
    for model, paths in owned_models().items():
        mine = Q(*((path, organisation.pk) for path in paths), _connector=Q.OR)
        yield str(model._meta.label_lower), _rows(model, mine)
    yield "people", _people(organisation)
    yield "events", _events(organisation)


def owned_models() -> dict[type[Model], list[str]]:
    """Every exported model, with the keys that lead from its rows to an organisation."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    found = {model: _paths(model) for model in models if model._meta.label_lower not in LEFT_OUT}
    owned = {model: paths for model, paths in found.items() if paths}
    return dict(sorted(owned.items(), key=lambda pair: pair[0]._meta.label_lower))


def _paths(model: type[Model]) -> list[str]:
    """The shortest ways to an organisation; several where a row joins two of them."""
    if model is Organisation:
        return ["pk"]
    ways: list[tuple[str, type[Model]]] = [("", model)]
    seen = {model}
    while ways:
        further = []
        for path, at in ways:
            for key in _keys(at):
                further.append((f"{path}{key.name}", key.related_model))
        arrived = [path for path, target in further if target is Organisation]
        if arrived:
            return sorted(arrived)
        ways = [(f"{path}__", target) for path, target in further if target not in seen]
        seen |= {target for _path, target in ways}
    return []


def _keys(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def _rows(model: type[Model], mine: Q) -> Iterator[dict[str, Any]]:
    hidden = LEFT_OUT_FIELDS.get(str(model._meta.model_name), set())
    fields = [field for field in model._meta.concrete_fields if field.name not in hidden]
    names = {field.name: _named(field) for field in fields}
    rows = model._base_manager.filter(mine).order_by("pk").values(*names.values())
    for row in rows.iterator(chunk_size=500):
        yield {name: _plain(row[column]) for name, column in names.items()}


def _named(field: Field[Any, Any]) -> str:
    target = field.related_model._meta.label_lower if isinstance(field, ForeignKey) else ""
    return f"{field.name}__{NAMED_BY[target]}" if target in NAMED_BY else field.attname


def _people(organisation: Organisation) -> Iterator[dict[str, Any]]:
    """Whoever has or had a role here."""
    held = User.objects.filter(memberships__organisation=organisation).distinct()
    yield from held.order_by("email").values("email", "name", "job_title", "is_active")


def _events(organisation: Organisation) -> Iterator[dict[str, Any]]:
    """What was done, without who looked."""
    done = AuditEvent.objects.filter(chain=organisation.slug).exclude(verb__in=ACCESS_VERBS)
    rows = done.order_by("sequence").values("at", "actor", "verb", "target", "detail")
    for row in rows.iterator(chunk_size=500):
        yield {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    """Instants in UTC, numbers with their places as text, everything else as JSON has it."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    return str(value)
