"""Texts of several tables in one query, so that a page with all of them stays cheap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, IntegerField, QuerySet, TextField, Value

from commitments.models import (
    CaseExample,
    Definition,
    Mechanism,
    Passage,
    ShortTermChange,
)

CHANGE, MECHANISM, EXAMPLE, DEFINITION, PASSAGE = (
    "change",
    "mechanism",
    "example",
    "definition",
    "passage",
)


@dataclass(frozen=True)
class Text:
    """One text; `table` says where it is from, `kind` is a passage's."""

    table: str
    section_order: int
    order: int
    code: str
    kind: str
    title: str
    text: str
    attribution: str
    section: str
    """Slug of the commitment that a change or a mechanism belongs to."""


def texts(*querysets: QuerySet[Any]) -> list[Text]:
    """All rows of the querysets, in one query, in no order."""
    first, *others = (_columns(queryset) for queryset in querysets)
    return [Text(*row) for row in first.union(*others, all=True)]


def _columns(queryset: QuerySet[Any]) -> QuerySet[Any]:
    empty = Value("", output_field=TextField())
    nought = Value(0, output_field=IntegerField())
    of_section = {"section_order": F("section__order"), "section": F("section__slug")}
    own: dict[type, dict[str, Any]] = {
        ShortTermChange: {"table": CHANGE, "title": F("section__title"), **of_section},
        Mechanism: {"table": MECHANISM, "title": F("section__title"), **of_section},
        CaseExample: {"table": EXAMPLE, "text": F("body")},
        Definition: {"table": DEFINITION, "code": F("slug"), "title": F("term")},
        Passage: {"table": PASSAGE, "kind": F("kind"), "attribution": F("attribution")},
    }
    about = own[queryset.model]
    columns = {
        "table": Value(about["table"], output_field=CharField()),
        "section_order": about.get("section_order", nought),
        "order": F("order"),
        "code": about.get("code", F("code")),
        "kind": about.get("kind", empty),
        "title": about.get("title", F("title")),
        "text": about.get("text", F("text")),
        "attribution": about.get("attribution", empty),
        "section": about.get("section", empty),
    }
    named = {f"as_{name}": column for name, column in columns.items()}
    rows: QuerySet[Any] = queryset.order_by().annotate(**named).values_list(*named)
    return rows
