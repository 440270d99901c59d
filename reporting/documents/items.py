"""One action or consideration as the papers show it: in a table row, and in full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.documents.community import level_words, ratings_of, short_view, view_words
from reporting.documents.looks import Look, level_look, movement_look
from reporting.documents.source import Source
from reporting.documents.steps import StepRow, step_row
from reporting.documents.words import (
    capital,
    day,
    figure,
    first_sentence,
    opening,
    paragraphs,
    sentence,
)

STRENGTHS = {
    "A": "independent, external or community-led",
    "B": "published or Board-minuted",
    "C": "internal document or data",
    "D": "statement only",
}
EVIDENCE_KEY = f"Evidence: {'; '.join(f'{grade} {words}' for grade, words in STRENGTHS.items())}."
NOT_RECOGNISED = "Not yet recognised by communities: there is no community rating that says so."
_EMBEDDED, _MAKING_A_DIFFERENCE = 3, 4


@dataclass(frozen=True)
class ItemRow:
    """An item in a table: what, how far, how it moved, on what evidence, in one sentence."""

    code: str
    name: str
    level: Look
    coverage: str
    change: Look
    change_words: str
    evidence: str
    community: str
    says: str
    note: str


@dataclass(frozen=True)
class EvidenceRow:
    """A piece of evidence: its title, where to find it, and how far it can be relied on."""

    title: str
    url: str
    facts: str
    strength: str
    is_stale: bool


@dataclass(frozen=True)
class SpreadRow:
    """What a constituent organisation says of the same item."""

    organisation: str
    level: Look
    note: str


@dataclass(frozen=True)
class ItemPage:
    """An item in full."""

    row: ItemRow
    wording: str
    means: str
    narrative: tuple[str, ...]
    evidence: tuple[EvidenceRow, ...]
    steps: tuple[StepRow, ...]
    observed: str
    look_for: tuple[str, ...]
    community: str
    ratings: tuple[str, ...]
    """What partners said, each with their level, where they agreed to be quoted."""
    reply: str
    spread: tuple[SpreadRow, ...]


def item_row(item: Mapping[str, Any], source: Source) -> ItemRow:
    return ItemRow(
        code=item["code"],
        name=item["short_name"],
        level=level_look(item["level"], source.names, applicable=item["applicable"]),
        coverage=item["coverage_name"],
        change=movement_look(item["movement"]["kind"]),
        change_words=change_words(item["movement"], source.names),
        evidence=evidence_words(item["evidence"]),
        community=short_view(item, source.names),
        says=first_words(item, source),
        note=NOT_RECOGNISED if is_unrecognised(item) else "",
    )


def item_page(item: Mapping[str, Any], source: Source) -> ItemPage:
    return ItemPage(
        row=item_row(item, source),
        wording=item["wording"],
        means=item["means"],
        narrative=paragraphs(item["narrative"] or unassessed_words(item)),
        evidence=tuple(evidence_row(entry) for entry in item["evidence"]),
        steps=tuple(step_row(item, step, source.signed_on) for step in item["steps"]),
        observed=observed_words(item["observed_change"]),
        look_for=tuple(sentence(change) for change in item["short_term_changes"]),
        community=view_words(item, source.names),
        ratings=_quotes(item, source.names),
        reply=(item.get("community") or {}).get("reply", ""),
        spread=tuple(_spread(row, source.names) for row in item.get("spread", ())),
    )


def _quotes(item: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        f"{rating['by']}, {level_words(rating['level'], names)}: “{rating['words']}”"
        for rating in ratings_of(item)
        if rating["words"]
    )


def _spread(row: Mapping[str, Any], names: Sequence[str]) -> SpreadRow:
    """A row of an item's optional `spread`: {"organisation", "level", "note"}."""
    return SpreadRow(row["organisation"], level_look(row["level"], names), row["note"])


def is_unrecognised(item: Mapping[str, Any]) -> bool:
    """Said to make a difference, and no community rating says Embedded or better."""
    levels = [rating["level"] for rating in ratings_of(item)]
    recognised = any(level is not None and level >= _EMBEDDED for level in levels)
    return bool(item["level"] == _MAKING_A_DIFFERENCE and not recognised)


def first_words(item: Mapping[str, Any], source: Source) -> str:
    """The narrative's first sentence, or why there is no level."""
    if item["narrative"]:
        return opening(item["narrative"], source.limits.sentence)
    return first_sentence(unassessed_words(item), source.limits.reason)


def unassessed_words(item: Mapping[str, Any]) -> str:
    """Why an item has no level; nothing for one that has."""
    if not item["applicable"]:
        return f"Not applicable: {sentence(item['exemption_reason'])}"
    if item["level"] is None:
        return f"Not assessed: {sentence(item['not_assessed_reason'] or 'no reason is recorded')}"
    return ""


def change_words(movement: Mapping[str, Any], names: Sequence[str]) -> str:
    """How the level moved since the last cycle and on what ground."""
    kind, how, before = movement["kind"], movement["how"], movement["previous_level"]
    words = capital(kind.replace("same", "the same"))
    if kind in ("up", "down"):
        words = f"{words} from {names[before]}"
    elif kind == "no longer assessed":
        words = f"{words}; it was {names[before]}"
    return f"{words}, {how}" if how else words


def evidence_words(evidence: Sequence[Mapping[str, Any]]) -> str:
    """How many pieces of each strength: "A 1, B 2", never broken between letter and number."""
    counts = Counter(entry["strength"] for entry in evidence)
    return (
        ", ".join(f"{grade}\u00a0{counts[grade]}" for grade in STRENGTHS if counts[grade]) or "None"
    )


def evidence_row(entry: Mapping[str, Any]) -> EvidenceRow:
    where = entry["minute_reference"] or entry["file_name"]
    facts = [
        f"{entry['strength']}, {STRENGTHS[entry['strength']]}",
        f"dated {day(entry['dated_on'])}",
        *([f"reference {where}"] if where else []),
    ]
    if entry["is_stale"]:
        facts.append("older than 18 months at sign-off")
    return EvidenceRow(
        title=entry["title"],
        url=entry["url"],
        facts=" · ".join(facts),
        strength=entry["strength"],
        is_stale=entry["is_stale"],
    )


def observed_words(change: Mapping[str, Any] | None) -> str:
    """The measured change that level 4 rests on, as one sentence."""
    if change is None:
        return ""
    group = f" ({change['ethnic_group']})" if change["ethnic_group"] else ""
    unit = "" if change["unit"] in ("%", "£") else f" {change['unit']}"
    before = f"{figure(change['baseline'], change['unit'])}{unit} on {day(change['baseline_on'])}"
    after = f"{figure(change['later'], change['unit'])}{unit} on {day(change['later_on'])}"
    return (
        f"{change['measure']}{group}: from {before} to {after}. "
        f"It shows this short-term change: {sentence(change['shows'])}"
    )
