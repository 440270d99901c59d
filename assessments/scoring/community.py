"""How community ratings stand beside the self-assessed level, never blended with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from .constants import EMBEDDED, GAP_NEEDING_REPLY, MAKING_A_DIFFERENCE, MINIMUM_RATINGS


@dataclass(frozen=True)
class CommunityView:
    """The ratings of one item: how many carry a level, how many could not tell, the middle rating
    (or the two middle ones, lower first), the range, and the signed gap (community less self),
    given only where the self-assessed level lies outside the middle ratings.
    """

    number: int
    cannot_tell: int
    middles: tuple[int, ...]
    lowest: int
    highest: int
    gap: int | None

    @property
    def needs_reply(self) -> bool:
        """Whether the disagreement is large enough to need a reply before sign-off."""
        return self.gap is not None and abs(self.gap) >= GAP_NEEDING_REPLY


def community_view(levels: Iterable[int | None], self_level: int | None) -> CommunityView | None:
    """Sum up community ratings; None in `levels` is "cannot tell", an answer and not a blank.

    Returns None below the minimum of ratings that carry a level: then each stands with its words.
    """
    answers = list(levels)
    rated = sorted(level for level in answers if level is not None)
    if len(rated) < MINIMUM_RATINGS:
        return None
    lower, upper = rated[(len(rated) - 1) // 2], rated[len(rated) // 2]
    return CommunityView(
        number=len(rated),
        cannot_tell=len(answers) - len(rated),
        middles=(lower,) if lower == upper else (lower, upper),
        lowest=rated[0],
        highest=rated[-1],
        gap=_gap(lower, upper, self_level),
    )


def not_yet_recognised(self_level: int | None, levels: Iterable[int | None]) -> bool:
    """Whether a claim to make a difference must be printed with "not yet recognised by
    communities": no community rating stands at Embedded or better.
    """
    if self_level != MAKING_A_DIFFERENCE:
        return False
    return not any(level is not None and level >= EMBEDDED for level in levels)


def _gap(lower: int, upper: int, self_level: int | None) -> int | None:
    if self_level is None or lower <= self_level <= upper:
        return None
    return lower - self_level if self_level < lower else upper - self_level
