"""The pack's comparison: every item by every system, on a page for the actions and one beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.documents.looks import Look, legend, level_look
from reporting.documents.packs.facts import PackFacts
from reporting.documents.words import capital, counted

NOT_RELEASED = Look("", "Not released", "level-none")
NOT_IN_IT = Look("·", "Not in it", "level-none")


@dataclass(frozen=True)
class OverviewRow:
    """An item: a level in word and symbol for each system, and the row in counts."""

    code: str
    name: str
    cells: tuple[Look, ...]
    counts: str


@dataclass(frozen=True)
class OverviewGroup:
    title: str
    rows: tuple[OverviewRow, ...]


@dataclass(frozen=True)
class Overview:
    """One table; its columns are the systems, alphabetical."""

    anchor: str
    title: str
    noun: str
    systems: tuple[str, ...]
    groups: tuple[OverviewGroup, ...]
    legend: tuple[Look, ...]


def overviews(facts: PackFacts) -> tuple[Overview, ...]:
    """A table of the actions and one of the considerations, where the framework has them."""
    tables = (facts.commitments, "action"), (facts.enablers, "consideration")
    return tuple(_overview(facts, sections, noun) for sections, noun in tables if sections)


def _overview(facts: PackFacts, sections: Sequence[Mapping[str, Any]], noun: str) -> Overview:
    items = sum(len(section["items"]) for section in sections)
    return Overview(
        anchor=f"{noun}s",
        title=f"The {counted(items, noun)}, side by side",
        noun=capital(noun),
        systems=tuple(system["name"] for system in facts.systems),
        groups=tuple(
            OverviewGroup(section["title"], tuple(_row(item, facts) for item in section["items"]))
            for section in sections
        ),
        legend=legend(facts.names),
    )


def _row(item: Mapping[str, Any], facts: PackFacts) -> OverviewRow:
    return OverviewRow(
        code=item["code"],
        name=item["name"],
        cells=tuple(_look(item, system, facts) for system in facts.systems),
        counts=item["counts"],
    )


def _look(item: Mapping[str, Any], system: Mapping[str, Any], facts: PackFacts) -> Look:
    cell = item["cells"].get(system["slug"])
    if cell is None:
        return NOT_IN_IT if system["released"] else NOT_RELEASED
    return level_look(cell["level"], facts.names, applicable=cell["applicable"])
