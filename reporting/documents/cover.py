"""The cover sheet, as NHS Board papers have one, with what a hurried reader needs in short."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.documents.asks import ask_sentence
from reporting.documents.source import Source
from reporting.documents.standing import movement_sentence, overall_sentence, unknown_sentence
from reporting.documents.words import day

NOT_RECORDED = "Not recorded"
ATTESTS = (
    "The signature attests that the levels are the organisation’s own honest view, that the "
    "evidence cited exists, and that what is not known is said."
)
TITLE = "Anti-racism and ethnic health inequalities: our progress"


NOT_SIGNED = "Not signed off. This is a preview of a draft, and no paper."


@dataclass(frozen=True)
class Fact:
    """A line of the cover sheet; `is_recorded` is False where nobody has filled it in."""

    name: str
    words: str
    is_recorded: bool = True


@dataclass(frozen=True)
class CoverSheet:
    organisation: str
    title: str
    lead: str
    facts: tuple[Fact, ...]
    in_short: tuple[str, ...]
    note: str


def cover_sheet(source: Source) -> CoverSheet:
    document = source.document
    full = source.identity.is_full
    kind = "Full report, the annex to the Board paper" if full else "Board paper"
    return CoverSheet(
        organisation=document["organisation"]["name"],
        title=source.cover.get("title") or TITLE,
        lead=f"{kind}, {document['cycle']['name']}",
        facts=(*_filled_in(source), *_of_the_record(source)),
        in_short=(
            overall_sentence(source),
            movement_sentence(source),
            unknown_sentence(source),
            ask_sentence(source),
        ),
        note=(
            "Self-assessed. The framework defines no scale; the five levels are the portal’s own. "
            "They are not a score, are not added up, and must not be used by themselves to "
            "compare organisations."
        ),
    )


def _signatures(source: Source) -> str:
    """Who signed, and what that attests."""
    if source.identity.is_draft:
        return NOT_SIGNED
    signed = source.document["signed_off"]
    title = f", {signed['job_title']}" if signed["job_title"] else ""
    second = signed["countersigned_by"]
    signatures = f"{signed['by']}{title}; signed off on {day(source.signed_on.isoformat())}"
    if second:
        signatures += f", countersigned by {second}"
    return f"{signatures}. {ATTESTS}"


def _filled_in(source: Source) -> tuple[Fact, ...]:
    cover = source.cover
    return (
        _fact("Board", cover.get("board_name")),
        _fact("Date of the meeting", day(cover.get("board_on"))),
        _fact("Agenda item", cover.get("agenda_item")),
        _fact("Purpose", cover.get("purpose_name")),
        Fact("Executive sponsor", _signatures(source)),
        _fact("Author", cover.get("author")),
        _fact("Strategic objectives", cover.get("strategic_objectives")),
        _fact("Board Assurance Framework", cover.get("assurance_framework")),
        _fact("Previously considered at", cover.get("previously_considered")),
    )


def _of_the_record(source: Source) -> tuple[Fact, ...]:
    document, identity = source.document, source.identity
    cycle, framework = document["cycle"], document["framework"]
    title = framework["title"].rstrip(".")
    basis = (
        "draft" if identity.is_draft else f"signed-off assessment, version {document['version']}"
    )
    facts = [
        Fact("Cycle", f"{cycle['name']}, due on {day(cycle['due_on'])}"),
        Fact("Framework", f"{title}, {framework['issued_by']} ({framework['name']})"),
        Fact("Basis", f"Self-assessed; {basis}"),
    ]
    if identity.version > 1:
        words = f"Version {identity.version}. {identity.reason}".strip()
        facts.append(Fact("Reissued", f"{words} Earlier versions are kept."))
    return tuple(facts)


def _fact(name: str, words: str | None) -> Fact:
    return Fact(name, words or NOT_RECORDED, bool(words))
