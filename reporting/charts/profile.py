"""The profile bar: how many items stand at each level, as one stacked bar."""

from collections.abc import Sequence
from typing import Final, Protocol

from .levels import LEGEND_HEIGHT, NOT_APPLICABLE, LevelValue, hatch, ink, legend, level_box, symbol
from .levels import words as level_words
from .marks import INK, WIDTH, Chart, Label, Mark, Table

_LEFT: Final = 1
_TOP: Final = 20
_BAR_WIDTH: Final = WIDTH - 2 * _LEFT
_BAR_HEIGHT: Final = 30


class ProfileCounts(Protocol):
    """Counts of items by level, as the scoring rules give them."""

    @property
    def counts(self) -> tuple[int, int, int, int, int]: ...
    @property
    def not_assessed(self) -> int: ...
    @property
    def not_applicable(self) -> int: ...


def profile_bar(
    profile: ProfileCounts,
    names: Sequence[str],
    label: str,
    items: str = "actions",
    with_legend: bool = True,
) -> Chart:
    """A bar as long as all items, in order of level; each part prints its level and its count.

    `names` are the level names, lowest first; `label` names the commitment or enabler.
    """
    parts: list[tuple[LevelValue, int]] = [
        *enumerate(profile.counts),
        (None, profile.not_assessed),
        (NOT_APPLICABLE, profile.not_applicable),
    ]
    total = sum(count for _, count in parts)
    marks = _bar(parts, total)
    bottom = _TOP + _BAR_HEIGHT + 6
    told = tuple((level_words(value, names), str(count)) for value, count in parts)
    return Chart(
        kind="profile",
        title=f"{label}: profile of {total} {items}",
        description="; ".join(f"{words}: {count}" for words, count in told) + ".",
        table=Table(
            ("Level", *(words for words, _ in told)),
            ((items.capitalize(), *(count for _, count in told)),),
        ),
        height=bottom + (LEGEND_HEIGHT if with_legend else 0),
        marks=(*marks, *(legend(names, bottom) if with_legend else ())),
    )


def _bar(parts: Sequence[tuple[LevelValue, int]], total: int) -> list[Mark]:
    marks: list[Mark] = []
    x = float(_LEFT)
    for value, count in parts:
        if not count:
            continue
        width = _BAR_WIDTH * count / total
        box = level_box(value, x, _TOP, width, _BAR_HEIGHT)
        middle = x + width / 2
        marks += [box, *(hatch(box) if value is None else [])]
        marks.append(Label(middle, _TOP - 6, symbol(value), "middle", INK))
        marks.append(Label(middle, _TOP + 20, str(count), "middle", ink(value), bold=True))
        x += width
    return marks
