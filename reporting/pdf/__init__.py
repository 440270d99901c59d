"""The one door to WeasyPrint: HTML in, one tagged, archivable, reproducible PDF out.

The file is PDF/UA-1 and PDF/A-3a at once. WeasyPrint is imported inside functions only, so that a
web process which merely knows this module never pays for it; a worker calls `warm()` at its start.
"""

import base64
import contextlib
import ctypes
import gc
import hashlib
import json
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from portal.text import settle
from reporting.pdf.characters import cjk_available, replace_uncovered
from reporting.pdf.lean import read_fonts_late
from reporting.pdf.places import CJK_FILES, DRAFT_STYLESHEET, FONTS, STYLESHEET
from reporting.pdf.writing import finish

__all__ = [
    "FONTS",
    "STYLESHEET",
    "Attachment",
    "Rendered",
    "cjk_available",
    "render",
    "replace_uncovered",
    "subsetter_available",
    "versions",
    "warm",
]

LANGUAGE = "en-GB"
PRODUCER = "Anti-racism progress portal"

NOT_PRINTED = frozenset(["script", "template", "title"])
STYLES = frozenset(["style", "link", "base", "{http://www.w3.org/2000/svg}style"])


@dataclass(frozen=True)
class Attachment:
    """A file carried inside the PDF: the figures of the report as CSV or JSON."""

    name: str
    mime: str
    data: bytes
    description: str


@dataclass(frozen=True)
class Rendered:
    """The finished file, its number of pages and the hexadecimal SHA-256 of its bytes."""

    pdf: bytes
    pages: int
    sha256: str


@dataclass(frozen=True)
class _Engine:
    """What is made once in a process: the font configuration and the parsed stylesheets."""

    fonts: Any
    fetcher: Any
    sheets: tuple[Any, ...]
    draft_sheets: tuple[Any, ...]


def warm() -> None:
    """Import WeasyPrint, parse the stylesheet, read the font tables, print one small page."""
    now = datetime(2000, 1, 1, tzinfo=UTC)
    page = "<html lang='en-GB'><title>Warm</title><h1>Warm</h1><p>x <b>x</b> <i>x</i></p>"
    render(page, title="Warm", reference="WARM", created_at=now, attachments=())
    gc.freeze()  # what lives as long as the process need not be walked after each report


def render(
    html: str,
    *,
    title: str,
    reference: str,
    created_at: datetime,
    attachments: Sequence[Attachment],
    draft: bool = False,
) -> Rendered:
    """Print a complete HTML document with the print stylesheet.

    `created_at` (aware) is the only clock: the same arguments give the same bytes in any process
    that has the same fonts and library versions (`versions()`). Nothing but data: addresses is
    ever opened; every other reference is left out. Raises ValueError for a naive `created_at`.
    """
    if created_at.tzinfo is None:
        raise ValueError("created_at must carry its time zone")
    html = settle(html)
    identifier = _identifier(html, title, reference, created_at, attachments, draft)
    with _environment(created_at), _collector_resting():
        embedded = [_attach(item, created_at) for item in attachments]
        data, pages = _print(html, title, reference, created_at, embedded, draft, identifier)
    return Rendered(data, pages, hashlib.sha256(data).hexdigest())


def subsetter_available() -> bool:
    """Say whether libharfbuzz-subset is installed; without it a report costs a fifth more."""
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        return False
    return True


def versions() -> dict[str, str]:
    """Name everything besides its input that decides the bytes of a report."""
    import pydyf
    import weasyprint
    from weasyprint.text.ffi import pango

    return {
        "weasyprint": weasyprint.VERSION,
        "pydyf": pydyf.VERSION,
        "pango": str(pango.pango_version()),
        "fonts": _files_digest(),
        "subsetter": str(subsetter_available()),
    }


@cache
def _files_digest() -> str:
    """The digest of every file that draws, read once in a process and never whole."""
    digest = hashlib.sha256()
    for path in (*sorted(FONTS.iterdir()), STYLESHEET, DRAFT_STYLESHEET, *CJK_FILES):
        if path.exists():
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").digest()
            digest.update(path.name.encode() + b"\0" + content)
    return digest.hexdigest()


