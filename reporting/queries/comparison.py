"""The comparison's rows: released snapshots of a cycle laid side by side, and nobody's draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Max, Q
from django.utils.formats import date_format

from assessments.models import Assessment, Coverage, Cycle, FrozenItem
from commitments.models import Item, Level
from portal.models import Organisation
from reporting.comparison import (
    Cell,
    ItemRow,
    Matrix,
    MovedOn,
    SystemColumn,
    alphabetical,
    matrix,
    moved_on,
)

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
    moved: tuple[MovedOn, ...] = ()


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


def compare(cycle: Cycle, *, among: Sequence[Cycle], section: str = "") -> Comparison:
    """Lay the systems' latest released snapshots of the cycle side by side.

    `among` are all full cycles, the latest first; `section` keeps one commitment or enabler, by
    its code. The number of queries is the same for any number of systems and items.
    """
    items = _items(cycle)
    levels = _level_names(cycle)
    previous = next((one for one in among if one.opens_at < cycle.opens_at), None)
    columns = _columns([cycle, previous] if previous else [cycle])
    laid = matrix([_row(item) for item in items], columns[cycle.pk])
    moved = (
        moved_on(columns[previous.pk], columns[cycle.pk], _not_comparable(items))
        if previous
        else {}
    )
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


def systems_in(cycle: Cycle) -> tuple[SystemColumn, ...]:
    """The systems of a cycle, alphabetical, each with how far it is."""
    return alphabetical(_columns([cycle])[cycle.pk])


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


def _columns(cycles: Sequence[Cycle]) -> dict[int, list[SystemColumn]]:
    """By cycle, every system with cells only from its latest released snapshot."""
    released = Q(snapshots__release__isnull=False)
    assessments = list(
        Assessment.objects.filter(cycle__in=cycles, organisation__kind=Organisation.Kind.ICS)
        .select_related("organisation")
        .annotate(released_version=Max("snapshots__version", filter=released))
    )
    cells = _cells(assessments)
    columns: dict[int, list[SystemColumn]] = {cycle.pk: [] for cycle in cycles}
    for one in assessments:
        columns[one.cycle_id].append(
            SystemColumn(
                slug=one.organisation.slug,
                name=one.organisation.name.removesuffix(" Integrated Care System"),
                status_words=_status_words(one),
                cells=cells.get(one.pk),
            )
        )
    return columns


def _cells(assessments: list[Assessment]) -> dict[int, dict[str, Cell]]:
    """By assessment and item code, from the frozen rows."""
    wanted = {one.pk: one.released_version for one in assessments if one.released_version}
    rows = FrozenItem.objects.filter(
        snapshot__assessment__in=wanted, snapshot__release__isnull=False
    ).values_list(
        "snapshot__assessment",
        "snapshot__version",
        "code",
        "level",
        "is_applicable",
        "coverage",
        "grades",
    )
    cells: dict[int, dict[str, Cell]] = {}
    for assessment, version, code, level, is_applicable, coverage, grades in rows:
        if wanted[assessment] == version:
            cell = Cell(level, not is_applicable, coverage, grades)
            cells.setdefault(assessment, {})[code] = cell
    return cells


def _status_words(assessment: Assessment) -> str:
    """What may be known before release: how far it is, and when the Board meets."""
    if assessment.released_version:
        return "Released"
    if assessment.signed_off_at:
        meets = assessment.board_on
        return f"Signed off, Board on {date_format(meets, 'j F Y')}" if meets else "Signed off"
    return assessment.state_name


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
                    moved=moved.get(item.code, ()),
                )
                for item in group
            ),
        )


def _shown(system: SystemColumn, cell: Cell | None, levels: tuple[str, ...]) -> ShownCell:
    if cell is None:
        return ShownCell(system, None, "Not released", "", "none")
    if cell.not_applicable:
        return ShownCell(system, None, "Does not apply", "n/a", "na")
    if cell.level is None:
        return ShownCell(system, None, "Not assessed", "–", "none")
    return ShownCell(
        system,
        cell.level,
        levels[cell.level],
        SYMBOLS[cell.level],
        str(cell.level),
        coverage=Coverage(cell.coverage).label if cell.coverage else "",
        grades=", ".join(f"{number} {grade}" for grade, number in cell.grades.items() if number),
    )
