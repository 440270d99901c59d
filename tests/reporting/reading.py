"""Reads a paper back: the tables of its page, the text of its PDF, the files attached to it."""

import csv
import io
import json
import subprocess
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pypdf

_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass
class ReadTable:
    """A table of a page: the headings it stands under, and the words of each of its cells."""

    headings: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)
    has_head: bool = False

    def row(self, start: str) -> list[str]:
        """The one row whose first cell begins so."""
        found = [row for row in self.rows if row[0].startswith(start)]
        assert len(found) == 1, f"{len(found)} rows begin with {start}"
        return found[0]


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[ReadTable] = []
        self.drawn: list[str] = []
        self.headings: list[tuple[int, str, str]] = []
        self._headings: dict[str, str] = {}
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "br":
            return
        self._open.append(tag)
        if tag in _HEADINGS:
            kept = _HEADINGS[: _HEADINGS.index(tag)]
            self._headings = {name: self._headings.get(name, "") for name in kept} | {tag: ""}
            self.headings.append((int(tag[1]), "", dict(attrs).get("class", "")))
        if tag == "table":
            self.tables.append(ReadTable(tuple(filter(None, self._headings.values()))))
        if tag == "thead":
            self.tables[-1].has_head = True
        if tag == "tr":
            self.tables[-1].rows.append([])
        if tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
        if tag == "text":
            self.drawn.append("")

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        """What closes itself holds no words."""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if "text" in self._open:
            self.drawn[-1] += data
        elif "svg" in self._open or not words:
            return
        elif "td" in self._open or "th" in self._open:
            row = self.tables[-1].rows[-1]
            row[-1] = f"{row[-1]} {words}".strip()
        elif at := [tag for tag in self._open if tag in _HEADINGS]:
            self._headings[at[0]] = f"{self._headings[at[0]]} {words}".strip()
            level, before, css = self.headings[-1]
            self.headings[-1] = (level, f"{before} {words}".strip(), css)


def tables(body: str) -> list[ReadTable]:
    """Every table of a page, in order."""
    return _read(body).tables


def drawn(body: str) -> list[str]:
    """Every text in a page's drawings, in order."""
    return _read(body).drawn


def headings(body: str) -> list[tuple[int, str, str]]:
    """Level, words and class of every heading of a page, in order."""
    return _read(body).headings


def _read(body: str) -> _Page:
    page = _Page()
    page.feed(body)
    return page


def table(body: str, *headings: str) -> ReadTable:
    """The one table that stands under these headings, outermost first."""
    found = [one for one in tables(body) if one.headings[-len(headings) :] == headings]
    assert len(found) == 1, f"{len(found)} tables under {headings}"
    return found[0]


def pdf_text(data: bytes) -> str:
    """What a PDF says, in the order in which it was written: a table cell by cell."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True, timeout=120)
    return done.stdout.decode()


@dataclass(frozen=True)
class Attached:
    """The files attached to a PDF, read."""

    levels: list[dict[str, str]]
    measures: list[dict[str, str]]
    content: Any


def attached(data: bytes, reference: str) -> Attached:
    files = {name: held[0] for name, held in pypdf.PdfReader(io.BytesIO(data)).attachments.items()}

    def rows(name: str) -> list[dict[str, str]]:
        text = files.get(f"{reference}-{name}.csv", b"").decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text)))

    return Attached(rows("levels"), rows("measures"), json.loads(files[f"{reference}.json"]))
