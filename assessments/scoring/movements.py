"""What became of each item between two cycles, like for like and as counts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from .constants import COVERAGES

How = Literal["with new evidence", "re-judged", "reconfirmed", ""]


class MovementKind(StrEnum):
    """What happened to an item's level; the last two are no movement and are only counted."""

    UP = "up"
    SAME = "same"
    DOWN = "down"
    NEWLY_ASSESSED = "newly assessed"
    NO_LONGER_ASSESSED = "no longer assessed"
    NOT_COMPARABLE = "not comparable"
    STILL_NOT_ASSESSED = "still not assessed"
    NOT_APPLICABLE = "not applicable"


class CoverageMovement(StrEnum):
    """What happened to the part of the system an answer covers."""

    WIDER = "wider"
    SAME = "same"
    NARROWER = "narrower"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True)
class Standing:
    """An item in one cycle. `evidence` holds a key per cited piece of evidence; a key must change
    when the evidence is renewed. `reconfirmed` is read from the later cycle only.
    """

    level: int | None
    applicable: bool = True
    coverage: str = ""
    evidence: frozenset[str] = frozenset()
    reconfirmed: bool = False


@dataclass(frozen=True)
class Movement:
    """One item's movement: what, how, and what became of its coverage."""

    kind: MovementKind
    how: How = ""
    coverage: CoverageMovement = CoverageMovement.NOT_COMPARABLE


@dataclass(frozen=True)
class MovementCounts:
    """How many items moved in each way."""

    movements: tuple[Movement, ...]

    def of(self, kind: MovementKind, how: How | None = None) -> int:
        """How many moved this way, or this way and how."""
        return sum(m.kind is kind and how in (None, m.how) for m in self.movements)

    def covering(self, coverage: CoverageMovement) -> int:
        """How many items' coverage moved this way."""
        return sum(m.coverage is coverage for m in self.movements)

    @property
    def up(self) -> int:
        return self.of(MovementKind.UP)

    @property
    def same(self) -> int:
        return self.of(MovementKind.SAME)

    @property
    def down(self) -> int:
        return self.of(MovementKind.DOWN)


def movement(
    before: Standing | None, after: Standing | None, *, comparable: bool = True
) -> Movement:
    """How one item moved. None: the item was not in that cycle, and is read as not assessed.

    `comparable` is False where the wording or scale materially changed, or the organisation's
    boundary did. An item that became applicable, or stopped being so, is not comparable either.
    """
    earlier, later = before or Standing(None), after or Standing(None)
    if not comparable or earlier.applicable != later.applicable:
        return Movement(MovementKind.NOT_COMPARABLE)
    if not later.applicable:
        return Movement(MovementKind.NOT_APPLICABLE)
    kind = _kind(earlier.level, later.level)
    if kind not in (MovementKind.UP, MovementKind.SAME, MovementKind.DOWN):
        return Movement(kind)
    coverage = coverage_movement(earlier.coverage, later.coverage)
    return Movement(kind, _how(kind, earlier, later), coverage)


def coverage_movement(before: str, after: str) -> CoverageMovement:
    """Whether more or less of the system is covered; not comparable unless both were stated."""
    if before not in COVERAGES or after not in COVERAGES:
        return CoverageMovement.NOT_COMPARABLE
    difference = COVERAGES.index(after) - COVERAGES.index(before)
    if difference == 0:
        return CoverageMovement.SAME
    return CoverageMovement.WIDER if difference > 0 else CoverageMovement.NARROWER


def count_movements(movements: Iterable[Movement]) -> MovementCounts:
    """Gather the movements of many items. Counts only: two cycles are two points, not a trend."""
    return MovementCounts(tuple(movements))


def movement_words(counts: MovementCounts) -> str:
    """For example "3 up (2 with new evidence, 1 re-judged), 8 same (6 reconfirmed), 1 down …"."""
    parts = []
    for kind in MovementKind:
        number = counts.of(kind)
        hows = Counter(m.how for m in counts.movements if m.kind is kind and m.how)
        detail = ", ".join(f"{hows[how]} {how}" for how in sorted(hows, reverse=True))
        if number:
            parts.append(f"{number} {kind}" + (f" ({detail})" if detail else ""))
    return ", ".join(parts) or "Nothing to compare"


def _kind(before: int | None, after: int | None) -> MovementKind:
    if before is None:
        return MovementKind.STILL_NOT_ASSESSED if after is None else MovementKind.NEWLY_ASSESSED
    if after is None:
        return MovementKind.NO_LONGER_ASSESSED
    if after == before:
        return MovementKind.SAME
    return MovementKind.UP if after > before else MovementKind.DOWN


def _how(kind: MovementKind, before: Standing, after: Standing) -> How:
    if kind is MovementKind.SAME:
        return "reconfirmed" if after.reconfirmed else ""
    return "with new evidence" if after.evidence - before.evidence else "re-judged"
