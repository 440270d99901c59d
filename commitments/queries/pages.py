"""What stands on each page of the framework."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch
from django.urls import reverse

from commitments.models import (
    CaseExample,
    Definition,
    Framework,
    Item,
    Level,
    Mechanism,
    Passage,
    Section,
    ShortTermChange,
)
from commitments.queries.texts import DEFINITION, MECHANISM, PASSAGE, Text, texts
from commitments.text import occurring

STATEMENT_STANDS_AT = "L1"
"""The ICB chairs' and chief executives' statement is a promise this action asks for."""


@dataclass(frozen=True)
class Overview:
    framework: Framework
    passages: dict[str, list[Passage]]
    commitments: list[Section]
    enablers: list[Section]


@dataclass(frozen=True)
class SectionPage:
    section: Section
    items: list[Item]
    mechanisms: list[Mechanism]
    changes: list[ShortTermChange]
    examples: list[CaseExample]
    previous: Section | None
    next: Section | None


@dataclass(frozen=True)
class LevelMeaning:
    """A level, and what it means for one item."""

    number: int
    name: str
    means: str
    evidence: str


@dataclass(frozen=True)
class ItemPage:
    item: Item
    section: Section
    levels: list[LevelMeaning]
    changes: list[ShortTermChange]
    mechanisms: list[Text]
    examples: list[CaseExample]
    definitions: list[Text]
    """Of the terms in the item's own words: title is the term, code the anchor of its page."""
    terms: list[tuple[str, str]]
    """Every defined term with its address, for a Glossary."""
    statement: list[Text]
    previous: Item | None
    next: Item | None


def find_framework(version: str = "") -> Framework:
    """The named version, or the current one. Raises Framework.DoesNotExist."""
    if version:
        return Framework.objects.get_by_natural_key(version)
    return Framework.objects.current()


def versions() -> list[Framework]:
    """Every loaded version, the current one first."""
    return list(Framework.objects.order_by("-is_current", "version"))


def overview(framework: Framework) -> Overview:
    sections = list(
        framework.sections.order_by("order").prefetch_related(
            Prefetch("items", queryset=Item.objects.order_by("order"))
        )
    )
    return Overview(
        framework=framework,
        passages=passages(framework, *Passage.Kind),
        commitments=[section for section in sections if section.is_commitment],
        enablers=[section for section in sections if not section.is_commitment],
    )


def passages(framework: Framework, *kinds: str) -> dict[str, list[Passage]]:
    """The passages of these kinds, by kind; a kind without passages has an empty list."""
    rows = framework.passages.filter(kind__in=kinds).order_by("kind", "order")
    found = {kind: list(group) for kind, group in groupby(rows, key=lambda row: row.kind)}
    return {str(kind): found.get(kind, []) for kind in kinds}


def section_page(framework: Framework, slug: str) -> SectionPage:
    """A commitment or an enabler with all about it. Raises Section.DoesNotExist."""
    sections = list(framework.sections.order_by("order"))
    place = next((n for n, section in enumerate(sections) if section.slug == slug), None)
    if place is None:
        raise Section.DoesNotExist(slug)
    section = sections[place]
    return SectionPage(
        section=section,
        items=list(section.items.order_by("order")),
        mechanisms=list(section.mechanisms.order_by("order")),
        changes=list(section.short_term_changes.order_by("order")),
        examples=list(section.case_examples.order_by("order")),
        previous=sections[place - 1] if place else None,
        next=sections[place + 1] if place + 1 < len(sections) else None,
    )


def item_page(framework: Framework, code: str) -> ItemPage:
    """An action or a consideration with all about it. Raises Item.DoesNotExist."""
    items = list(
        Item.objects.filter(section__framework=framework).in_order().select_related("section")
    )
    place = next((n for n, item in enumerate(items) if item.code == code), None)
    if place is None:
        raise Item.DoesNotExist(code)
    item = items[place]
    around = _around(framework, item)
    return ItemPage(
        item=item,
        section=item.section,
        levels=_level_meanings(item),
        changes=list(item.short_term_changes.order_by("section__order", "order")),
        mechanisms=[text for text in around if text.table == MECHANISM],
        examples=list(item.section.case_examples.order_by("order")),
        definitions=_definitions_of(item, around),
        terms=_addresses(framework, around),
        statement=[text for text in around if text.table == PASSAGE],
        previous=items[place - 1] if place else None,
        next=items[place + 1] if place + 1 < len(items) else None,
    )


def _around(framework: Framework, item: Item) -> list[Text]:
    """Mechanisms and definitions in their order, and at one action the statement."""
    wanted = [item.section.mechanisms.all(), framework.definitions.all()]
    if item.code == STATEMENT_STANDS_AT:
        wanted.append(framework.passages.filter(kind=Passage.Kind.STATEMENT))
    return sorted(texts(*wanted), key=lambda text: text.order)


def _level_meanings(item: Item) -> list[LevelMeaning]:
    rows = item.descriptors.select_related("level").order_by("level__number")
    return [LevelMeaning(row.level.number, row.level.name, row.means, row.evidence) for row in rows]


def _definitions_of(item: Item, around: list[Text]) -> list[Text]:
    """The definitions of terms in the item's own words, which carry no links."""
    rows = [text for text in around if text.table == DEFINITION]
    words = f"{item.wording} {item.summary_wording} {item.section.statement}"
    found = occurring(words, [row.title for row in rows])
    return [row for row in rows if row.title in found]


def definitions(framework: Framework) -> list[Definition]:
    return list(framework.definitions.order_by("order"))


def defined_terms(framework: Framework) -> list[tuple[str, str]]:
    """Every defined term with the address of its definition."""
    return _addresses(framework, texts(framework.definitions.all()))


def _addresses(framework: Framework, rows: list[Text]) -> list[tuple[str, str]]:
    page = reverse("commitments:definitions")
    query = "" if framework.is_current else f"?version={framework.version}"
    return [(row.title, f"{page}{query}#{row.code}") for row in rows if row.table == DEFINITION]


def case_examples(framework: Framework) -> list[CaseExample]:
    """Every case example in the document's order, with its commitments in theirs."""
    return list(
        framework.case_examples.order_by("order").prefetch_related(
            Prefetch("sections", queryset=Section.objects.order_by("order"))
        )
    )


def levels(framework: Framework) -> list[Level]:
    return list(framework.levels.order_by("number"))
