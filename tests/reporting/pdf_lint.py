"""Finds in a tagged PDF what the validator lets pass: empty links, bare tables, lost headings."""

import io
import re
import subprocess
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from typing import Any

import pikepdf

POOR_WORDS = frozenset(
    ["click here", "here", "link", "more", "read more", "see more", "this", "this link", "go"]
)
BARE_ADDRESS = re.compile(r"(https?://|www\.)\S+")
WORD_BOX = re.compile(
    r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*)</word>'
)
HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")


def lint(data: bytes, reference: str) -> list[str]:
    """Return one line for each fault of the file; every page must show `reference`."""
    with pikepdf.open(io.BytesIO(data)) as document:
        elements = list(_elements(document.Root.StructTreeRoot.K))
        faults = [*_document_faults(document), *_heading_faults(elements)]
        faults += [fault for element in elements for fault in _element_faults(element)]
    for number, text in enumerate(page_texts(data), 1):
        if reference not in text:
            faults.append(f"page {number} does not show {reference}")
    return [*faults, *_link_faults(data)]


def page_texts(data: bytes) -> list[str]:
    """The text of each page in the order in which it was written: a table cell by cell."""
    return _asked("pdftotext", "-raw", "-enc", "UTF-8", "-", "-", data=data).split("\f")[:-1]


def link_texts(data: bytes) -> list[str]:
    """What each link of the structure tree says: the words that lie in its areas."""
    words = _words(data)
    texts = []
    with pikepdf.open(io.BytesIO(data)) as document:
        numbers = {page.objgen: number for number, page in enumerate(document.pages)}
        heights = [float(page.mediabox[3]) for page in document.pages]
        for element in _elements(document.Root.StructTreeRoot.K):
            if element.S != "/Link":
                continue
            said: list[str] = []
            for kid in element.get("/K", pikepdf.Array()):
                if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid:
                    number = numbers[kid.Pg.objgen]
                    said += _within(kid.Obj.Rect, words[number], heights[number])
            texts.append(" ".join(said))
    return texts


def _words(data: bytes) -> list[list[tuple[float, float, str]]]:
    """The words of each page, each with the place of its middle from the top left."""
    pages: list[list[tuple[float, float, str]]] = []
    for line in _asked("pdftotext", "-bbox", "-enc", "UTF-8", "-", "-", data=data).splitlines():
        if "<page " in line:
            pages.append([])
        elif found := WORD_BOX.search(line):
            left, top, right, bottom = map(float, found.groups()[:4])
            pages[-1].append(((left + right) / 2, (top + bottom) / 2, unescape(found[5])))
    return pages


def _within(area: Any, words: list[tuple[float, float, str]], height: float) -> list[str]:
    left, right = sorted(map(float, (area[0], area[2])))
    bottom, top = sorted(map(float, (area[1], area[3])))
    return [word for x, y, word in words if left <= x <= right and bottom <= height - y <= top]


def _asked(*command: str, data: bytes) -> str:
    done = subprocess.run(command, input=data, capture_output=True, check=True, timeout=120)
    return done.stdout.decode()


def _link_faults(data: bytes) -> Iterator[str]:
    for text in link_texts(data):
        words = text.casefold().strip(" .,;:…›→")
        if words in POOR_WORDS:
            yield f"a link says only {words}"
        if BARE_ADDRESS.fullmatch(text):
            yield f"a link is a bare address: {text}"


def _elements(kids: Any) -> Iterator[pikepdf.Dictionary]:
    """Walk the structure tree in reading order."""
    waiting = [kids]
    while waiting:
        kid = waiting.pop()
        if isinstance(kid, pikepdf.Array):
            waiting.extend(reversed(list(kid)))
        elif isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            waiting.append(kid.get("/K", pikepdf.Array()))


def _document_faults(document: pikepdf.Pdf) -> Iterator[str]:
    if not str(document.docinfo.get("/Title", "")).strip():
        yield "no title"
    if str(document.Root.get("/Lang", "")) != "en-GB":
        yield "language is not en-GB"
    with document.open_outline() as outline:
        if not outline.root:
            yield "no bookmarks"


def _heading_faults(elements: list[pikepdf.Dictionary]) -> Iterator[str]:
    levels = [HEADINGS.index(element.S) + 1 for element in elements if element.S in HEADINGS]
    if not levels or levels[0] != 1:
        yield "the first heading is not a level 1"
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"a heading of level {level} follows one of level {before}"


def _element_faults(element: pikepdf.Dictionary) -> Iterator[str]:
    names = [child.S for child in _elements(element.get("/K", pikepdf.Array()))]
    if element.S == "/Link" and not _has_text(element):
        yield "a link without words"
    if element.S == "/Table" and "/TH" not in names:
        yield "a table without header cells"
    if element.S == "/Figure" and not str(element.get("/Alt", "")).strip():
        yield "a figure without text"
    if element.S in HEADINGS and not _has_text(element):
        yield "an empty heading"


def _has_text(element: pikepdf.Dictionary) -> bool:
    """Say whether any marked content hangs below; a number in K is the mark of drawn content."""
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, int):
            return True
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid and _has_text(kid):
            return True
    return False
