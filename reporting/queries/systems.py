"""The systems of a cycle: who takes part, how far they are, and what each has released."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, QuerySet
from django.db.models.functions import Lower
from django.utils.formats import date_format

from assessments.models import Assessment, Cycle, FrozenItem, Release, Snapshot
from portal.models import Organisation
from reporting.comparison import Cell, Everybody, SystemColumn, Tally

SYSTEMS_A_PAGE = 10
"""How many stand side by side; London has five."""
SUFFIX = " Integrated Care System"

Cells = dict[str, Cell]


def systems_in(cycle: Cycle) -> QuerySet[Assessment]:
    """The assessments of the cycle's systems, alphabetical."""
    rows = Assessment.objects.filter(cycle=cycle, organisation__kind=Organisation.Kind.ICS)
    return rows.select_related("organisation").order_by(
        Lower("organisation__name"), "organisation__slug"
    )


def page_of_systems(cycle: Cycle, number: str | None) -> Page[Assessment]:
    """The first page where the number makes no sense."""
    return Paginator(systems_in(cycle), SYSTEMS_A_PAGE).get_page(number)


def statuses_in(cycle: Cycle) -> list[tuple[str, str]]:
    """Every system by name, with how far it is."""
    released = Snapshot.objects.released().filter(assessment=OuterRef("pk"))
    return [
        (_name(one), _status_words(one, is_released=one.is_released))
        for one in systems_in(cycle).annotate(is_released=Exists(released))
    ]


def columns(
    systems: Sequence[Assessment], cycle: Cycle, previous: Cycle | None = None
) -> tuple[list[SystemColumn], list[SystemColumn]]:
    """The systems in the cycle, and the same in the previous one."""
    cycles = [cycle, previous] if previous else [cycle]
    released = _released(cycles, [one.organisation_id for one in systems])
    earlier = released[previous.pk] if previous else {}
    return (
        [_column(one, released[cycle.pk].get(one.organisation_id)) for one in systems],
        [_column(one, earlier.get(one.organisation_id)) for one in systems],
    )


def everybody_in(cycle: Cycle, systems: int) -> Everybody:
    """All of the cycle's systems in numbers, `systems` being how many take part."""
    releases = Release.objects.aggregate(number=Count("pk"), latest=Max("pk"))
    return count_everybody(cycle.pk, systems, releases["number"], releases["latest"])


@lru_cache(maxsize=16)
def count_everybody(
    cycle: int, systems: int, _releases: int, _latest_release: int | None
) -> Everybody:
    """Counted once in each process until something is released: what was released never changes."""
    released = Snapshot.objects.released().filter(
        assessment__cycle=cycle, assessment__organisation__kind=Organisation.Kind.ICS
    )
    newer = Snapshot.objects.released().filter(
        assessment=OuterRef("assessment"), version__gt=OuterRef("version")
    )
    latest = released.filter(~Exists(newer))
    rows = FrozenItem.objects.filter(snapshot__in=latest)
    counted = rows.values_list("code", "level", "is_applicable").annotate(Count("pk"))
    return Everybody(_tallies(counted), systems - latest.count())


def _tallies(counted: Iterable[tuple[str, int | None, bool, int]]) -> dict[str, Tally]:
    levels: dict[str, dict[int, int]] = defaultdict(dict)
    not_assessed: dict[str, int] = defaultdict(int)
    not_applicable: dict[str, int] = defaultdict(int)
    for code, level, is_applicable, number in counted:
        if not is_applicable:
            not_applicable[code] += number
        elif level is None:
            not_assessed[code] += number
        else:
            levels[code][level] = number
    return {
        code: Tally(levels[code], not_assessed[code], not_applicable[code])
        for code in {*levels, *not_assessed, *not_applicable}
    }


def _released(cycles: Sequence[Cycle], organisations: Sequence[int]) -> dict[int, dict[int, Cells]]:
    """By cycle and organisation the cells of its latest released snapshot, from the frozen rows."""
    rows = FrozenItem.objects.filter(
        cycle__in=cycles, organisation__in=organisations, snapshot__release__isnull=False
    ).values_list(
        "cycle",
        "organisation",
        "snapshot__version",
        "code",
        "level",
        "is_applicable",
        "coverage",
        "grades",
    )
    versions: dict[tuple[int, int], dict[int, Cells]] = defaultdict(lambda: defaultdict(dict))
    for cycle, organisation, version, code, level, is_applicable, coverage, grades in rows:
        cell = Cell(level, not is_applicable, coverage, grades)
        versions[cycle, organisation][version][code] = cell
    found: dict[int, dict[int, Cells]] = {cycle.pk: {} for cycle in cycles}
    for (cycle, organisation), cells in versions.items():
        found[cycle][organisation] = cells[max(cells)]
    return found


def _column(assessment: Assessment, cells: Cells | None) -> SystemColumn:
    words = _status_words(assessment, is_released=cells is not None)
    return SystemColumn(assessment.organisation.slug, _name(assessment), words, cells)


def _name(assessment: Assessment) -> str:
    return assessment.organisation.name.removesuffix(SUFFIX)


def _status_words(assessment: Assessment, *, is_released: bool) -> str:
    """What may be known before release: how far it is, and when the Board meets."""
    if is_released:
        return "Released"
    if assessment.signed_off_at:
        meets = assessment.board_on
        return f"Signed off, Board on {date_format(meets, 'j F Y')}" if meets else "Signed off"
    return assessment.state_name
