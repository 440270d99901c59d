"""A commitment or enabler in the pack: where each system stands, who has moved, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reporting.charts import ProfilePanel, profile_multiples
from reporting.documents.drawings import Drawing, drawing
from reporting.documents.items import STRENGTHS
from reporting.documents.looks import Look, level_look, movement_look
from reporting.documents.packs.comparison import NOT_IN_IT
from reporting.documents.packs.facts import Cell, PackFacts, level_of
from reporting.documents.source import item_noun
from reporting.documents.words import joined

MOST_ITEMS: Final = 5
"""So many items a commitment or enabler has at most: the height of every profile's axis."""
# Every way to have moved, the same apart, in the order in which the pack tells of them.
MOVES = (
    ("up", "with new evidence", "Up, with new evidence"),
    ("up", "re-judged", "Up, re-judged"),
    ("down", "with new evidence", "Down, with new evidence"),
    ("down", "re-judged", "Down, re-judged"),
    ("newly assessed", "", "Newly assessed"),
    ("no longer assessed", "", "No longer assessed"),
    ("not comparable", "", "Not comparable"),
)
FIRST = "No system has an earlier cycle to compare this one with."
INCOMPARABLE = "Nothing can be compared with an earlier cycle."
NOTHING_MOVED = "No level has moved since the cycle before."


@dataclass(frozen=True)
class Profile:
    """How many items of one system stand at each level, in the form the chart reads."""

    counts: tuple[int, int, int, int, int]
    not_assessed: int
    not_applicable: int


@dataclass(frozen=True)
class MatrixCell:
    """A level, how it moved, and the strength of what it rests on."""

    system: str
    level: Look
    change: str
    evidence: str


@dataclass(frozen=True)
class MatrixRow:
    code: str
    name: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True)
class Moved:
    """One way to have moved, and which systems did on which items."""

    look: Look
    told: str


@dataclass(frozen=True)
class PackSection:
    anchor: str
    title: str
    statement_title: str
    statement: str
    noun: str
    profiles: Drawing
    systems: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    moved: tuple[Moved, ...]
    not_moved: str


def pack_section(section: Mapping[str, Any], facts: PackFacts) -> PackSection:
    moved = tuple(_moved(section, facts))
    return PackSection(
        anchor=f"section-{section['code'].lower()}",
        title=section["title"],
        statement_title=section["statement_title"],
        statement=section["statement"],
        noun=item_noun(section),
        profiles=_multiples(section, facts),
        systems=tuple(system["name"] for system in facts.released),
        rows=tuple(_row(item, facts) for item in section["items"]),
        moved=moved,
        not_moved="" if moved else _not_moved(section, facts),
    )


def _not_moved(section: Mapping[str, Any], facts: PackFacts) -> str:
    if not any(system["released"]["compared_with"] for system in facts.released):
        return FIRST
    cells = [cell for item in section["items"] for _, cell in facts.cells(item)]
    is_same = any(cell["movement"]["kind"] == "same" for cell in cells)
    return NOTHING_MOVED if is_same else INCOMPARABLE


def _multiples(section: Mapping[str, Any], facts: PackFacts) -> Drawing:
    """Every system's profile on the same axes."""
    panels = [
        ProfilePanel(
            system["name"],
            _profile(section, system) if system["released"] else None,
            system["status"],
        )
        for system in facts.systems
    ]
    chart = profile_multiples(
        panels, facts.names, section["title"], MOST_ITEMS, f"{item_noun(section)}s"
    )
    return drawing(chart, chart.description)


def _profile(section: Mapping[str, Any], system: Mapping[str, Any]) -> Profile:
    cells = [i["cells"][system["slug"]] for i in section["items"] if system["slug"] in i["cells"]]
    levels = [cell["level"] for cell in cells if cell["applicable"]]
    none, committed, under_way, embedded, difference = (levels.count(n) for n in range(5))
    return Profile(
        counts=(none, committed, under_way, embedded, difference),
        not_assessed=levels.count(None),
        not_applicable=len(cells) - len(levels),
    )


def _row(item: Mapping[str, Any], facts: PackFacts) -> MatrixRow:
    return MatrixRow(
        code=item["code"],
        name=item["name"],
        cells=tuple(
            _cell(system["name"], item["cells"].get(system["slug"]), facts.names)
            for system in facts.released
        ),
    )


def _cell(system: str, cell: Cell | None, names: Sequence[str]) -> MatrixCell:
    if cell is None:
        return MatrixCell(system, NOT_IN_IT, "", "")
    return MatrixCell(
        system=system,
        level=level_look(cell["level"], names, applicable=cell["applicable"]),
        change=change_words(cell["movement"], names),
        evidence=_evidence(cell) if level_of(cell) else "",
    )


def change_words(movement: Mapping[str, Any], names: Sequence[str]) -> str:
    """Symbol and where it was before, as short as a cell wants it; how is told beside."""
    kind, before = movement["kind"], movement["previous_level"]
    look = movement_look(kind)
    if kind in ("up", "down", "no longer assessed"):
        return f"{look.symbol} from {names[before]}"
    return f"{look.symbol} {look.words}".strip()


def _evidence(cell: Cell) -> str:
    grades = cell["evidence"]
    return ", ".join(f"{grade} {grades[grade]}" for grade in STRENGTHS if grade in grades) or "none"


def _moved(section: Mapping[str, Any], facts: PackFacts) -> Iterator[Moved]:
    """Only the ways in which somebody moved."""
    for kind, how, words in MOVES:
        lines = []
        for item in section["items"]:
            names = [
                name
                for name, cell in facts.cells(item)
                if (cell["movement"]["kind"], cell["movement"]["how"]) == (kind, how)
            ]
            if names:
                lines.append(f"{item['code']} {joined(names)}")
        if lines:
            yield Moved(Look(movement_look(kind).symbol, words), f"{'; '.join(lines)}.")
