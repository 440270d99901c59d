"""Draws a chart as inline SVG that screen and print share: attributes only, no style, no ids."""

import re
from collections.abc import Iterable
from html import escape
from typing import Final

from .marks import Attributes, Box, Chart, Label, Line, Mark, Point, number

# What XML cannot hold, and control characters nobody meant to print.
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def to_svg(chart: Chart) -> str:
    """The chart as one <svg> element; its first children are its title and description.

    Marks of a kind lie in one layer, text on top. Marks of one style share one element, which
    keeps even 150 cells small. The PDF takes its alternative text from the title.
    """
    width, height = number(chart.width), number(chart.height)
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart--{_clean(chart.kind)}"',
            f' role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"',
            ' font-family="Arial, Noto Sans, sans-serif" font-size="12">',
            f"<title>{_clean(chart.title)}</title><desc>{_clean(chart.description)}</desc>",
            *(_paths(chart.marks, kind) for kind in (Box, Line, Point)),
            _labels(mark for mark in chart.marks if isinstance(mark, Label)),
            "</svg>",
        )
    )


def _paths(marks: Iterable[Mark], kind: type[Box] | type[Line] | type[Point]) -> str:
    styled: dict[Attributes, list[str]] = {}
    for mark in marks:
        if isinstance(mark, kind):
            styled.setdefault(mark.attributes, []).append(mark.path)
    return "".join(
        f'<path{_written(attributes)} d="{"".join(paths)}"/>'
        for attributes, paths in styled.items()
    )


def _labels(labels: Iterable[Label]) -> str:
    styled: dict[Attributes, list[str]] = {}
    for label in labels:
        across = f' x="{number(label.x)}"' if label.x else ""
        text = f'<text{across} y="{number(label.y)}">{_clean(label.text)}</text>'
        styled.setdefault(label.attributes, []).append(text)
    return "".join(
        f"<g{_written(attributes)}>{''.join(texts)}</g>" for attributes, texts in styled.items()
    )


def _written(attributes: Attributes) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes)


def _clean(text: str) -> str:
    return escape(_UNPRINTABLE.sub(" ", text))
