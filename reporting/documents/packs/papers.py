"""The London pack put together: everything its templates read."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.documents.cover import CoverSheet, Fact
from reporting.documents.packs.comparison import Overview, overviews
from reporting.documents.packs.facts import PackFacts
from reporting.documents.packs.learning import Learning, LowRow, common_low, learning, moved_on
from reporting.documents.packs.sections import PackSection, pack_section
from reporting.documents.packs.standing import (
    NO_ASKS,
    NO_RATINGS,
    CheckBlock,
    OutcomeRow,
    SourceRow,
    StatusRow,
    check_block,
    laid_out_sentence,
    outcomes,
    sources,
    statuses,
)
from reporting.documents.words import counted, day, joined, paragraphs

ISSUER = "London Health Equity Group"
BANNER = (
    "These levels are self-assessed and judged by different people. A difference of one level may "
    "be a difference of judgement. The framework defines no scale; the five levels are the "
    "portal’s own. Systems stand in the order of the alphabet. Nothing here ranks them, adds "
    "them up or averages them, and nothing here should be used to do so."
)
COVER_NOTE = (
    "Self-assessed, by different people in each system. The levels are not a score, are not added "
    "up, and rank nobody."
)
QUESTION = (
    "Beside each level stand how it moved and what it rests on: evidence of strength A "
    "(independent, external or community-led), B (published or Board-minuted), C (internal) or D "
    "(a statement only), with the number of pieces. The question is: who has moved on this "
    "action, and may we learn from them?"
)


@dataclass(frozen=True)
class PackPaper:
    """The pack as page and PDF show it. `cover` and `foot` are what every paper has."""

    title: str
    kind_name: str
    is_draft: bool
    organisation: str
    reference: str
    foot: str
    address: str
    cover: CoverSheet
    banner: str
    question: str
    note: tuple[str, ...]
    statuses: tuple[StatusRow, ...]
    overviews: tuple[Overview, ...]
    commitments: tuple[PackSection, ...]
    enablers: tuple[PackSection, ...]
    learning: Learning
    community: str
    outcomes: tuple[OutcomeRow, ...]
    no_asks: str
    check: CheckBlock
    levels: tuple[tuple[str, str], ...]
    framework: str
    sources: tuple[SourceRow, ...]


def pack_paper(facts: PackFacts) -> PackPaper:
    document, identity = facts.document, facts.identity
    cover = _cover(facts)
    kind = "London pack" if facts.is_issued else "London pack, draft"
    framework = document["framework"]
    return PackPaper(
        title=f"{kind}: {cover.title}, {document['cycle']['name']}",
        kind_name=kind,
        is_draft=not facts.is_issued,
        organisation=ISSUER,
        reference=identity.reference,
        foot=f"Reference {identity.reference} · record {identity.digest[:12]} · {_stands(facts)}",
        address=identity.address,
        cover=cover,
        banner=BANNER,
        question=QUESTION,
        note=paragraphs(document["note"]),
        statuses=statuses(facts),
        overviews=overviews(facts),
        commitments=tuple(pack_section(section, facts) for section in facts.commitments),
        enablers=tuple(pack_section(section, facts) for section in facts.enablers),
        learning=learning(facts),
        community=NO_RATINGS,
        outcomes=outcomes(facts),
        no_asks=NO_ASKS,
        check=check_block(facts),
        levels=tuple((level["name"], level["means"]) for level in document["levels"]),
        framework=f"{_title(facts)}. {framework['issued_by']} ({framework['name']}).",
        sources=sources(facts),
    )


def _cover(facts: PackFacts) -> CoverSheet:
    document, identity = facts.document, facts.identity
    issued = facts.is_issued
    return CoverSheet(
        organisation=ISSUER,
        title="Anti-racism and ethnic health inequalities in London",
        lead=f"London pack, {document['cycle']['name']}{'' if issued else ', draft'}",
        facts=(
            Fact(
                "Cycle", f"{document['cycle']['name']}, due on {day(document['cycle']['due_on'])}"
            ),
            Fact(
                "Framework",
                f"{_title(facts)}, {document['framework']['issued_by']}",
            ),
            Fact("Made from", "Released self-assessments only; of every other system, its status"),
            Fact("Drafted", _drafted(facts)),
            Fact("Factual check", _checked(facts), is_recorded=issued),
            Fact(
                "Issued",
                day(facts.standing.get("issued_on")) or "Not issued yet",
                is_recorded=issued,
            ),
            *(
                [Fact("Version", f"{identity.version}. {identity.reason}".strip())]
                if identity.reason
                else []
            ),
        ),
        in_short=_in_short(facts),
        note=COVER_NOTE,
    )


def _in_short(facts: PackFacts) -> tuple[str, ...]:
    low = common_low(facts)
    items = len(facts.items)
    return (
        laid_out_sentence(facts),
        f"On {moved_on(facts)} of {items} actions and considerations at least one system has moved "
        "up and can be asked how.",
        _low_words(low),
        NO_RATINGS,
    )


def _low_words(low: list[LowRow]) -> str:
    if not low:
        return "Nothing is low in common."
    codes = joined([row.code for row in low])
    return f"{len(low)} of them {'is' if len(low) == 1 else 'are'} low in common: {codes}."


def _drafted(facts: PackFacts) -> str:
    return f"{day(facts.document['drafted_on'])}, by the Health Equity Group"


def _checked(facts: PackFacts) -> str:
    if not facts.is_issued:
        return "Not yet"
    asked = counted(len(facts.standing["comments"]), "comment")
    last = day(facts.standing["checks"][-1]["closed_on"])
    return f"By the systems in it, until {last}; {asked} answered"


def _title(facts: PackFacts) -> str:
    return str(facts.document["framework"]["title"]).rstrip(".")


def _stands(facts: PackFacts) -> str:
    if facts.is_issued:
        return f"issued {day(facts.standing['issued_on'])}"
    return "draft for factual check"
