"""Small multiples: the profiles of several systems side by side, each on the same fixed axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from .levels import LEGEND_HEIGHT, NOT_APPLICABLE, LevelValue, legend, level_box, symbol, words
from .marks import PALE, RULE, WIDTH, Box, Chart, Label, Line, Mark, Table, shorten
from .profile import ProfileCounts

_PANELS_ACROSS: Final = 5
_PANEL_WIDTH: Final = WIDTH // _PANELS_ACROSS
_COLUMN_STEP: Final = 19
_COLUMN_WIDTH: Final = 14
_ITEM_HEIGHT: Final = 13
_HEAD_HEIGHT: Final = 48
_FOOT_HEIGHT: Final = 26
_LINE_LENGTH: Final = 19
_LINE_HEIGHT: Final = 14
_VALUES: Final[tuple[LevelValue, ...]] = (0, 1, 2, 3, 4, None, NOT_APPLICABLE)


@dataclass(frozen=True)
class ProfilePanel:
    """A system and its profile; `profile` is None until it has released, `status` then says why."""

    name: str
    profile: ProfileCounts | None
    status: str = ""


def profile_multiples(
    panels: Sequence[ProfilePanel],
    names: Sequence[str],
    label: str,
    of: int = 5,
    items: str = "actions",
) -> Chart:
    """A panel a system, alphabetical, with a column for each level as tall as its count.

    `of` is how many items there are at most and fixes the height of every panel. There is no
    total, no average, and no order but the alphabet.
    """
    ordered = sorted(panels, key=lambda panel: panel.name.casefold())
    height = _HEAD_HEIGHT + of * _ITEM_HEIGHT + _FOOT_HEIGHT
    marks: list[Mark] = []
    for place, panel in enumerate(ordered):
        line, across = divmod(place, _PANELS_ACROSS)
        ground = line * height + _HEAD_HEIGHT + of * _ITEM_HEIGHT
        marks += _panel(panel, across * _PANEL_WIDTH, line * height, ground)
        if not across:
            marks.append(
                Line(0, ground - of * _ITEM_HEIGHT, WIDTH, ground - of * _ITEM_HEIGHT, PALE)
            )
    bottom = (len(ordered) + _PANELS_ACROSS - 1) // _PANELS_ACROSS * height
    released = sum(panel.profile is not None for panel in ordered)
    return Chart(
        kind="multiples",
        title=f"{label}: profiles of {len(ordered)} systems, in alphabetical order",
        description=f"{released} of {len(ordered)} {'has' if released == 1 else 'have'} released. "
        f"Each column counts the {items} "
        f"at one level, on an axis from 0 to {of}.",
        table=Table(
            ("System", *(words(value, names) for value in _VALUES)),
            tuple(_told(panel) for panel in ordered),
        ),
        height=bottom + LEGEND_HEIGHT,
        marks=(*marks, *legend(names, bottom)),
    )


def _panel(panel: ProfilePanel, left: float, top: float, ground: float) -> list[Mark]:
    right = left + len(_VALUES) * _COLUMN_STEP
    marks: list[Mark] = [
        *_lines(panel.name, left, top + 12, bold=True),
        Line(left, ground, right, ground, RULE),
    ]
    if panel.profile is None:
        return [*marks, *_lines(_status(panel), left, ground - 36)]
    for place, (value, count) in enumerate(zip(_VALUES, _counts(panel.profile), strict=True)):
        x = left + place * _COLUMN_STEP + 1
        middle = x + _COLUMN_WIDTH // 2
        marks.append(Label(middle, ground + 14, symbol(value), "middle"))
        if count:
            tall = count * _ITEM_HEIGHT
            box: Box = level_box(value, x, ground - tall, _COLUMN_WIDTH, tall)
            marks += [box, Label(middle, ground - tall - 4, str(count), "middle", bold=True)]
    return marks


def _lines(text: str, left: float, y: float, bold: bool = False) -> list[Label]:
    """Two lines of a panel; the table holds what does not fit them."""
    lines = wrap(text, _LINE_LENGTH)
    kept = [*lines[:1], *(shorten(" ".join(lines[1:]), _LINE_LENGTH),)] if lines[1:] else lines
    return [
        Label(left, y + place * _LINE_HEIGHT, line, bold=bold) for place, line in enumerate(kept)
    ]


def _counts(profile: ProfileCounts) -> tuple[int, ...]:
    return (*profile.counts, profile.not_assessed, profile.not_applicable)


def _status(panel: ProfilePanel) -> str:
    return panel.status or "not released"


def _told(panel: ProfilePanel) -> tuple[str, ...]:
    if panel.profile is None:
        return (panel.name, *[_status(panel)] * len(_VALUES))
    return (panel.name, *(str(count) for count in _counts(panel.profile)))
