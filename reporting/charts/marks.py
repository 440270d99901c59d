"""What a chart is: words, a table of its numbers, and marks at fixed places in a viewBox."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

WIDTH: Final = 720
INK: Final = "#212b32"
RULE: Final = "#768692"
PALE: Final = "#d8dde0"

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Table:
    """The chart's numbers as text: every row has as many cells as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Box:
    """A rectangle; dashed outlines stand for what is missing."""

    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    stroke: str = INK
    dashed: bool = False

    @property
    def attributes(self) -> Attributes:
        dash = (("stroke-dasharray", "3 2"),) if self.dashed else ()
        return (("fill", self.fill), ("stroke", self.stroke), *dash)

    @property
    def path(self) -> str:
        across = number(self.width)
        return f"M{number(self.x)} {number(self.y)}h{across}v{number(self.height)}h-{across}z"


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str = RULE
    dashed: bool = False

    @property
    def attributes(self) -> Attributes:
        dash = (("stroke-dasharray", "4 3"),) if self.dashed else ()
        return (("fill", "none"), ("stroke", self.stroke), *dash)

    @property
    def path(self) -> str:
        end = number(self.x2)
        end = f"H{end}" if self.y1 == self.y2 else f"L{end} {number(self.y2)}"
        return f"M{number(self.x1)} {number(self.y1)}{end}"


PointShape = Literal["ring", "circle", "triangle", "diamond", "square"]


@dataclass(frozen=True)
class Point:
    """A shape around a place, eleven units across; the shape itself carries a meaning."""

    x: float
    y: float
    shape: PointShape

    @property
    def attributes(self) -> Attributes:
        fill = "#ffffff" if self.shape == "ring" else INK
        return (("fill", fill), ("stroke", INK), ("stroke-width", "1.5"))

    @property
    def path(self) -> str:
        right, down, outline = _POINT_PATHS[self.shape]
        return f"M{number(self.x + right)} {number(self.y + down)}{outline}"


# Two curves near enough a circle: WeasyPrint draws arcs in a path as corners.
_ROUND: Final = (-5, 0, "c0-6.7 10-6.7 10 0c0 6.7-10 6.7-10 0z")
# Where each outline starts from the place itself, and the outline.
_POINT_PATHS: Final[dict[PointShape, tuple[int, int, str]]] = {
    "ring": _ROUND,
    "circle": _ROUND,
    "triangle": (0, -6, "l6 11h-12z"),
    "diamond": (0, -6, "l6 6-6 6-6-6z"),
    "square": (-5, -5, "h10v10h-10z"),
}


@dataclass(frozen=True)
class Label:
    """Text whose baseline stands at y, unescaped."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    fill: str = INK
    bold: bool = False

    @property
    def attributes(self) -> Attributes:
        anchor = (("text-anchor", self.anchor),) if self.anchor != "start" else ()
        weight = (("font-weight", "bold"),) if self.bold else ()
        return (("fill", self.fill), *anchor, *weight)


Mark = Box | Line | Point | Label


@dataclass(frozen=True)
class Chart:
    """A drawing of numbers in a viewBox of `width` by `height`, and the same numbers as a table."""

    kind: str
    title: str
    description: str
    table: Table
    height: float
    marks: tuple[Mark, ...]
    width: float = WIDTH


@lru_cache(maxsize=4096)
def number(value: float) -> str:
    """A coordinate with at most one decimal place; the same few come again and again."""
    return f"{round(value, 1):g}"


def shorten(text: str, longest: int) -> str:
    """Text cut to fit its place in a drawing; the table holds it whole."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def day_words(on: date) -> str:
    """A date as charts print it, such as "5 Mar 2027"."""
    return f"{on.day} {on:%b %Y}"
