"""The heatmap: the level of every action in every cycle, in the framework's order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from .levels import LEGEND_HEIGHT, NOT_ASKED, LevelValue, ink, legend, level_box, symbol, words
from .marks import WIDTH, Chart, Label, Mark, Table, shorten

MAX_HEATMAP_CYCLES: Final = 6
_CELLS_LEFT: Final = 330
_WIDEST_CELL: Final = 120
_ROW_HEIGHT: Final = 20
_HEAD_HEIGHT: Final = 22
_LONGEST_NAME: Final = 50
_LETTER_WIDTH: Final = 7


@dataclass(frozen=True)
class HeatmapRow:
    """One item, its section's name, and its level in each cycle, oldest first.

    `new_wording` names the places of levels that cannot be compared with the cycle before.
    """

    code: str
    name: str
    section: str
    levels: tuple[LevelValue, ...]
    new_wording: frozenset[int] = frozenset()

    def is_seam(self, place: int) -> bool:
        """Whether a level stands at `place` and cannot be compared with the one before it."""
        return place in self.new_wording and place > 0 and self.levels[place - 1] != NOT_ASKED


def heatmap(
    rows: Sequence[HeatmapRow],
    cycles: Sequence[str],
    names: Sequence[str],
    title: str = "Level of each action, by cycle",
) -> Chart:
    """A cell per item and cycle with its level printed in it; the latest six cycles are drawn.

    `cycles` are the cycles' names, oldest first; `names` the level names, lowest first.
    """
    shown = tuple(cycles[-MAX_HEATMAP_CYCLES:])
    latest = [_latest(row) for row in rows]
    step = min(_WIDEST_CELL, (WIDTH - _CELLS_LEFT) // max(1, len(shown)))
    marks: list[Mark] = [
        Label(_middle(place, step), 14, shorten(cycle, step // _LETTER_WIDTH), "middle", bold=True)
        for place, cycle in enumerate(shown)
    ]
    bottom = float(_HEAD_HEIGHT)
    for section, members in groupby(latest, key=lambda row: row.section):
        marks.append(Label(0, bottom + 14, section, bold=True))
        bottom += _HEAD_HEIGHT
        for row in members:
            marks += _row(row, bottom, step)
            bottom += _ROW_HEIGHT
    return Chart(
        kind="heatmap",
        title=title,
        description=f"{len(latest)} rows; cycles: {', '.join(shown) or 'none'}. "
        "Each cell prints its level from 0 to 4; – is not assessed, n/a not applicable, "
        "· not asked, ≠ not comparable with the cycle before.",
        table=_table(latest, shown, names),
        height=bottom + 6 + LEGEND_HEIGHT,
        marks=(*marks, *legend(names, bottom + 6), *_more_legend(bottom + 6)),
    )


def _latest(row: HeatmapRow) -> HeatmapRow:
    """The row with no more cycles than are drawn."""
    left_out = max(0, len(row.levels) - MAX_HEATMAP_CYCLES)
    kept = frozenset(place - left_out for place in row.new_wording)
    return replace(row, levels=row.levels[left_out:], new_wording=kept)


def _row(row: HeatmapRow, top: float, step: int) -> list[Mark]:
    marks: list[Mark] = [Label(0, top + 14, shorten(f"{row.code} {row.name}", _LONGEST_NAME))]
    for place, value in enumerate(row.levels):
        left = _CELLS_LEFT + place * step
        marks.append(level_box(value, left + 1, top + 1, step - 2, _ROW_HEIGHT - 2))
        printed = f"≠ {symbol(value)}" if row.is_seam(place) else symbol(value)
        marks.append(Label(_middle(place, step), top + 14, printed, "middle", ink(value)))
    return marks


def _more_legend(y: float) -> list[Mark]:
    """What stands in no other chart, beside the last of the levels' legend."""
    return [Label(530, y + 35, "· not asked   ≠ not comparable")]


def _middle(place: int, step: int) -> float:
    return _CELLS_LEFT + (place + 0.5) * step


def _table(rows: Sequence[HeatmapRow], cycles: tuple[str, ...], names: Sequence[str]) -> Table:
    return Table(
        ("Action", *cycles),
        tuple(
            (
                f"{row.code} {row.name}",
                *(_told(row, place, names) for place in range(len(row.levels))),
            )
            for row in rows
        ),
    )


def _told(row: HeatmapRow, place: int, names: Sequence[str]) -> str:
    told = words(row.levels[place], names)
    return f"{told}, not comparable with the cycle before" if row.is_seam(place) else told
