"""The figures a London pack carries inside it: one row an item and system, as CSV and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from reporting.documents.attachments import as_csv
from reporting.documents.items import STRENGTHS
from reporting.documents.packs.facts import PackFacts
from reporting.pdf import Attachment

_COLUMNS = (
    "cycle", "framework_version", "section", "code", "name", "system", "status", "applicable",
    "level", "level_name", "coverage", *(f"evidence_{grade.lower()}" for grade in STRENGTHS),
    "movement", "movement_how", "previous_level", "community_ratings", "row_in_counts",
)  # fmt: skip


def pack_attachments(facts: PackFacts) -> tuple[Attachment, ...]:
    rows = list(pack_rows(facts))
    reference = facts.identity.reference
    return (
        Attachment(
            f"{reference}.csv",
            "text/csv",
            as_csv(_COLUMNS, rows),
            "Every action and consideration in every system, as a table",
        ),
        Attachment(
            f"{reference}.json",
            "application/json",
            _json(facts, rows),
            "All the figures of this pack, for a program to read",
        ),
    )


def pack_rows(facts: PackFacts) -> Iterator[dict[str, Any]]:
    """In the framework's order, then by system; a system that has not released has no figures."""
    for section in facts.document["sections"]:
        for item in section["items"]:
            for system in facts.systems:
                yield {**_shared(facts, section, item, system), **_figures(item, system, facts)}


def _shared(
    facts: PackFacts,
    section: Mapping[str, Any],
    item: Mapping[str, Any],
    system: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "cycle": facts.document["cycle"]["slug"],
        "framework_version": facts.document["framework"]["version"],
        "section": section["code"],
        "code": item["code"],
        "name": item["name"],
        "system": system["name"],
        "status": system["status"],
        "row_in_counts": item["counts"],
    }


def _figures(
    item: Mapping[str, Any], system: Mapping[str, Any], facts: PackFacts
) -> dict[str, Any]:
    cell = item["cells"].get(system["slug"])
    if cell is None:
        names = [name for name in _COLUMNS if name.startswith("evidence_")]
        blank = dict.fromkeys((*names, "coverage", "level_name", "movement", "movement_how"), "")
        empty = dict.fromkeys(("applicable", "level", "previous_level", "community_ratings"))
        return {**blank, **empty}
    level, movement = cell["level"], cell["movement"]
    return {
        "applicable": cell["applicable"],
        "level": level,
        "level_name": "" if level is None else facts.names[level],
        "coverage": cell["coverage"],
        **{f"evidence_{grade.lower()}": cell["evidence"].get(grade, 0) for grade in STRENGTHS},
        "movement": movement["kind"],
        "movement_how": movement["how"],
        "previous_level": movement["previous_level"],
        "community_ratings": 0,
    }


def _json(facts: PackFacts, rows: list[dict[str, Any]]) -> bytes:
    content = {
        "schema": 1,
        "reference": facts.identity.reference,
        "pack_sha256": facts.identity.digest,
        "self_assessed": True,
        "systems": facts.systems,
        "standing": facts.standing,
        "items": rows,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()
