"""Template tags for the framework's words: quoted with their source, levels, defined terms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from commitments.models import Item, Mechanism, Passage, Section, ShortTermChange
from commitments.queries import LevelMeaning, Text
from commitments.text import Glossary, source_markup
from portal import nhsuk

register = template.Library()
register.filter("source_markup", source_markup)

FIGURE = "figure"
"""The code of a passage that is the caption of a figure."""

LEVEL_SYMBOLS = ("○", "◔", "◑", "◕", "●")


@register.filter
def defined(text: str, glossary: Glossary | None) -> str:
    """{{ item.plain|defined:glossary }}: our own text with the framework's terms linked."""
    return glossary.link(text) if glossary else text


@register.simple_tag
def quoted(words: str | Iterable[Passage | Text], source: str = "", lead: str = "") -> SafeString:
    """The document's own words, uninterrupted, with their source; `lead` stands bold before them.

    Words are one text or a list of passages, a paragraph each.
    """
    paragraphs = [words] if isinstance(words, str) else [passage.text for passage in words]
    first = format_html("<strong>{}</strong> ", lead) if lead else ""
    body = format_html_join(
        "", "<p>{}{}</p>", ((first if n == 0 else "", p) for n, p in enumerate(paragraphs))
    )
    caption = format_html("<figcaption>{}</figcaption>", source) if source else ""
    return format_html(
        '<figure class="framework-quote"><blockquote>{}</blockquote>{}</figure>', body, caption
    )


@register.simple_tag
def quoted_list(rows: Iterable[Mechanism | ShortTermChange | Text], source: str) -> SafeString:
    """A list of the document's own, with its source."""
    return format_html(
        '<figure class="framework-quote"><blockquote><ul>{}</ul></blockquote>'
        "<figcaption>{}</figcaption></figure>",
        format_html_join("", "<li>{}</li>", ((row.text,) for row in rows)),
        source,
    )


@register.simple_tag
def other_statements(section: Section) -> SafeString:
    """Where the document words a commitment otherwise; nothing where it does not."""
    if not section.other_statements:
        return SafeString("")
    about = "The framework words this commitment in more than one way. Above stands the chapter."
    quotes = format_html_join(
        "",
        "{}",
        (
            (quoted(o["text"], f"Source: the framework, {o['where']}", f"{o['title']}:"),)
            for o in section.other_statements
        ),
    )
    html = format_html("<p>{}</p>{}", about, quotes)
    return nhsuk.component(
        "details", {"summaryText": "Other wording in the framework", "html": html}
    )


@register.filter
def lead(term: str, text: str) -> str:
    """{{ term|lead:text }}: a term as it stands in the document before its definition."""
    return term if text.startswith("is ") else f"{term}:"


@register.filter
def without_lead(look_for: str) -> str:
    """Under a heading that says "What to look for", the sentence need not."""
    sentence = look_for.removeprefix("What to look for:").lstrip()
    return sentence[:1].upper() + sentence[1:]


@register.filter
def figures(passages: Iterable[Passage]) -> list[Passage]:
    return [passage for passage in passages if passage.code == FIGURE]


@register.filter
def but_figures(passages: Iterable[Passage]) -> list[Passage]:
    return [passage for passage in passages if passage.code != FIGURE]


@register.filter
def chapter(section: Section) -> str:
    """Where in the document a section's words stand."""
    if section.is_commitment:
        return f"Source: the framework, {section.title} chapter"
    return f"Source: the framework, {section.title} in the list of enablers"


@register.simple_tag
def level_tag(number: int, name: str) -> SafeString:
    """A level as every page shows it: shade, symbol, number and word."""
    return format_html(
        '<strong class="nhsuk-tag portal-level portal-level--{}">'
        '<span aria-hidden="true">{}</span> {} {}</strong>',
        number,
        LEVEL_SYMBOLS[number],
        number,
        name,
    )


@register.simple_tag
def level_list(levels: Iterable[LevelMeaning], glossary: Glossary | None = None) -> SafeString:
    """The levels as a summary list; each can be linked to as #level-0 … #level-4."""
    return nhsuk.component("summary-list", {"rows": [_level_row(x, glossary) for x in levels]})


def _level_row(level: LevelMeaning, glossary: Glossary | None) -> dict[str, Any]:
    tag = level_tag(level.number, level.name)
    key = format_html('<span id="level-{}">{}</span>', level.number, tag)
    value = format_html(
        '<p>{}</p><p class="nhsuk-u-margin-bottom-0"><strong>What shows it:</strong> {}</p>',
        defined(level.means, glossary),
        defined(level.evidence, glossary),
    )
    return {"key": {"html": key}, "value": {"html": value}}


@register.simple_tag
def section_card(section: Section, query: str = "") -> SafeString:
    """A commitment or enabler on the overview; its items must be loaded with it."""
    count = len(section.items.all())
    name = section.items.all()[0].kind_name.lower() if count else "item"
    words = format_html('<p class="nhsuk-card__description">“{}”</p>', section.statement)
    return nhsuk.component(
        "card",
        {
            "clickable": True,
            "heading": section.title,
            "headingLevel": 3,
            "headingSize": "m",
            "href": section.get_absolute_url() + query,
            "descriptionHtml": format_html(
                '{}<p class="nhsuk-card__description">{} {}{}</p>',
                words if section.statement else "",
                count,
                name,
                "" if count == 1 else "s",
            ),
        },
    )


@register.simple_tag
def search_box(words: str) -> SafeString:
    return nhsuk.component(
        "search-input",
        {
            "id": "q",
            "name": "q",
            "value": words,
            "label": {"text": "Search the framework", "size": "s"},
        },
    )


@register.simple_tag
def neighbours(
    previous: Section | Item | None, following: Section | Item | None, query: str = ""
) -> SafeString:
    """Links to the page before and the page after."""
    options: dict[str, str] = {}
    if previous:
        options["previousPage"] = str(previous)
        options["previousUrl"] = previous.get_absolute_url() + query
    if following:
        options["nextPage"] = str(following)
        options["nextUrl"] = following.get_absolute_url() + query
    return nhsuk.component("pagination", options)
