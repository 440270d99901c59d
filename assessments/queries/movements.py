"""How each answer stands to the organisation's last signed-off snapshot."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from assessments.models import Snapshot
from assessments.queries.sheet import Line
from assessments.scoring import MovementKind, Standing, movement

_NO_MOVEMENT = {MovementKind.STILL_NOT_ASSESSED, MovementKind.NOT_APPLICABLE}


@dataclass(frozen=True)
class Before:
    """The last snapshot's items by code, and the framework version their codes belong to."""

    framework_version: str = ""
    items: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, snapshot: Snapshot | None) -> Before:
        if snapshot is None:
            return cls()
        document = json.loads(snapshot.document)
        items = (item for section in document["sections"] for item in section["items"])
        return cls(document["framework"]["version"], {item["code"]: item for item in items})


def movement_of(line: Line, before: Before) -> dict[str, Any]:
    """Kind, how and the level before; all empty in a first cycle and where nothing can move."""
    item = line.answer.item
    framework = line.answer.assessment.cycle.framework
    same_framework = framework.version == before.framework_version
    ancestor = item if same_framework else item.predecessor
    earlier = before.items.get(ancestor.code) if ancestor else None
    if earlier is None:
        return {"kind": "", "how": "", "previous_level": None}
    comparable = same_framework or not item.materially_changed
    moved = movement(_earlier_standing(earlier), _standing(line), comparable=comparable)
    return {
        "kind": "" if moved.kind in _NO_MOVEMENT else moved.kind.value,
        "how": moved.how,
        "previous_level": earlier["level"],
    }


def _earlier_standing(item: dict[str, Any]) -> Standing:
    return Standing(
        level=item["level"],
        applicable=item["applicable"],
        coverage=item["coverage"],
        evidence=frozenset(
            _key(one["url"], one["minute_reference"], one["file_digest"], one["dated_on"])
            for one in item["evidence"]
        ),
    )


def _standing(line: Line) -> Standing:
    answer = line.answer
    return Standing(
        level=answer.level,
        applicable=line.exemption is None,
        coverage=answer.coverage,
        evidence=frozenset(
            _key(one.url, one.minute_reference, one.file_digest, one.dated_on.isoformat())
            for one in line.proof
        ),
        reconfirmed=answer.is_reconfirmed and answer.carried_from_id is not None,
    )


def _key(url: str, minute_reference: str, file_digest: str, dated_on: str) -> str:
    """What makes evidence the same evidence: where it is and its date, not what it is called."""
    return "\n".join((url, minute_reference, file_digest, dated_on))
