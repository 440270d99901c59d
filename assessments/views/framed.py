"""What the framework says of an item and around it, for the item's page."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, Value

from assessments.models import Answer
from commitments.models import Item
from commitments.text import occurring

STATEMENT_ITEM = "L1"
LEVELS = "levels"


@dataclass(frozen=True)
class Words:
    """A passage of the framework that stands beside an item."""

    title: str
    text: str
    link: str = ""


@dataclass(frozen=True)
class Described:
    """A level, what it means for the item, and what shows it."""

    number: int
    name: str
    means: str
    evidence: str


@dataclass
class Framed:
    """What the framework says of an item and around it, by kind."""

    levels: list[Described] = field(default_factory=list)
    changes: list[Words] = field(default_factory=list)
    mechanisms: list[Words] = field(default_factory=list)
    examples: list[Words] = field(default_factory=list)
    definitions: list[Words] = field(default_factory=list)
    statement: list[Words] = field(default_factory=list)


_FRAMED: dict[tuple[str, str], Framed] = {}
"""By digest and code. A digest names one content, so what was read once holds for good."""


def frame(answer: Answer) -> Framed:
    """The framework's words for the answer's item; no query where this process knows them."""
    digest = answer.assessment.cycle.framework.content_digest
    if not digest:
        return _read(answer)
    key = digest, answer.item.code
    if key not in _FRAMED:
        _FRAMED[key] = _read(answer)
    return _FRAMED[key]


def _read(answer: Answer) -> Framed:
    """Words of every kind in one query."""
    item = answer.item
    section, framework = item.section, answer.assessment.cycle.framework
    rows = _descriptors(item).union(
        _as_words(item.short_term_changes, "changes", "code", "text"),
        _as_words(section.mechanisms, "mechanisms", "code", "text"),
        _as_words(section.case_examples, "examples", "title", "body", "link_url"),
        _as_words(framework.definitions, "definitions", "term", "text"),
        _statement(answer),
        all=True,
    )
    framed = Framed()
    for kind, order, title, text, link in sorted(rows):
        made = Described(order, title, text, link) if kind == LEVELS else Words(title, text, link)
        getattr(framed, kind).append(made)
    words = f"{item.wording} {item.summary_wording}"
    used = occurring(words, [definition.title for definition in framed.definitions])
    framed.definitions = [one for one in framed.definitions if one.title in used]
    return framed


def _descriptors(item: Item) -> QuerySet[Any, tuple[Any, ...]]:
    asked = item.descriptors.annotate(shown_as=Value(LEVELS))
    found: QuerySet[Any, tuple[Any, ...]] = asked.values_list(
        "shown_as", "level__number", "level__name", "means", "evidence"
    )
    return found


def _as_words(
    rows: Any, kind: str, title: str, text: str, link: str = ""
) -> QuerySet[Any, tuple[Any, ...]]:
    asked = rows.annotate(shown_as=Value(kind), no_link=Value(""))
    found: QuerySet[Any, tuple[Any, ...]] = asked.values_list(
        "shown_as", "order", title, text, link or "no_link"
    )
    return found


def _statement(answer: Answer) -> QuerySet[Any, tuple[Any, ...]]:
    """The chairs' and chief executives' statement stands beside the action that asks for one."""
    passages = answer.assessment.cycle.framework.passages
    wanted = "statement" if answer.item.code == STATEMENT_ITEM else ""
    return _as_words(passages.filter(kind=wanted), "statement", "title", "text")
