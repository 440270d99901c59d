"""What a London pack is made of: its frozen document, and where its check and issue stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reporting.documents.source import COMMITMENT, Identity

Cell = Mapping[str, Any]


@dataclass(frozen=True)
class PackFacts:
    """`standing` is empty for a draft; an issued pack's says when, and what the check brought."""

    document: Mapping[str, Any]
    standing: Mapping[str, Any]
    identity: Identity

    @property
    def is_issued(self) -> bool:
        return bool(self.standing)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The level names, lowest first."""
        return tuple(level["name"] for level in self.document["levels"])

    @property
    def systems(self) -> Sequence[Mapping[str, Any]]:
        """Every system of the cycle, alphabetical."""
        systems: Sequence[Mapping[str, Any]] = self.document["systems"]
        return systems

    @cached_property
    def released(self) -> list[Mapping[str, Any]]:
        """The systems whose assessments are laid out, alphabetical."""
        return [system for system in self.systems if system["released"]]

    @cached_property
    def commitments(self) -> list[Mapping[str, Any]]:
        return [s for s in self.document["sections"] if s["kind"] == COMMITMENT]

    @cached_property
    def enablers(self) -> list[Mapping[str, Any]]:
        return [s for s in self.document["sections"] if s["kind"] != COMMITMENT]

    @property
    def items(self) -> list[Mapping[str, Any]]:
        return [item for section in self.document["sections"] for item in section["items"]]

    def cells(self, item: Mapping[str, Any]) -> list[tuple[str, Cell]]:
        """The names of the systems that assess the item, alphabetical, with what they say."""
        cells = item["cells"]
        return [(s["name"], cells[s["slug"]]) for s in self.released if s["slug"] in cells]


def level_of(cell: Cell) -> int | None:
    """The level that counts: what does not apply has none."""
    level: int | None = cell["level"] if cell["applicable"] else None
    return level
