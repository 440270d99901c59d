"""How levels, movements and delivery statuses look in a paper: a symbol and a word, always both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reporting.charts import LEVEL_LOOKS, Box, Chart, Label, Mark, Table, to_svg

SYMBOLS: Final = ("○", "◔", "◑", "◕", "●")
STATUS_SHAPES: Final = {
    "not_started": "○",
    "on_track": "●",
    "at_risk": "▲",
    "off_track": "◆",
    "done": "■",
}
_BLOCK: Final = 34
_HEIGHT: Final = 20


@dataclass(frozen=True)
class Look:
    """A symbol, a word, and the class that shades it."""

    symbol: str
    words: str
    css: str = ""


NOT_ASSESSED: Final = Look("–", "Not assessed", "level-none")
NOT_APPLICABLE: Final = Look("n/a", "Does not apply", "level-na")
NOT_ASKED: Final = Look("·", "Not asked", "level-none")
_MOVES: Final = {
    "up": Look("▲", "Up"),
    "down": Look("▼", "Down"),
    "same": Look("=", "The same"),
    "newly assessed": Look("+", "Newly assessed"),
    "no longer assessed": Look("–", "No longer assessed"),
    "still not assessed": Look("–", "Still not assessed"),
    "not comparable": Look("≠", "Not comparable"),
    "not applicable": Look("n/a", "Does not apply"),
}


def level_look(level: int | None, names: Sequence[str], *, applicable: bool = True) -> Look:
    """A level in word and symbol; `names` are the framework's, lowest first."""
    if not applicable:
        return NOT_APPLICABLE
    if level is None:
        return NOT_ASSESSED
    return Look(SYMBOLS[level], names[level], f"level-{level}")


def movement_look(kind: str) -> Look:
    """A movement in word and symbol; nothing where there is nothing to compare with."""
    return _MOVES.get(kind, Look("", ""))


def status_look(status: str, name: str) -> Look:
    return Look(STATUS_SHAPES[status], name)


def legend(names: Sequence[str]) -> tuple[Look, ...]:
    return (*(level_look(number, names) for number in range(len(names))), NOT_ASSESSED)


def strip(items: Sequence[Mapping[str, Any]], names: Sequence[str], label: str) -> str:
    """A commitment's profile as inline SVG: a block an item, from the lowest level up."""
    order = sorted(items, key=lambda item: (item["applicable"], _height(item["level"])))
    marks: list[Mark] = []
    looks = []
    for place, item in enumerate(order):
        look = level_look(item["level"], names, applicable=item["applicable"])
        level = item["level"] if item["applicable"] else None
        fill, ink = ("#ffffff", "#212b32") if level is None else LEVEL_LOOKS[level]
        left = 1 + place * _BLOCK
        marks.append(Box(left, 1, _BLOCK - 3, _HEIGHT, fill, dashed=level is None))
        middle = left + (_BLOCK - 3) / 2
        marks.append(Label(middle, 15.5, look.symbol, "middle", ink, bold=False))
        looks.append(look.words)
    chart = Chart(
        kind="strip",
        title=f"{label}: {', '.join(looks).lower()}",
        description="One block for each, from the lowest level to the highest.",
        table=Table(("Item", "Level"), ()),
        height=_HEIGHT + 2,
        marks=tuple(marks),
        width=len(order) * _BLOCK,
    )
    return to_svg(chart)


def _height(level: int | None) -> int:
    return -1 if level is None else level


def profile_words(roll_up: Mapping[str, Any], names: Sequence[str]) -> str:
    """A profile as text: "1 Not started, 3 Under way, 1 not assessed"."""
    parts = [f"{n} {name}" for n, name in zip(roll_up["counts"], names, strict=True) if n]
    if roll_up["not_assessed"]:
        parts.append(f"{roll_up['not_assessed']} not assessed")
    if roll_up["not_applicable"]:
        parts.append(f"{roll_up['not_applicable']} not applicable")
    return ", ".join(parts)


def bounded_words(
    roll_up: Mapping[str, Any], which: str, names: Sequence[str], items: str = "actions"
) -> str:
    """The typical or lowest level in words, firm or between bounds."""
    bounds = roll_up[f"{which}_bounds"]
    if bounds is None:
        return f"No applicable {items}"
    if not sum(roll_up["counts"]):
        return "Not assessed"
    low, high = bounds
    if low != high:
        return f"Between {names[low]} and {names[high]}"
    return f"{names[low]}, whatever the gaps" if roll_up["not_assessed"] else names[low]
