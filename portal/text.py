"""The one gate for every typed text: what comes in is clean, or refused."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

_NOT_KEPT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\ud800-\udfff"  # halves of surrogate pairs
    "\ufdd0-\ufdef\ufffe\uffff"  # non-characters of the basic plane
    + "".join(
        f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)
    )
    + "]"
)
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp", "Cn", "Co", "Cs"}
# Letters that Unicode calls letters and no font draws: they fill a field without saying anything.
_BLANK_LETTERS = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800", "\u034f", "\ufe0f", "\ufe0e"}

_FORMULA_STARTS = ("=", "+", "-", "@", "|", "\t", "\r", "\n", "＝", "＋", "－", "＠")

MOST_MARKS = 8
"""More marks than any script puts on one letter; what is above them is counted, not drawn."""
MOST_JOINED = 12
"""More characters than any emoji or letter joins; a longer chain may break between lines."""
_OPENED = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys(
    "\u2066\u2067\u2068", "\u2069"
)
_MAY_BE_MARKS = re.compile(f"[\u0300-\U0010ffff]{{{MOST_MARKS + 1},}}")
_JOINER = "\u200d"
_LONG_CHAIN = re.compile(
    rf"((?:[^{_JOINER}\s<>]{{1,4}}{_JOINER}){{{MOST_JOINED - 1}}}[^{_JOINER}\s<>]{{1,4}}){_JOINER}"
)
_DIRECTED = re.compile(f"(?<=>)[^<>]*[{''.join(_OPENED)}][^<>]*")


def clean_text(text: str) -> str:
    """The text with one kind of line end, in NFC, without what no page can show.

    CRLF, CR and the vertical tab and form feed that Word pastes become line feeds; joiners and
    direction marks stay, since Arabic, Bengali and emoji need them. Outer white space goes.
    """
    text = re.sub("\r\n|[\r\v\f\u2028\u2029]", "\n", text)
    return unicodedata.normalize("NFC", _NOT_KEPT.sub("", text)).strip()


def has_visible(text: str) -> bool:
    """Whether a reader would see anything at all."""
    return any(
        unicodedata.category(character) not in _INVISIBLE and character not in _BLANK_LETTERS
        for character in text
    )


def count_words(text: str) -> int:
    """Words as the page counts them: runs of anything that is not white space."""
    return len(re.findall(r"\S+", text))


def plain(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def settle(markup: str) -> str:
    """Markup in which no typed text disturbs its neighbours, on a page or on paper.

    Marks piled higher than a line are counted in words, a chain of joined characters may break,
    and a direction that a text turns is turned back where the text ends. Settling twice is once.
    """
    markup = _MAY_BE_MARKS.sub(lambda run: _capped(run.group()), markup)
    if _JOINER in markup:
        markup = _LONG_CHAIN.sub(r"\1", markup)
    if not _OPENED.keys().isdisjoint(markup):
        markup = _DIRECTED.sub(lambda run: _turned_back(run.group()), markup)
    return markup


def _capped(run: str) -> str:
    parts = []
    for is_mark, group in groupby(run, key=lambda one: unicodedata.category(one)[0] == "M"):
        part = "".join(group)
        more = len(part) - MOST_MARKS if is_mark else 0
        parts.append(f"{part[:MOST_MARKS]}[and {more:,} more marks]" if more > 0 else part)
    return "".join(parts)


def _turned_back(text: str) -> str:
    """The text, and a closing mark for each direction it opens and leaves open."""
    waiting: list[str] = []
    for character in text:
        if character in _OPENED:
            waiting.append(_OPENED[character])
        elif character in waiting:
            while waiting.pop() != character:
                pass
    return text + "".join(reversed(waiting))
