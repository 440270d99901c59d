"""Which characters our fonts can draw, and what is printed for those that they cannot."""

import struct
from functools import cache
from pathlib import Path
from typing import Any

from reporting.pdf.places import CJK_FONT, FONTS

# Characters without a shape of their own. Those a font lists are kept, because joiners and
# direction marks steer their neighbours; the others would print as a missing glyph and are dropped.
SHAPELESS = frozenset([0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0]).union(
    [*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F)],
    [*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xFFF0, 0xFFFC)],
    [*range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)],
)
# Listed by a font, and yet not to be drawn: separators and other control characters, annotation
# marks, and private characters, whose meaning PDF/A would want told beside them.
SEPARATORS = frozenset([0x0B, 0x0C, 0x85, 0x2028, 0x2029])
LINE_CONTROLS = frozenset(map(ord, "\t\n\r"))
UNDRAWABLE = SEPARATORS.union(
    [0xFFF9, 0xFFFA, 0xFFFB, *range(0x20), *range(0x7F, 0xA0), *range(0xE000, 0xF900)],
    range(0xF0000, 0x110000),
)

# Of the tables of a font file: format 12 lists every character, in (first, last, glyph) groups.
_EVERY_CHARACTER = 12


def replace_uncovered(text: str) -> str:
    """Write characters that no font of ours can draw as [U+XXXX]; drop uncovered shapeless ones."""
    missing = _uncovered(set(text))
    return text.translate(missing) if missing else text


def cjk_available() -> bool:
    """Say whether Debian's fonts-noto-cjk is installed; without it they are spelt out."""
    return CJK_FONT.exists()


def _uncovered(characters: set[str]) -> dict[int, str | None]:
    points = set(map(ord, characters)) - _coverage()
    if points and cjk_available():
        points -= _large_font_points(CJK_FONT)
    return {point: _spelt(point) for point in points}


def _spelt(point: int) -> str | None:
    if point in SEPARATORS:
        return "\n"
    return None if point in SHAPELESS else f"[U+{point:04X}]"


@cache
def _coverage() -> frozenset[int]:
    """Return what our own files draw; the big CJK table is read only when a text asks for it."""
    drawn = frozenset().union(*(_font_points(path) for path in sorted(FONTS.glob("*.ttf"))))
    return LINE_CONTROLS | drawn


@cache
def _font_points(path: Path) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        return frozenset(font.getBestCmap()) - UNDRAWABLE


@cache
def _large_font_points(path: Path) -> frozenset[int]:
    """What a large font draws, read from its table alone: its glyph names would cost 30 MiB."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=0, lazy=True) as font:
        table = font.reader["cmap"]
    points: set[int] = set()
    for first, last, _ in _groups(table):
        points.update(range(first, last + 1))
    return frozenset(points) - UNDRAWABLE


def _groups(table: bytes) -> list[Any]:
    """The groups of a character table's largest part."""
    (parts,) = struct.unpack_from(">H", table, 2)
    starts = [struct.unpack_from(">HHL", table, 4 + 8 * place)[2] for place in range(parts)]
    start = next(s for s in starts if struct.unpack_from(">H", table, s)[0] == _EVERY_CHARACTER)
    (number,) = struct.unpack_from(">L", table, start + 12)
    return list(struct.iter_unpack(">LLL", table[start + 16 : start + 16 + 12 * number]))
