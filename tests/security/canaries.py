"""Marked words: put into all that people type, and looked for where they must not be read."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db.models import CharField, Field, ForeignKey, JSONField, Model, TextField

from portal.models import Organisation

SHORTEST = 40
"""A field of fewer characters holds a code and no words."""

NOT_TYPED = {
    "Answer": {"not_assessed_reason"},  # typed where there is no level
    "Assessment": {"extension_reason", "reopening_reason"},  # between a system and the Group
    "Evidence": {"file", "file_type", "file_digest"},
    "Exemption": {"reason"},  # the Group's own words
    "PackComment": {"text", "reply"},  # between a system and the Group, then printed
}
"""What the portal writes itself, or what is written to be read by the Health Equity Group."""


def mark(where: str) -> str:
    """`own draft` as a word that stands nowhere else."""
    return f"zq-{where.replace(' ', '-')}-zq"


def marks_in(body: bytes) -> set[str]:
    """The marks that can be read in an answer, also in what is zipped."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            body = b"\n".join(package.read(name) for name in package.namelist())
    return {found.decode() for found in re.findall(rb"zq-([a-z-]+)-zq", body)}


def typed_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """Fields of a living row that hold what somebody wrote."""
    left_out = NOT_TYPED.get(model.__name__, set())
    return [
        field
        for field in model._meta.fields
        if isinstance(field, CharField | TextField | JSONField)
        and not field.choices
        and (field.max_length or SHORTEST) >= SHORTEST
        and field.name not in left_out
    ]


def path_to_organisation(model: type[Model], seen: tuple[Any, ...] = ()) -> str | None:
    """`answer__assessment__organisation`, the shortest chain of keys; None where there is none."""
    keys = [one for one in model._meta.fields if isinstance(one, ForeignKey)]
    for key in keys:
        if key.related_model is Organisation:
            return key.name
    for key in keys:
        if key.related_model not in seen:
            rest = path_to_organisation(key.related_model, (*seen, model))
            if rest:
                return f"{key.name}__{rest}"
    return None


def marked_models() -> list[type[Model]]:
    """Living rows of organisations in which somebody writes."""
    ours = [
        m for app in ("assessments", "reporting") for m in apps.get_app_config(app).get_models()
    ]
    return [
        model
        for model in ours
        if not getattr(model, "frozen_rows", False)
        and path_to_organisation(model)
        and typed_fields(model)
    ]


def plant_answer(answer: Model, where: str) -> None:
    """Another mark into everything that hangs on one answer."""
    for model in marked_models():
        path = path_to_organisation(model) or ""
        if path.startswith("answer__") or model is type(answer):
            rows = model._default_manager.filter(
                **{"pk" if model is type(answer) else "answer": answer.pk}
            )
            _mark(rows, model, where)


def plant(system: Organisation, where: str, among: Iterable[int]) -> None:
    """Write the mark into every word of the system that is not frozen.

    `among` are the keys of the assessments that are meant; what belongs to none belongs to all.
    """
    for model in marked_models():
        path = path_to_organisation(model)
        rows = model._default_manager.filter(**{path: system})
        if "assessment" in path or model.__name__ == "Assessment":
            to_assessment = path.rpartition("__")[0] or "pk"
            rows = rows.filter(**{f"{to_assessment}__in": among})
        _mark(rows, model, where)


def _mark(rows: Iterable[Model], model: type[Model], where: str) -> None:
    fields = typed_fields(model)
    for row in rows:
        for field in fields:
            setattr(row, field.name, _word(field, row, where))
        row.save(update_fields=[field.name for field in fields])


def _word(field: Field[Any, Any], row: Model, where: str) -> Any:
    word = f"{mark(where)} {field.name[:8]} {row.pk}"
    if isinstance(field, JSONField):
        return [word]
    return f"https://example.org/{word.replace(' ', '/')}" if field.name == "url" else word
