"""The dumbbells: the self-assessed level and the community's ratings of each item, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from .levels import LevelValue, words
from .marks import INK, PALE, Box, Chart, Label, Line, Mark, Point, Table, shorten

_AXIS_LEFT: Final = 280
_LEVEL_STEP: Final = 95
_HEAD_HEIGHT: Final = 22
_ROW_HEIGHT: Final = 18
_LEGEND_HEIGHT: Final = 24
_LONGEST_NAME: Final = 34
_LONGEST_NAME_OF_MANY: Final = 17
_MANY: Final = 13
_NOTE_GAP: Final = 14
_HALF_FRAME: Final = 7
_HIGHEST_LEVEL: Final = 4


class CommunityNumbers(Protocol):
    """The ratings of one item summed up, as the scoring rules give them from three upwards."""

    @property
    def number(self) -> int: ...
    @property
    def cannot_tell(self) -> int: ...
    @property
    def middles(self) -> tuple[int, ...]: ...
    @property
    def lowest(self) -> int: ...
    @property
    def highest(self) -> int: ...
    @property
    def gap(self) -> int | None: ...


@dataclass(frozen=True)
class DumbbellRow:
    """One item: its self-assessed level and what communities say.

    `community` is None below the minimum of ratings that carry a level; then `few` says how many
    there are and `cannot_tell` how many partners could not tell from what they had seen.
    """

    code: str
    name: str
    self_level: LevelValue
    community: CommunityNumbers | None = None
    few: int = 0
    cannot_tell: int = 0


def dumbbells(
    rows: Sequence[DumbbellRow], names: Sequence[str], label: str, items: str = "Action"
) -> Chart:
    """A row an item on one axis of levels: a diamond for the self-assessed level, a frame around
    the middle rating or the two middle ones, a band over the range, a line where they lie apart.

    `names` are the level names, lowest first; `label` names what the items belong to. Ratings too
    few to sum up are said in words in their row, never drawn.
    """
    bottom = _HEAD_HEIGHT + _ROW_HEIGHT * len(rows)
    longest = _LONGEST_NAME if len(rows) <= _MANY else _LONGEST_NAME_OF_MANY
    marks = _axis(names, bottom)
    for place, row in enumerate(rows):
        y = _HEAD_HEIGHT + _ROW_HEIGHT * place + _ROW_HEIGHT // 2
        marks += [Label(0, y + 4, _name(row, names, longest)), *_row(row, y, len(names) // 2)]
    summed = sum(row.community is not None for row in rows)
    apart = sum(row.community is not None and row.community.gap is not None for row in rows)
    return Chart(
        kind="dumbbells",
        title=f"{label}: self-assessed levels and community ratings",
        description=f"{summed} of {len(rows)} {'has' if summed == 1 else 'have'} enough "
        f"community ratings to sum up; in {apart} of these the self-assessed level lies "
        "outside the middle ratings. "
        f"The axis runs from 0 {names[0]} to {_HIGHEST_LEVEL} {names[_HIGHEST_LEVEL]}.",
        table=Table(
            (items, "Self-assessed", "Middle rating", "Range", "Ratings", "Communities’ view"),
            tuple(_told(row, names) for row in rows),
        ),
        height=bottom + _LEGEND_HEIGHT,
        marks=(*marks, *_legend(bottom + 16)),
    )


def _axis(names: Sequence[str], bottom: float) -> list[Mark]:
    marks: list[Mark] = []
    for level, name in enumerate(names):
        x = _place(level)
        marks += [Line(x, _HEAD_HEIGHT - 4, x, bottom, PALE), Label(x, 12, name, "middle")]
    return marks


def _row(row: DumbbellRow, y: float, middle: int) -> list[Mark]:
    marks: list[Mark] = []
    if row.community is not None:
        marks += _community(row.community, y)
    else:
        # In the half of the row that the diamond leaves free.
        low = isinstance(row.self_level, int) and row.self_level < middle
        x = _place(middle if low else 0) + _NOTE_GAP
        marks.append(Label(x, y + 4, _few_words(row)))
    if isinstance(row.self_level, int):
        marks.append(Point(_place(row.self_level), y, "diamond"))
        marks += _connector(row.self_level, row.community, y)
    return marks


def _community(community: CommunityNumbers, y: float) -> list[Mark]:
    low, high = _place(community.lowest), _place(community.highest)
    left, right = _place(community.middles[0]), _place(community.middles[-1])
    frame = 2 * _HALF_FRAME
    marks: list[Mark] = [Box(low, y - 3, high - low, 6, PALE, PALE)] if high > low else []
    return [*marks, Box(left - _HALF_FRAME, y - _HALF_FRAME, right - left + frame, frame)]


def _connector(level: int, community: CommunityNumbers | None, y: float) -> list[Mark]:
    """The bar of the dumbbell, from the diamond to the nearer side of the frame."""
    if community is None or community.gap is None:
        return []
    above = level > community.middles[-1]
    edge = _place(community.middles[-1 if above else 0]) + _HALF_FRAME * (1 if above else -1)
    return [Line(edge, y, _place(level), y, INK)]


def _place(level: int) -> float:
    return _AXIS_LEFT + level * _LEVEL_STEP


def _name(row: DumbbellRow, names: Sequence[str], longest: int) -> str:
    whole = f"{row.code} {row.name}"
    if isinstance(row.self_level, int):
        return shorten(whole, longest)
    missing = words(row.self_level, names).lower()
    if longest == _LONGEST_NAME_OF_MANY:
        return f"{row.code} {missing}"
    return f"{shorten(whole, longest - len(missing) - 2)}: {missing}"


def _few_words(row: DumbbellRow) -> str:
    """What is said where there is nothing to sum up: the number of ratings, never their levels."""
    if not row.few and not row.cannot_tell:
        return "no community rating"
    if not row.few:
        return f"{row.cannot_tell} cannot tell"
    return f"{row.few} rating{'' if row.few == 1 else 's'}, too few"


def _told(row: DumbbellRow, names: Sequence[str]) -> tuple[str, ...]:
    head = (f"{row.code} {row.name}", words(row.self_level, names))
    if row.community is None:
        unsure = f", {row.cannot_tell} cannot tell" if row.few and row.cannot_tell else ""
        return (*head, *["not summed up"] * 2, str(row.few), f"{_few_words(row)}{unsure}")
    view = row.community
    middle = " and ".join(words(level, names) for level in view.middles)
    spread = f"{view.lowest} to {view.highest}" if view.highest > view.lowest else str(view.lowest)
    unsure = f", {view.cannot_tell} cannot tell" if view.cannot_tell else ""
    return (*head, middle, spread, str(view.number), f"{_gap_words(row, view)}{unsure}")


def _gap_words(row: DumbbellRow, view: CommunityNumbers) -> str:
    """The gap from the communities' side; nothing is compared where no level stands."""
    if not isinstance(row.self_level, int):
        return "nothing to compare"
    if view.gap is None:
        return "the same"
    return f"{abs(view.gap)} {'higher' if view.gap > 0 else 'lower'}"


def _legend(y: float) -> list[Mark]:
    return [
        Point(8, y - 4, "diamond"),
        Label(20, y, "self-assessed level"),
        Box(170 - _HALF_FRAME, y - 4 - _HALF_FRAME, 2 * _HALF_FRAME, 2 * _HALF_FRAME),
        Label(183, y, "middle community rating, or the two middle ones"),
        Box(516, y - 7, 40, 6, PALE, PALE),
        Label(564, y, "range of the ratings"),
    ]
