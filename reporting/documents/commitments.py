"""A commitment on one page: profile, movement and why, its actions, what is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from reporting.documents.community import (
    NO_RATINGS,
    Disagreement,
    disagreements,
    section_gaps,
    section_words,
)
from reporting.documents.drawings import Drawing
from reporting.documents.items import EVIDENCE_KEY, ItemRow, item_row
from reporting.documents.looks import band
from reporting.documents.source import Source, item_noun
from reporting.documents.standing import movement_counts
from reporting.documents.steps import StepRow, is_done, soonest_first, step_row
from reporting.documents.summary import SummaryRow, summary_row
from reporting.documents.words import counted, joined, sentence, shortened

NOTHING_TO_ANSWER = f"{NO_RATINGS}."
NO_REPLY = "No reply is recorded."
NO_STEPS = "No improvement steps are open for this {}."


@dataclass(frozen=True)
class SectionPage:
    """A commitment, or an enabler in the full report, at one page's length."""

    code: str
    title: str
    statement_title: str
    statement: str
    noun: str
    row: SummaryRow
    chart: Drawing
    moved: str
    community: str
    disagreements: tuple[Disagreement, ...]
    more_disagreements: str
    dumbbells: Drawing
    items: tuple[ItemRow, ...]
    evidence_key: str
    steps: tuple[StepRow, ...]
    more_steps: str
    no_steps: str


def section_page(section: Mapping[str, Any], source: Source) -> SectionPage:
    noun = item_noun(section)
    pairs = [(item, step) for item in section["items"] for step in item["steps"]]
    ahead = soonest_first([pair for pair in pairs if not is_done(pair[1])])
    limits = source.limits
    shown = ahead[: limits.steps_each]
    row = summary_row(section, source)
    apart, most = disagreements(section["items"], source.names), limits.disagreements
    return SectionPage(
        code=section["code"],
        title=section["title"],
        statement_title=section["statement_title"],
        statement=section["statement"],
        noun=noun,
        row=row,
        chart=band(section["items"], source.names, f"Profile of {section['title']}", _caption(row)),
        moved=_moved(section, source),
        community=_community(section),
        disagreements=tuple(_shortened(one, limits.reply) for one in apart[:most]),
        more_disagreements=_others(len(apart) - most),
        dumbbells=section_gaps(section, source),
        items=tuple(item_row(item, source) for item in section["items"]),
        evidence_key=EVIDENCE_KEY,
        steps=tuple(step_row(i, s, source.signed_on, limits.step) for i, s in shown),
        more_steps=_other_steps(len(ahead) - len(shown), len(pairs) - len(ahead)),
        no_steps=NO_STEPS.format("commitment" if noun == "action" else "enabler"),
    )


def _caption(row: SummaryRow) -> str:
    codes = f" ({row.lowest_codes})" if row.lowest_codes else ""
    return (
        f"{row.profile}. Typical level: {row.typical}. Lowest: {row.lowest}{codes}. "
        f"Assessed: {row.completeness}."
    )


def _shortened(one: Disagreement, longest: int) -> Disagreement:
    return replace(one, reply=shortened(one.reply, longest))


def _others(left: int) -> str:
    return f"{counted(left, 'more disagreement')}: see the full report." if left > 0 else ""


def _community(section: Mapping[str, Any]) -> str:
    words = section_words(section)
    return NOTHING_TO_ANSWER if words == "Not rated" else f"{words} by communities."


def _other_steps(left: int, done: int) -> str:
    """What the table of steps leaves out: those that did not fit, and those done."""
    parts = []
    if left:
        parts.append(f"{counted(left, 'more step')}: see the full report.")
    if done:
        parts.append(f"{counted(done, 'step')} done.")
    return " ".join(parts)


def _moved(section: Mapping[str, Any], source: Source) -> str:
    if not source.earlier:
        return "This is the first cycle: there is nothing yet to compare it with."
    counts = movement_counts(section["items"])
    words = joined(counts) or "nothing can be compared"
    return sentence(f"Since the {source.last_cycle}: {words}")