@cache
def _engine() -> _Engine:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    read_fonts_late()
    fonts = FontConfiguration()
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)

    def parse(path: Path) -> Any:
        return CSS(string=path.read_text(), font_config=fonts, url_fetcher=fetcher)

    sheet = parse(STYLESHEET)
    return _Engine(fonts, fetcher, (sheet,), (sheet, parse(DRAFT_STYLESHEET)))


def _print(
    html: str,
    title: str,
    reference: str,
    at: datetime,
    embedded: list[Any],
    draft: bool,
    identifier: bytes,
) -> tuple[bytes, int]:
    """Lay out and write; a function of its own so that its objects are free when it returns."""
    document = _lay_out(_engine(), html, draft)
    _describe(document.metadata, title, reference, at, draft)
    data = document.write_pdf(
        attachments=embedded, finisher=finish, pdf_identifier=identifier, **_variant()
    )
    return data, len(document.pages)


def _lay_out(engine: _Engine, html: str, draft: bool) -> Any:
    from weasyprint import HTML

    source = HTML(string=html, url_fetcher=engine.fetcher)
    _prepare(source.etree_element)
    return source.render(
        font_config=engine.fonts,
        stylesheets=engine.draft_sheets if draft else engine.sheets,
        **_variant(),
    )


def _variant() -> dict[str, Any]:
    # A-3 and not A-2, because A-2 strips attachments; "a" asks for the tags that UA-1 needs too.
    return {"pdf_variant": "pdf/a-3a", "pdf_tags": True}


def _prepare(root: Any) -> None:
    """Make every printed text drawable; empty other styles, for the print stylesheet is alone."""
    root.set("lang", root.get("lang") or LANGUAGE)
    for node in root.iter():
        if node.tag in STYLES:
            node.text = None
            node.attrib.clear()
        elif node.text and node.tag not in NOT_PRINTED:
            node.text = replace_uncovered(node.text)
        if node.tail:
            node.tail = replace_uncovered(node.tail)


def _describe(metadata: Any, title: str, reference: str, at: datetime, draft: bool) -> None:
    metadata.title = f"Draft: {title}" if draft else title
    metadata.keywords = [reference]
    metadata.description = f"Reference {reference}"
    metadata.generator = PRODUCER
    metadata.created = metadata.modified = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _attach(item: Attachment, at: datetime) -> Any:
    """Hand the bytes over as a data: address, the one form that also carries the media type."""
    from weasyprint import Attachment as Embedded

    moment = at.astimezone(UTC)
    return Embedded(
        url=f"data:{item.mime};base64,{base64.b64encode(item.data).decode()}",
        url_fetcher=_engine().fetcher,
        name=item.name,
        description=item.description,
        created=moment,
        modified=moment,
        relationship="Data",
    )


def _identifier(
    html: str,
    title: str,
    reference: str,
    created_at: datetime,
    attachments: Sequence[Attachment],
    draft: bool,
) -> bytes:
    files = [
        [item.name, item.mime, item.description, hashlib.sha256(item.data).hexdigest()]
        for item in attachments
    ]
    content = json.dumps([html, title, reference, created_at.isoformat(), files, draft])
    return hashlib.sha256(content.encode()).hexdigest()[:32].encode()


@contextlib.contextmanager
def _environment(created_at: datetime) -> Iterator[None]:
    """Pin what the libraries read from the environment, and put it back for other programs."""
    wanted = {
        "FONTCONFIG_FILE": str(FONTS / "fonts.conf"),
        "FC_LANG": "en",
        "SOURCE_DATE_EPOCH": str(int(created_at.timestamp())),
    }
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextlib.contextmanager
def _collector_resting() -> Iterator[None]:
    """Keep the garbage collector out of the layout, which makes many objects and frees few."""
    was_on = gc.isenabled()
    gc.disable()
    with warnings.catch_warnings():
        # WeasyPrint leaves the closing of its own colour profile to the collector.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            yield
        finally:
            if was_on:
                gc.enable()
            gc.collect()
