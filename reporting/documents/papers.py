"""The two papers put together from their pages: everything the templates read."""

from __future__ import annotations

from dataclasses import dataclass

from reporting.documents.chapters import Annex, annex
from reporting.documents.commitments import SectionPage, section_page
from reporting.documents.cover import CoverSheet, cover_sheet
from reporting.documents.page_one import PageOne, page_one
from reporting.documents.risks import Risks, risks
from reporting.documents.source import Source
from reporting.documents.steps import StepsPage, steps_page
from reporting.documents.summary import Summary, summary
from reporting.documents.unknown import UnknownGroup, unknown
from reporting.documents.words import day


@dataclass(frozen=True)
class Paper:
    """A Board paper, or with its annex the full report."""

    title: str
    kind_name: str
    organisation: str
    reference: str
    foot: str
    address: str
    cover: CoverSheet
    page_one: PageOne
    summary: Summary
    unknown: tuple[UnknownGroup, ...]
    commitments: tuple[SectionPage, ...]
    steps: StepsPage
    risks: Risks
    annex: Annex | None


def _foot(source: Source) -> str:
    on = day(source.signed_on.isoformat())
    if source.identity.is_draft:
        return f"Draft preview of {on}. Not signed off."
    record = source.identity.digest[:12]
    return f"Reference {source.identity.reference} · record {record} · signed off {on}"


def paper(source: Source) -> Paper:
    identity, document = source.identity, source.document
    cover = cover_sheet(source)
    kind = "Full report" if identity.is_full else "Board paper"
    return Paper(
        title=f"{kind}: {cover.title}, {document['cycle']['name']}",
        kind_name=kind,
        organisation=document["organisation"]["name"],
        reference=identity.reference,
        foot=_foot(source),
        address=identity.address,
        cover=cover,
        page_one=page_one(source),
        summary=summary(source),
        unknown=unknown(source),
        commitments=tuple(section_page(section, source) for section in source.commitments),
        steps=steps_page(source),
        risks=risks(source),
        annex=annex(source) if identity.is_full else None,
    )
