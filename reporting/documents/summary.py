"""The summary: five rows, the enablers beside, the 25 actions across the cycles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.charts import NOT_APPLICABLE, LevelValue, heatmap, profile_bar
from reporting.charts import NOT_ASKED as NO_CYCLE
from reporting.charts import HeatmapRow as DrawnRow
from reporting.documents.community import (
    is_rated,
    largest_gaps,
    rated_sentence,
    section_words,
)
from reporting.documents.drawings import NOTHING_DRAWN, Drawing, drawing, drawing_alone
from reporting.documents.looks import (
    NOT_ASKED,
    Look,
    bounded_words,
    legend,
    level_look,
    movement_look,
    profile_words,
    strip,
)
from reporting.documents.source import Source, item_noun
from reporting.documents.standing import movement_sentence, overall_sentence
from reporting.documents.words import counted

MOST_CYCLES = 4


@dataclass(frozen=True)
class _Profile:
    """Counts in the form the chart reads."""

    counts: tuple[int, int, int, int, int]
    not_assessed: int
    not_applicable: int

    @property
    def total(self) -> int:
        return sum(self.counts) + self.not_assessed + self.not_applicable


@dataclass(frozen=True)
class SummaryRow:
    """A commitment or enabler: profile first, never added up."""

    code: str
    title: str
    strip: str
    profile: str
    typical: str
    lowest: str
    lowest_codes: str
    completeness: str
    community: str
    changes: tuple[Look, ...]


@dataclass(frozen=True)
class HeatmapRow:
    code: str
    name: str
    cells: tuple[Look, ...]
    change: Look


@dataclass(frozen=True)
class HeatmapGroup:
    title: str
    rows: tuple[HeatmapRow, ...]


@dataclass(frozen=True)
class Summary:
    actions: str
    overall: str
    since: str
    community: str
    is_rated: bool
    gaps: Drawing
    profile: Drawing
    rows: tuple[SummaryRow, ...]
    enablers: tuple[SummaryRow, ...]
    legend: tuple[Look, ...]
    cycles: tuple[str, ...]
    columns: int
    picture: Drawing
    """The heatmap drawn, in the full report; the table below it holds its numbers."""
    heatmap: tuple[HeatmapGroup, ...]


def summary(source: Source) -> Summary:
    kept = source.earlier[-(MOST_CYCLES - 1) :]
    cycles = [cycle["cycle_name"] for cycle in kept] + [source.document["cycle"]["name"]]
    counts = _all_actions(source)
    return Summary(
        actions=counted(counts.total, "action"),
        overall=overall_sentence(source),
        since=movement_sentence(source),
        community=rated_sentence(source),
        is_rated=is_rated(source),
        gaps=largest_gaps(source),
        profile=_profile(counts, source),
        rows=tuple(summary_row(section, source) for section in source.commitments),
        enablers=tuple(summary_row(section, source) for section in source.enablers),
        legend=legend(source.names),
        cycles=tuple(cycles),
        columns=len(cycles) + 2,
        picture=_picture(source, kept, cycles) if source.identity.is_full else NOTHING_DRAWN,
        heatmap=tuple(
            HeatmapGroup(
                section["title"],
                tuple(_heatmap_row(item, kept, source) for item in section["items"]),
            )
            for section in source.commitments
        ),
    )


def _profile(counts: _Profile, source: Source) -> Drawing:
    chart = profile_bar(counts, source.names, f"All {counts.total} actions", with_legend=False)
    return drawing(chart, f"How many of the {counted(counts.total, 'action')} stand at each level.")


def _all_actions(source: Source) -> _Profile:
    rolled = [section["roll_up"] for section in source.commitments]
    none, committed, under_way, embedded, difference = (
        sum(counts) for counts in zip(*(row["counts"] for row in rolled), strict=True)
    )
    return _Profile(
        counts=(none, committed, under_way, embedded, difference),
        not_assessed=sum(row["not_assessed"] for row in rolled),
        not_applicable=sum(row["not_applicable"] for row in rolled),
    )


def summary_row(section: Mapping[str, Any], source: Source) -> SummaryRow:
    rolled, noun = section["roll_up"], f"{item_noun(section)}s"
    return SummaryRow(
        code=section["code"],
        title=section["title"],
        strip=strip(section["items"], source.names, f"Profile of {section['title']}"),
        profile=profile_words(rolled, source.names),
        typical=bounded_words(rolled, "typical", source.names, noun),
        lowest=bounded_words(rolled, "lowest", source.names, noun),
        lowest_codes=", ".join(rolled["lowest_codes"]),
        completeness=rolled["completeness"],
        community=section_words(section),
        changes=_changes(section, source),
    )


def _changes(section: Mapping[str, Any], source: Source) -> tuple[Look, ...]:
    """How many moved each way since the last cycle."""
    kinds = Counter(item["movement"]["kind"] for item in section["items"])
    looks = ((number, movement_look(kind)) for kind, number in kinds.items())
    order = "▲▼=+–≠"
    shown = sorted(
        ((number, look) for number, look in looks if look.symbol in order and look.symbol),
        key=lambda pair: order.index(pair[1].symbol),
    )
    if not shown:
        return (Look("", "First cycle"),) if not source.earlier else (Look("", "None"),)
    return tuple(Look(look.symbol, f"{number} {look.words.lower()}") for number, look in shown)


def _heatmap_row(
    item: Mapping[str, Any], kept: list[Mapping[str, Any]], source: Source
) -> HeatmapRow:
    before = [
        level_look(cycle["levels"][item["code"]], source.names)
        if item["code"] in cycle["levels"]
        else NOT_ASKED
        for cycle in kept
    ]
    now = level_look(item["level"], source.names, applicable=item["applicable"])
    return HeatmapRow(
        code=item["code"],
        name=item["short_name"],
        cells=(*before, now),
        change=movement_look(item["movement"]["kind"]),
    )


def _picture(source: Source, kept: list[Mapping[str, Any]], cycles: list[str]) -> Drawing:
    rows = [
        DrawnRow(
            item["code"],
            item["short_name"],
            section["title"],
            (*(cycle["levels"].get(item["code"], NO_CYCLE) for cycle in kept), _level(item)),
            frozenset({len(kept)} if item["movement"]["kind"] == "not comparable" else ()),
        )
        for section in source.commitments
        for item in section["items"]
    ]
    chart = heatmap(rows, _apart(cycles), source.names)
    return drawing_alone(chart, "Darker is further. The table below says the same in words.")


def _apart(names: list[str]) -> list[str]:
    """The words in which the names of cycles differ, mostly a year; a single name whole."""
    shared = set.intersection(*(set(name.split()) for name in names)) if len(names) > 1 else set()
    return [" ".join(word for word in name.split() if word not in shared) for name in names]


def _level(item: Mapping[str, Any]) -> LevelValue:
    level: int | None = item["level"]
    return level if item["applicable"] else NOT_APPLICABLE
