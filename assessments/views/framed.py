"""What the framework says around an item, read for the item's page in one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, Value

from assessments.models import Answer
from commitments.text import occurring

STATEMENT_ITEM = "L1"


@dataclass(frozen=True)
class Words:
    """A passage of the framework that stands beside an item."""

    title: str
    text: str
    link: str = ""


@dataclass
class Framed:
    """What the framework says around an item, by kind."""

    changes: list[Words] = field(default_factory=list)
    mechanisms: list[Words] = field(default_factory=list)
    examples: list[Words] = field(default_factory=list)
    definitions: list[Words] = field(default_factory=list)
    statement: list[Words] = field(default_factory=list)


def frame(answer: Answer) -> Framed:
    """The framework's words around the answer's item, of every kind in one query."""
    item = answer.item
    section, framework = item.section, item.section.framework
    rows = _as_words(item.short_term_changes, "changes", "code", "text").union(
        _as_words(section.mechanisms, "mechanisms", "code", "text"),
        _as_words(section.case_examples, "examples", "title", "body", "link_url"),
        _as_words(framework.definitions, "definitions", "term", "text"),
        _statement(answer),
        all=True,
    )
    framed = Framed()
    for kind, _order, title, text, link in sorted(rows):
        getattr(framed, kind).append(Words(title, text, link))
    words = f"{item.wording} {item.summary_wording}"
    used = occurring(words, [definition.title for definition in framed.definitions])
    framed.definitions = [one for one in framed.definitions if one.title in used]
    return framed


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
    passages = answer.item.section.framework.passages
    wanted = "statement" if answer.item.code == STATEMENT_ITEM else ""
    return _as_words(passages.filter(kind=wanted), "statement", "title", "text")
