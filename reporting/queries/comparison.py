"""The comparison's rows: released snapshots of a cycle laid side by side, and nobody's draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page

from assessments.models import Assessment, Coverage, Cycle
from commitments.models import Item, Level
from reporting.comparison import Cell, ItemRow, Matrix, MovedOn, SystemColumn, matrix, moved_on
from reporting.queries.systems import columns, everybody_in, systems_in

SYMBOLS = ("○", "◔", "◑", "◕", "●")


@dataclass(frozen=True)
class ShownCell:
    """A cell as page and CSV show it: symbol and word, never colour alone."""

    system: SystemColumn
    level: int | None
    words: str
    symbol: str
    css: str
    coverage: str = ""
    grades: str = ""


@dataclass(frozen=True)
class ShownRow:
    item: ItemRow
    cells: tuple[ShownCell, ...]
    counts_words: str
    moved: tuple[str, ...] = ()
    """Who has moved on, and from where, in words."""


@dataclass(frozen=True)
class ShownSection:
    code: str
    title: str
    kind: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True)
class Comparison:
    """Everything the comparison of one cycle shows, in any of its forms."""

    cycle: Cycle
    previous: Cycle | None
    systems: tuple[SystemColumn, ...]
    sections: tuple[ShownSection, ...]
    level_names: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    """Codes and titles to filter by, in chapter order."""

    @property
    def rows(self) -> list[ShownRow]:
        return [row for section in self.sections for row in section.rows]


def compare(
    cycle: Cycle,
    *,
    among: Sequence[Cycle],
    section: str = "",
    shown: Page[Assessment] | None = None,
    moves: bool = False,
) -> Comparison:
    """Lay the systems' latest released snapshots of the cycle side by side.

    `among` are all full cycles, the latest first; `section` keeps one commitment or enabler, by
    its code. Without a page `shown` all systems stand there; the rows count all of them anyhow.
    `moves` says who has moved on since the previous cycle. The number of queries is the same for
    any number of systems and items.
    """
    items = _items(cycle)
    levels = _level_names(cycle)
    earlier = (one for one in among if one.opens_at < cycle.opens_at)
    previous = next(earlier, None) if moves else None
    systems = list(shown or systems_in(cycle))
    now, before = columns(systems, cycle, previous)
    laid = matrix(
        [_row(item) for item in items],
        now,
        everybody=everybody_in(cycle, shown.paginator.count) if shown else None,
    )
    moved = moved_on(before, now, _not_comparable(items)) if moves else {}
    return Comparison(
        cycle=cycle,
        previous=previous,
        systems=laid.columns,
        sections=tuple(_sections(items, laid, moved, levels, section)),
        level_names=levels,
        choices=tuple(dict.fromkeys((item.section.code, item.section.title) for item in items)),
    )


def cycles_to_compare() -> list[Cycle]:
    """Full cycles, the latest first."""
    return list(Cycle.objects.full().select_related("framework").order_by("-opens_at"))


def _items(cycle: Cycle) -> list[Item]:
    items = Item.objects.filter(section__framework=cycle.framework_id)
    return list(items.select_related("section").in_order())


def _level_names(cycle: Cycle) -> tuple[str, ...]:
    levels = Level.objects.filter(framework=cycle.framework_id).order_by("number")
    return tuple(levels.values_list("name", flat=True))


def _not_comparable(items: Iterable[Item]) -> set[str]:
    return {item.code for item in items if item.materially_changed}


def _row(item: Item) -> ItemRow:
    return ItemRow(code=item.code, name=item.short_name, section=item.section.code)


def _sections(
    items: list[Item],
    laid: Matrix,
    moved: dict[str, tuple[MovedOn, ...]],
    levels: tuple[str, ...],
    wanted: str,
) -> Iterable[ShownSection]:
    rows = {row.item.code: row for row in laid.rows}
    for section, group in groupby(items, key=lambda item: item.section):
        if wanted and section.code != wanted:
            continue
        yield ShownSection(
            code=section.code,
            title=section.title,
            kind=section.get_kind_display(),
            rows=tuple(
                ShownRow(
                    item=rows[item.code].item,
                    cells=tuple(
                        _shown(system, cell, levels)
                        for system, cell in zip(laid.columns, rows[item.code].cells, strict=True)
                    ),
                    counts_words=rows[item.code].counts_words,
                    moved=tuple(
                        f"{one.name}: from {levels[one.before]} to {levels[one.after]}"
                        for one in moved.get(item.code, ())
                    ),
                )
                for item in group
            ),
        )


def _shown(system: SystemColumn, cell: Cell | None, levels: tuple[str, ...]) -> ShownCell:
    if cell is None:
        return ShownCell(system, None, "Not released", "", "none")
    if cell.not_applicable:
        return ShownCell(system, None, "Not applicable", "n/a", "na")
    if cell.level is None:
        return ShownCell(system, None, "Not assessed", "–", "none")
    return ShownCell(
        system,
        cell.level,
        levels[cell.level],
        SYMBOLS[cell.level],
        str(cell.level),
        coverage=Coverage(cell.coverage).label if cell.coverage else "",
        grades=", ".join(f"{grade} {number}" for grade, number in cell.grades.items() if number),
    )
