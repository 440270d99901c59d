"""A chart as it stands on a page: drawn, said in a caption, and its numbers in a table below."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.charts import Chart, Table, to_svg

Cells = tuple[tuple[str, str], ...]
"""The cells of a row after its first, each with the name of its column."""


@dataclass(frozen=True)
class Drawing:
    """One chart; `rows` are empty where the table beside it carries the same numbers already."""

    svg: str = ""
    title: str = ""
    caption: str = ""
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, Cells], ...] = ()


NOTHING_DRAWN = Drawing()


def drawing(chart: Chart, caption: str) -> Drawing:
    """The chart with its numbers below it."""
    table = chart.table
    return Drawing(to_svg(chart), chart.title, caption, table.head, _labelled(table))


def drawing_alone(chart: Chart, caption: str) -> Drawing:
    """Without a table of its own, since the table under it holds its numbers and more."""
    return Drawing(to_svg(chart), chart.title, caption)


def _labelled(table: Table) -> tuple[tuple[str, Cells], ...]:
    names = table.head[1:]
    return tuple((row[0], tuple(zip(names, row[1:], strict=True))) for row in table.rows)
