"""How each level looks in every chart: shade, symbol and words, told apart without colour."""

from collections.abc import Sequence
from typing import Final, Literal

from .marks import INK, PALE, Box, Label, Line, Mark

NOT_APPLICABLE: Final = "n/a"
NOT_ASKED: Final = "·"
LevelValue = int | Literal["n/a", "·"] | None
"""A level, None for not assessed, "n/a" for not applicable, "·" for not yet asked."""

_WORDS: Final = {None: "Not assessed", NOT_APPLICABLE: "Not applicable", NOT_ASKED: "Not asked"}

LEVEL_LOOKS: Final = (
    ("#ffffff", INK),
    ("#d9e6f2", INK),
    ("#a9c8e4", INK),
    ("#1e6fbf", "#ffffff"),
    ("#003087", "#ffffff"),
)
"""Fill and ink of levels 0 to 4: darker is further, and the ink stands out on the fill.

The stylesheets of screen and print shade their cells alike.
"""

LEGEND_HEIGHT: Final = 44
_LEGEND_COLUMNS: Final = 4
_LEGEND_STEP: Final = 176
_HATCH_STEP: Final = 10


def symbol(value: LevelValue) -> str:
    """What is printed for a level: its number, – not assessed, n/a not applicable, · not asked."""
    return "–" if value is None else str(value)


def words(value: LevelValue, names: Sequence[str]) -> str:
    """A level in words; `names` are the framework's level names, lowest first."""
    return f"{value} {names[value]}" if isinstance(value, int) else _WORDS[value]


def ink(value: LevelValue) -> str:
    """The colour in which text is printed on a level's box."""
    return LEVEL_LOOKS[value][1] if isinstance(value, int) else INK


def level_box(value: LevelValue, x: float, y: float, width: float, height: float) -> Box:
    """The box of a level: a shade, a dashed outline where nothing was assessed, or only paper."""
    if isinstance(value, int):
        return Box(x, y, width, height, LEVEL_LOOKS[value][0])
    if value == NOT_ASKED:
        return Box(x, y, width, height, stroke=PALE)
    return Box(x, y, width, height, PALE if value == NOT_APPLICABLE else "none", dashed=True)


def hatch(box: Box) -> list[Mark]:
    """Diagonal lines that fill a box, drawn rather than a pattern, which would need an id."""
    lines: list[Mark] = []
    for reach in range(_HATCH_STEP, int(box.width + box.height), _HATCH_STEP):
        left, right = max(0, reach - box.height), min(reach, box.width)
        lines.append(
            Line(
                box.x + left,
                box.y + min(reach, box.height),
                box.x + right,
                box.y + max(0, reach - box.width),
                stroke=PALE,
            )
        )
    return lines


def legend(names: Sequence[str], y: float) -> list[Mark]:
    """What the shades and symbols mean, in two lines below `y`."""
    values: tuple[LevelValue, ...] = (*range(len(LEVEL_LOOKS)), None, NOT_APPLICABLE)
    marks: list[Mark] = []
    for place, value in enumerate(values):
        line, column = divmod(place, _LEGEND_COLUMNS)
        x, top = 1 + column * _LEGEND_STEP, y + 4 + line * 20
        text = words(value, names) if isinstance(value, int) else _key(value, names)
        marks += [level_box(value, x, top, 14, 14), Label(x + 20, top + 11, text)]
    return marks


def _key(value: LevelValue, names: Sequence[str]) -> str:
    return f"{symbol(value)} {words(value, names)}"
