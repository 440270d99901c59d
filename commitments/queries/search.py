"""Search within one version of the framework.

The texts of a version are few (some 350, 100 kB) and public, so they are read whole and compared
here: the same on both databases, whatever the letters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.safestring import SafeString

from commitments.models import (
    Descriptor,
    Framework,
    Item,
    Mechanism,
    Passage,
    Section,
    ShortTermChange,
)
from commitments.queries.texts import (
    CHANGE,
    DEFINITION,
    EXAMPLE,
    MECHANISM,
    PASSAGE,
    Text,
    texts,
)
from commitments.text import excerpt, plain, search_words

WORDS = 10
"""Words of one search; what is typed beyond them is left out."""

PAGES = {
    Passage.Kind.STATEMENT: "commitments:statement",
    Passage.Kind.THEORY_OF_CHANGE: "commitments:theory-of-change",
    Passage.Kind.PRIORITY: "commitments:priorities",
    Passage.Kind.DUTY: "commitments:duties",
    Passage.Kind.STRATEGY: "commitments:duties",
}


TABLES = [CHANGE, MECHANISM, EXAMPLE, DEFINITION, PASSAGE]
OF_SECTIONS = {
    CHANGE: ("Short-term change", "changes"),
    MECHANISM: ("How this can have an impact", "mechanisms"),
}
ON_ONE_PAGE = {
    EXAMPLE: ("Case example", "commitments:case-examples"),
    DEFINITION: ("Definition", "commitments:definitions"),
}


@dataclass(frozen=True)
class SearchResult:
    kind: str
    title: str
    url: str
    excerpt: SafeString
    is_ours: bool
    """Whether the excerpt is written for this portal, not quoted from the framework."""


@dataclass(frozen=True)
class _Entry:
    kind: str
    title: str
    url: str
    quoted: str = ""
    ours: str = ""


def search(framework: Framework, words: str) -> list[SearchResult]:
    """Everything that holds all of the words; what holds them in its title comes first."""
    wanted = search_words(words)[:WORDS]
    if not wanted:
        return []
    in_title: list[_Entry] = []
    in_text: list[_Entry] = []
    for entry in _entries(framework):
        title = plain(entry.title)
        whole = f"{title} {plain(entry.quoted)} {plain(entry.ours)}"
        if all(word in whole for word in wanted):
            found = in_title if all(word in title for word in wanted) else in_text
            found.append(entry)
    return [_result(entry, wanted) for entry in in_title + in_text]


def _result(entry: _Entry, wanted: list[str]) -> SearchResult:
    """With an excerpt of what holds most of the words; quoted words before ours."""

    def held(text: str) -> int:
        return sum(word in plain(text) for word in wanted)

    is_ours = not entry.quoted or held(entry.ours) > held(entry.quoted)
    text = excerpt(entry.ours if is_ours else entry.quoted, wanted)
    return SearchResult(entry.kind, entry.title, entry.url, text, is_ours)


def _entries(framework: Framework) -> Iterator[_Entry]:
    query = "" if framework.is_current else f"?version={framework.version}"
    items = list(
        Item.objects.filter(section__framework=framework).in_order().select_related("section")
    )
    yield from map(partial(_item, query), items)
    yield from map(partial(_section, query), {item.section: None for item in items})
    yield from _descriptors({item.pk: item for item in items}, query)
    yield from _texts(framework, query)


def _item(query: str, item: Item) -> _Entry:
    return _Entry(
        item.kind_name,
        str(item),
        item.get_absolute_url() + query,
        quoted=_joined(item.shown_wording, item.summary_wording),
        ours=_joined(item.plain, item.look_for),
    )


def _section(query: str, section: Section) -> _Entry:
    wordings = [(section.statement_title, section.statement)] if section.statement else []
    wordings += [(other["title"], other["text"]) for other in section.other_statements]
    return _Entry(
        section.get_kind_display(),
        section.title,
        section.get_absolute_url() + query,
        quoted=_joined(section.introduction, *(f"{title}: {text}" for title, text in wordings)),
    )


def _joined(*texts: str) -> str:
    return " ".join(text for text in texts if text)


def _descriptors(items: dict[int, Item], query: str) -> Iterator[_Entry]:
    rows = Descriptor.objects.filter(item__in=items).select_related("level")
    for row in rows.order_by("item__section__order", "item__order", "level__number"):
        item = items[row.item_id]
        url = f"{item.get_absolute_url()}{query}#level-{row.level.number}"
        title = f"{item}: {row.level.name}"
        yield _Entry("Level", title, url, ours=f"{row.means} {row.evidence}")


def _texts(framework: Framework, query: str) -> Iterator[_Entry]:
    found = texts(
        ShortTermChange.objects.filter(section__framework=framework),
        Mechanism.objects.filter(section__framework=framework),
        framework.case_examples.all(),
        framework.definitions.all(),
        framework.passages.all(),
    )
    kinds = ["", *Passage.Kind]
    for text in sorted(
        found,
        key=lambda t: (TABLES.index(t.table), t.section_order, kinds.index(t.kind), t.order),
    ):
        if text.table == PASSAGE:
            yield _passage(text, query)
        else:
            yield _text(text, query)


def _text(text: Text, query: str) -> _Entry:
    """A change or mechanism on its commitment's page, an example or definition on their own."""
    if text.section:
        name, anchor = OF_SECTIONS[text.table]
        page = reverse("commitments:section", args=[text.section])
        url = f"{page}{query}#{anchor}"
        return _Entry(name, f"{name}: {text.title}", url, text.text)
    name, view = ON_ONE_PAGE[text.table]
    return _Entry(name, text.title, f"{reverse(view)}{query}#{text.code}", text.text)


def _passage(text: Text, query: str) -> _Entry:
    kind = Passage.Kind(text.kind)
    page = reverse(PAGES.get(kind, "commitments:overview"))
    url = f"{page}{query}#{kind.value.replace('_', '-')}"
    has_name = text.title and kind is not Passage.Kind.THEORY_OF_CHANGE
    title = f"{kind.label}: {text.title}" if has_name else kind.label
    quoted = f"{text.text} {text.attribution}" if kind is Passage.Kind.QUOTE else text.text
    return _Entry("From the document", title, url, quoted)
