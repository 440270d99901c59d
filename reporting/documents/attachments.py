"""The figures a PDF carries inside it: the same rows as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from portal.text import plain
from reporting.documents.community import ratings_of, summary_of
from reporting.documents.items import STRENGTHS
from reporting.documents.source import Source
from reporting.documents.standing import overall_sentence
from reporting.pdf import Attachment

_ITEM_COLUMNS = (
    "organisation", "cycle", "framework_version", "section", "code", "name", "applicable",
    "level", "level_name", "coverage", *(f"evidence_{grade.lower()}" for grade in STRENGTHS),
    "stale_evidence", "movement", "movement_how", "previous_level", "community_ratings",
    "community_middle", "community_lowest", "community_highest", "community_gap",
)  # fmt: skip
_MEASURE_COLUMNS = (
    "organisation", "cycle", "name", "ethnic_group", "unit", "higher_is_better", "baseline",
    "baseline_on", "latest", "latest_on", "target", "target_on", "source",
)  # fmt: skip


def attachments(source: Source) -> tuple[Attachment, ...]:
    """Levels as CSV, the plan's measures as CSV where there are any, and both as JSON."""
    reference = source.identity.reference
    items, measures = item_rows(source), measure_rows(source)
    files = [
        Attachment(
            f"{reference}-levels.csv",
            "text/csv",
            as_csv(_ITEM_COLUMNS, items),
            "The level, coverage, evidence and movement of every item, as a table",
        )
    ]
    if measures:
        files.append(
            Attachment(
                f"{reference}-measures.csv",
                "text/csv",
                as_csv(_MEASURE_COLUMNS, measures),
                "The measures of the plan, as a table",
            )
        )
    files.append(
        Attachment(
            f"{reference}.json",
            "application/json",
            _json(source, items, measures),
            "All the figures of this paper, for a program to read",
        )
    )
    return tuple(files)


def item_rows(source: Source) -> list[dict[str, Any]]:
    """One row an item, in the framework's order."""
    return [
        {**_shared(source), **_item(section, item, source)}
        for section in source.document["sections"]
        for item in section["items"]
    ]


def measure_rows(source: Source) -> list[dict[str, Any]]:
    """One row a measure of the plan."""
    plan = source.document["plan"] or {"measures": []}
    shared = _shared(source)
    del shared["framework_version"]
    return [
        {**shared, **{name: row[name] for name in _MEASURE_COLUMNS if name not in shared}}
        for row in plan["measures"]
    ]


def _shared(source: Source) -> dict[str, Any]:
    return {
        "organisation": source.document["organisation"]["slug"],
        "cycle": source.document["cycle"]["slug"],
        "framework_version": source.document["framework"]["version"],
    }


def _item(section: Mapping[str, Any], item: Mapping[str, Any], source: Source) -> dict[str, Any]:
    grades = Counter(entry["strength"] for entry in item["evidence"])
    level = item["level"]
    return {
        "section": section["code"],
        "code": item["code"],
        "name": item["short_name"],
        "applicable": item["applicable"],
        "level": level,
        "level_name": "" if level is None else source.names[level],
        "coverage": item["coverage"],
        **{f"evidence_{grade.lower()}": grades[grade] for grade in STRENGTHS},
        "stale_evidence": sum(entry["is_stale"] for entry in item["evidence"]),
        "movement": item["movement"]["kind"],
        "movement_how": item["movement"]["how"],
        "previous_level": item["movement"]["previous_level"],
        **_community(item),
    }


def _community(item: Mapping[str, Any]) -> dict[str, Any]:
    """The ratings summed up; nothing but their number where they are too few."""
    summary = summary_of(item) or {}
    return {
        "community_ratings": len(ratings_of(item)),
        "community_middle": " to ".join(str(level) for level in summary.get("middles", ())),
        "community_lowest": summary.get("lowest"),
        "community_highest": summary.get("highest"),
        "community_gap": summary.get("gap"),
    }


def _json(source: Source, items: list[Any], measures: list[Any]) -> bytes:
    content = {
        "schema": 1,
        "reference": source.identity.reference,
        "snapshot_sha256": source.identity.digest,
        "signed_off_at": source.document["signed_off"]["at"],
        "self_assessed": True,
        "overall": overall_sentence(source),
        "sections": [
            {"code": section["code"], "title": section["title"], **section["roll_up"]}
            for section in source.document["sections"]
        ],
        "items": items,
        "measures": measures,
        "history": source.earlier,
        "asks": list(source.document.get("asks", ())),
        "previous_asks": list(source.document.get("previous_asks", ())),
        "risks": list(source.document.get("risks", ())),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def as_csv(columns: tuple[str, ...], rows: list[dict[str, Any]]) -> bytes:
    """UTF-8 with a byte order mark, as spreadsheet programs expect."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> Any:
    """Figures as figures, and typed text as text that no spreadsheet runs."""
    return plain(value) if isinstance(value, str) else value
