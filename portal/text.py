"""The one gate for every typed text: what comes in is clean, or refused."""

from __future__ import annotations

import re
import unicodedata

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

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


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
