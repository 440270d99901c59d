"""From the levels of a section's items to its profile, typical and lowest level, completeness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .constants import EMBEDDED, LEVELS

Bounds = tuple[int, int]


@dataclass(frozen=True)
class Rating:
    """The level one item was given: None is not assessed; not applicable leaves the denominator."""

    code: str
    level: int | None
    applicable: bool = True

    def __post_init__(self) -> None:
        if self.level is not None and self.level not in LEVELS:
            raise ValueError(f"{self.code}: {self.level!r} is not a level")


@dataclass(frozen=True)
class Profile:
    """How many items stand at each level (index = level), and how many stand at none."""

    counts: tuple[int, int, int, int, int]
    not_assessed: int
    not_applicable: int

    @property
    def assessed(self) -> int:
        return sum(self.counts)

    @property
    def applicable(self) -> int:
        return self.assessed + self.not_assessed

    @property
    def embedded_or_better(self) -> int:
        return sum(self.counts[EMBEDDED:])


@dataclass(frozen=True)
class LowestLevel:
    """The minimum, and the items that stand there; `level` is None while anything is unassessed."""

    level: int | None
    codes: tuple[str, ...]


@dataclass(frozen=True)
class RollUp:
    """Everything said about a set of items. A firm level is None when there is a gap; then the
    bounds say what filling the gaps with 0 and with 4 would give. No applicable item: no bounds.
    """

    profile: Profile
    typical: int | None
    lowest: int | None
    lowest_codes: tuple[str, ...]
    typical_bounds: Bounds | None
    lowest_bounds: Bounds | None

    @property
    def completeness(self) -> str:
        return _completeness(self.profile)

    @property
    def embedded_or_better(self) -> int:
        return self.profile.embedded_or_better


def profile(ratings: Iterable[Rating]) -> Profile:
    """Count the items at each level, the unassessed and the not applicable."""
    rated = list(ratings)
    levels = [rating.level for rating in rated if rating.applicable]
    at_0, at_1, at_2, at_3, at_4 = (levels.count(level) for level in LEVELS)
    return Profile(
        counts=(at_0, at_1, at_2, at_3, at_4),
        not_assessed=levels.count(None),
        not_applicable=len(rated) - len(levels),
    )


def typical_level(ratings: Iterable[Rating]) -> int | None:
    """The lower median of the applicable levels; None while anything is unassessed."""
    return roll_up(ratings).typical


def lowest_level(ratings: Iterable[Rating]) -> LowestLevel:
    """The minimum of the applicable levels, naming the items that stand there.

    With gaps there is no firm level; the codes are then the lowest items assessed so far.
    """
    rolled = roll_up(ratings)
    return LowestLevel(rolled.lowest, rolled.lowest_codes)


def completeness(ratings: Iterable[Rating]) -> str:
    """Assessed of applicable, written "4 of 5"; never a percentage."""
    return _completeness(profile(ratings))


def embedded_or_better(ratings: Iterable[Rating]) -> int:
    """How many applicable items stand at Embedded or Making a difference."""
    return profile(ratings).embedded_or_better


def roll_up(ratings: Iterable[Rating]) -> RollUp:
    """Profile, typical level, lowest level, completeness and bounds of a set of items."""
    counted = list(ratings)
    applicable = [rating for rating in counted if rating.applicable]
    known = [rating.level for rating in applicable if rating.level is not None]
    gaps = len(applicable) - len(known)
    typical_bounds = lowest_bounds = None
    if applicable:
        from_below, from_above = known + gaps * [LEVELS[0]], known + gaps * [LEVELS[-1]]
        typical_bounds = (lower_median(from_below), lower_median(from_above))
        lowest_bounds = (min(from_below), min(from_above))
    firm = bool(known) and not gaps
    return RollUp(
        profile=profile(counted),
        typical=lower_median(known) if firm else None,
        lowest=min(known) if firm else None,
        lowest_codes=tuple(r.code for r in applicable if known and r.level == min(known)),
        typical_bounds=typical_bounds,
        lowest_bounds=lowest_bounds,
    )


def lower_median(levels: Sequence[int]) -> int:
    """The middle level, or the lower of the two: a level somebody chose, and never flattering."""
    return sorted(levels)[(len(levels) - 1) // 2]


def typical_words(rolled: RollUp, names: Sequence[str], items: str = "actions") -> str:
    """The typical level in words; `names` are the framework's level names, lowest first."""
    return _level_words(rolled, rolled.typical_bounds, names, items)


def lowest_words(rolled: RollUp, names: Sequence[str], items: str = "actions") -> str:
    """The lowest level in words; the items that stand there are `rolled.lowest_codes`."""
    return _level_words(rolled, rolled.lowest_bounds, names, items)


def embedded_words(rolled: RollUp, names: Sequence[str], items: str = "actions") -> str:
    """For example "7 of 25 actions Embedded or better; 2 not assessed"."""
    counted = rolled.profile
    if not counted.applicable:
        return f"No applicable {items}"
    words = f"{counted.embedded_or_better} of {counted.applicable} {items}"
    gaps = f"; {counted.not_assessed} not assessed" if counted.not_assessed else ""
    return f"{words} {names[EMBEDDED]} or better{gaps}"


def _completeness(counted: Profile) -> str:
    return f"{counted.assessed} of {counted.applicable}"


def _level_words(rolled: RollUp, bounds: Bounds | None, names: Sequence[str], items: str) -> str:
    if bounds is None:
        return f"No applicable {items}"
    if not rolled.profile.assessed:
        return "Not assessed"
    low, high = bounds
    if low != high:
        return f"Between {names[low]} and {names[high]}"
    return f"{names[low]}, whatever the gaps" if rolled.profile.not_assessed else names[low]
