"""What the systems may learn from each other: where several stand low, and who has moved on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reporting.documents.packs.facts import PackFacts, level_of
from reporting.documents.words import joined

LOW: Final = 1
"""Committed or lower: agreed at most, with little done yet."""
COMMON: Final = 3
"""So many systems at a low level make it common; where fewer have released, all of them."""


@dataclass(frozen=True)
class LowRow:
    """An item at which several systems stand low, each at its level."""

    code: str
    name: str
    systems: int
    told: str


@dataclass(frozen=True)
class OfferRow:
    """An item on which somebody has moved on, and who that is."""

    code: str
    name: str
    systems: tuple[str, ...]


@dataclass(frozen=True)
class Learning:
    low_rule: str
    low: tuple[LowRow, ...]
    offers: tuple[OfferRow, ...]
    sharing: str
    nobody: str


def learning(facts: PackFacts) -> Learning:
    offers = tuple(row for item in facts.items if (row := _offer(item, facts)).systems)
    offered = {row.code for row in offers}
    left = [item["code"] for item in facts.items if item["code"] not in offered]
    return Learning(
        low_rule=_low_rule(facts),
        low=tuple(common_low(facts)),
        offers=offers,
        sharing=_sharing(facts),
        nobody=f"Nobody has moved on yet: {joined(left)}." if left else "",
    )


def common_low(facts: PackFacts) -> list[LowRow]:
    """The items at which enough systems stand low, in the framework's order."""
    wanted = _wanted(facts)
    rows = (_low(item, facts) for item in facts.items)
    return [row for row in rows if wanted and row.systems >= wanted]


def moved_on(facts: PackFacts) -> int:
    """On how many items somebody has moved up."""
    return sum(bool(_offer(item, facts).systems) for item in facts.items)


def _wanted(facts: PackFacts) -> int:
    """How many low systems make a low level common; nought where there is nobody to share it."""
    released = len(facts.released)
    return min(COMMON, released) if released > 1 else 0


def _low_rule(facts: PackFacts) -> str:
    wanted = _wanted(facts)
    name = facts.names[LOW]
    if not wanted:
        return "One system has released, so nothing can be common yet."
    many = "both systems that have released" if wanted == 2 else f"{wanted} systems or more"
    return f"Listed is every item at which {many} stand at {name} or lower."


def _low(item: Mapping[str, Any], facts: PackFacts) -> LowRow:
    there = [
        [name for name, cell in facts.cells(item) if level_of(cell) == level]
        for level in range(LOW + 1)
    ]
    told = [f"{facts.names[level]}: {joined(names)}" for level, names in enumerate(there) if names]
    return LowRow(item["code"], item["name"], sum(map(len, there)), "; ".join(told))


def _offer(item: Mapping[str, Any], facts: PackFacts) -> OfferRow:
    moved = [
        f"{name}: {facts.names[move['previous_level']]} to {facts.names[cell['level']]}, "
        f"{move['how']}"
        for name, cell in facts.cells(item)
        if (move := cell["movement"])["kind"] == "up"
    ]
    return OfferRow(item["code"], item["name"], tuple(moved))


def _sharing(facts: PackFacts) -> str:
    names = [s["name"] for s in facts.released if s["released"]["shares_answers"]]
    if not names:
        return "No system shares its released answers with others yet."
    verb = "shares its" if len(names) == 1 else "share their"
    return (
        f"{joined(names)} {verb} released answers with every system that shares as well. "
        "Others are asked through the Health Equity Group."
    )
