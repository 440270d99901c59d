"""How the framework's texts become markup: terms linked, found words marked, sources tidied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe

EXCERPT = 220
"""Characters of a search result's excerpt, more or less: it begins and ends between words."""

_TAG = re.compile(r"(<[^>]*>)")
_QUOTES = str.maketrans("‘’“”–—", "''\"\"--")
_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?")


class Glossary:
    """Links each defined term where it first occurs on one page.

    For our own texts only: official wording stays uninterrupted. `terms` are (term, address).
    """

    def __init__(self, terms: Iterable[tuple[str, str]]) -> None:
        self._addresses = {escape(term).casefold(): address for term, address in terms}
        self._linked: set[str] = set()
        longest_first = sorted(self._addresses, key=len, reverse=True)
        names = "|".join(re.escape(term) for term in longest_first)
        # "Racism" is neither part of "anti-racism" nor of "racisms".
        self._pattern = re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)

    def link(self, text: str) -> SafeString:
        """The text as markup: escaped unless it is markup already, never linked inside tags."""
        html = str(conditional_escape(text))
        if not self._addresses:
            return mark_safe(html)  # noqa: S308  (escaped above)
        pieces, inside_link = [], 0
        for piece in _TAG.split(html):
            if piece.startswith("<"):
                inside_link += _opens_link(piece)
                pieces.append(piece)
            elif inside_link:
                pieces.append(piece)
            else:
                pieces.append(self._pattern.sub(self._replace, piece))
        return mark_safe("".join(pieces))  # noqa: S308  (escaped above)

    def _replace(self, match: re.Match[str]) -> str:
        word = match.group()
        term = word.casefold()
        if term in self._linked:
            return word
        self._linked.add(term)
        return f'<a class="nhsuk-link" href="{escape(self._addresses[term])}">{word}</a>'


def _opens_link(tag: str) -> int:
    """1 for a tag that opens a link, -1 for one that closes it."""
    name = tag.lower().strip("</> ").split()[:1]
    if name != ["a"]:
        return 0
    return -1 if tag.startswith("</") else 1


def occurring(text: str, terms: Iterable[str]) -> set[str]:
    """Which of the terms stand in a text, as words of their own."""
    return {
        term
        for term in terms
        if re.search(rf"(?<![\w-]){re.escape(term)}(?![\w-])", text, re.IGNORECASE)
    }


def search_words(typed: str) -> list[str]:
    """The words of a search, without their order mattering."""
    return list(dict.fromkeys(plain(typed).split()))


def plain(text: str) -> str:
    """The same text, as long, as people type it: small letters, straight quotes and hyphens."""
    folded = text.lower()
    if len(folded) != len(text):  # a few letters grow: İ
        folded = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return folded.translate(_QUOTES)


def excerpt(text: str, words: Sequence[str]) -> SafeString:
    """What stands around the first of the words, every word marked, the rest escaped."""
    folded = plain(text)
    pattern = re.compile("|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)))
    first = pattern.search(folded)
    start, end = _window(text, first.start() if first else 0)
    pieces, at = [], start
    for match in pattern.finditer(folded, start, end):
        found = format_html("<mark>{}</mark>", text[match.start() : match.end()])
        pieces += [escape(text[at : match.start()]), found]
        at = match.end()
    pieces.append(escape(text[at:end]))
    before, after = "… " if start else "", " …" if end < len(text) else ""
    return mark_safe(before + "".join(pieces) + after)  # noqa: S308  (every piece is escaped)


def _window(text: str, around: int) -> tuple[int, int]:
    """Where the excerpt begins and ends: at spaces, the found word in its first half."""
    start = max(0, around - EXCERPT // 3)
    if start:
        start = text.rfind(" ", 0, start) + 1
    end = start + EXCERPT
    if end >= len(text):
        return start, len(text)
    space = text.find(" ", end)
    return start, len(text) if space < 0 else space


def source_markup(source: str) -> SafeString:
    """A source note without the document's own escapes, its address as a link."""
    note = source.replace("\\_", "_").strip()
    match = _ADDRESS.fullmatch(note)
    if match:
        address = match.group(1)
        host = urlsplit(address).hostname
        return format_html('<a class="nhsuk-link" href="{}">{}</a>', address, host)
    return conditional_escape(note)
