"""What only the full report holds: every item in full, duties, method, evidence list, source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.documents.commitments import SectionPage, section_page
from reporting.documents.community import RatingsLog, ratings_log
from reporting.documents.items import STRENGTHS, EvidenceRow, ItemPage, evidence_row, item_page
from reporting.documents.leaning import Leaning, leaning
from reporting.documents.looks import level_look
from reporting.documents.source import Source, Text
from reporting.documents.words import joined, sentence

NOT_IN_THE_FRAMEWORK = (
    Text(
        "NHS Workforce Race Equality Standard and the London Workforce Race Equality Strategy",
        "Their figures are the usual evidence for the Workforce actions and for Board "
        "representation (L3).",
    ),
    Text(
        "Patient and Carer Race Equality Framework (PCREF)",
        "What mental health trusts show under it can be cited for the Leadership and Communities "
        "actions.",
    ),
    Text(
        "Joint Forward Plan",
        "Action L5 asks that tackling ethnic health inequalities is embedded in it.",
    ),
)
NO_SPREAD = "No constituent organisation’s own assessment stands beside this one in this cycle."
SPREAD = (
    "Constituent organisations assessed these for themselves. Each stands by itself; none is "
    "averaged in."
)
NOTHING_CLAIMED = "None."


@dataclass(frozen=True)
class Chapter:
    """A commitment or enabler: its page, then each item in full."""

    anchor: str
    page: SectionPage
    items: tuple[ItemPage, ...]
    spread: str
    claimed: tuple[str, ...]
    """The short-term changes that a measured change is said to show, each with its items."""
    nothing_claimed: str
    is_enabler: bool


@dataclass(frozen=True)
class LevelRow:
    number: str
    name: str
    symbol: str
    css: str
    means: str
    evidence: str


@dataclass(frozen=True)
class CitedEvidence:
    """A row of the evidence list: the evidence and the items that cite it."""

    evidence: EvidenceRow
    cited_by: str


@dataclass(frozen=True)
class Annex:
    """Everything after the Board paper's own pages."""

    chapters: tuple[Chapter, ...]
    considerations: tuple[Chapter, ...]
    leaning: Leaning
    duties: tuple[Text, ...]
    strategies: tuple[Text, ...]
    levels: tuple[LevelRow, ...]
    strengths: tuple[tuple[str, str], ...]
    evidence: tuple[CitedEvidence, ...]
    ratings: RatingsLog
    framework: str
    source_note: str
    scoring_version: str


def annex(source: Source) -> Annex:
    framework, scoring = source.document["framework"], source.document["scoring"]
    return Annex(
        chapters=tuple(_chapter(section, source) for section in source.commitments),
        considerations=tuple(_chapter(section, source) for section in source.enablers),
        leaning=leaning(source),
        duties=source.texts.duties,
        strategies=(*source.texts.strategies, *NOT_IN_THE_FRAMEWORK),
        levels=_levels(source),
        strengths=tuple(STRENGTHS.items()),
        evidence=_evidence_list(source),
        ratings=ratings_log(source),
        framework=f"{framework['title'].rstrip('.')}. {framework['issued_by']}.",
        source_note=source.texts.source_note,
        scoring_version=scoring["version"],
    )


def _chapter(section: Mapping[str, Any], source: Source) -> Chapter:
    claimed = _claimed(section)
    return Chapter(
        anchor=f"chapter-{section['code'].lower()}",
        page=section_page(section, source),
        items=tuple(item_page(item, source) for item in section["items"]),
        spread=SPREAD if any(item.get("spread") for item in section["items"]) else NO_SPREAD,
        claimed=claimed,
        nothing_claimed="" if claimed else NOTHING_CLAIMED,
        is_enabler=section in source.enablers,
    )


def _claimed(section: Mapping[str, Any]) -> tuple[str, ...]:
    """Each short-term change that an observed change shows, and the items that claim it."""
    found: dict[str, list[str]] = {}
    for item in section["items"]:
        if item["observed_change"]:
            found.setdefault(item["observed_change"]["shows"], []).append(item["code"])
    return tuple(f"{sentence(change)} ({joined(codes)})" for change, codes in found.items())


def _levels(source: Source) -> tuple[LevelRow, ...]:
    rows = []
    levels = sorted(source.document["scoring"]["levels"], key=lambda row: row["number"])
    for level, evidence in zip(levels, source.texts.evidence_needed, strict=True):
        look = level_look(level["number"], source.names)
        rows.append(
            LevelRow(
                number=str(level["number"]),
                name=level["name"],
                symbol=look.symbol,
                css=look.css,
                means=level["means"],
                evidence=evidence,
            )
        )
    return tuple(rows)


def _evidence_list(source: Source) -> tuple[CitedEvidence, ...]:
    """Each piece of evidence once, by title, with the codes of what cites it."""
    found: dict[tuple[str, ...], tuple[EvidenceRow, list[str]]] = {}
    for item in source.items:
        for entry in item["evidence"]:
            row = evidence_row(entry)
            key = (row.title, row.url, row.facts)
            found.setdefault(key, (row, []))[1].append(item["code"])
    ordered = sorted(found.items(), key=lambda pair: (pair[0][0].casefold(), pair[0]))
    return tuple(CitedEvidence(row, joined(codes)) for _, (row, codes) in ordered)
