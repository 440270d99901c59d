"""How levels, movements and delivery statuses look in a paper: a symbol and a word, always both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from reporting.charts import LEVEL_LOOKS, Box, Chart, Label, Mark, Table
from reporting.charts.marks import INK, WIDTH
from reporting.documents.drawings import Drawing, drawing_alone

SYMBOLS: Final = ("○", "◔", "◑", "◕", "●")
STATUS_SHAPES: Final = {
    "not_started": "○",
    "on_track": "●",
    "at_risk": "▲",
    "off_track": "◆",
    "done": "■",
}


@dataclass(frozen=True)
class Look:
    """A symbol, a word, and the class that shades it."""

    symbol: str
    words: str
    css: str = ""


NOT_ASSESSED: Final = Look("–", "Not assessed", "level-none")
NOT_APPLICABLE: Final = Look("n/a", "Not applicable", "level-na")
NOT_ASKED: Final = Look("·", "Not asked", "level-none")
_MOVES: Final = {
    "up": Look("▲", "Up"),
    "down": Look("▼", "Down"),
    "same": Look("=", "The same"),
    "newly assessed": Look("+", "Newly assessed"),
    "no longer assessed": Look("–", "No longer assessed"),
    "still not assessed": Look("–", "Not assessed"),
    "not comparable": Look("≠", "Not comparable"),
    "not applicable": Look("n/a", "Not applicable"),
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
    """A small profile as inline SVG: a block an item, from the lowest level up."""
    return drawing_alone(_blocks(items, names, label, width=34, height=20), "").svg


def band(
    items: Sequence[Mapping[str, Any]], names: Sequence[str], label: str, caption: str
) -> Drawing:
    """The same across the page, with each item's code and level written in its block."""
    return drawing_alone(_blocks(items, names, label, width=WIDTH / 5, height=36), caption)


def _blocks(
    items: Sequence[Mapping[str, Any]],
    names: Sequence[str],
    label: str,
    *,
    width: float,
    height: float,
) -> Chart:
    order = sorted(items, key=_place)
    looks = [level_look(i["level"], names, applicable=i["applicable"]) for i in order]
    marks: list[Mark] = []
    for place, (item, look) in enumerate(zip(order, looks, strict=True)):
        level = item["level"] if item["applicable"] else None
        fill, ink = ("#ffffff", INK) if level is None else LEVEL_LOOKS[level]
        left = 1 + place * width
        middle = left + (width - 3) / 2
        marks.append(Box(left, 1, width - 3, height, fill, dashed=level is None))
        if width < WIDTH / 5:
            marks.append(Label(middle, 15.5, look.symbol, "middle", ink))
        else:
            marks.append(Label(middle, 16, f"{item['code']} {look.symbol}", "middle", ink, True))
            marks.append(Label(middle, 31, look.words, "middle", ink))
    told = [f"{item['code']} {look.words}" for item, look in zip(order, looks, strict=True)]
    return Chart(
        kind="strip",
        title=f"{label}: {', '.join(told)}",
        description="One block for each, from the lowest level to the highest.",
        table=Table(
            ("Code", "Level"),
            tuple((i["code"], look.words) for i, look in zip(order, looks, strict=True)),
        ),
        height=height + 2,
        marks=tuple(marks),
        width=round(max(1, len(order)) * width),
    )


def _place(item: Mapping[str, Any]) -> tuple[bool, int]:
    """From the lowest level up; not assessed first, what does not apply last."""
    return not item["applicable"], -1 if item["level"] is None else item["level"]


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
