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
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "static" / "fonts"
STYLESHEET = ROOT / "static" / "print.css"
DRAFT_STYLESHEET = ROOT / "static" / "print-draft.css"
CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
LANGUAGE = "en-GB"
PRODUCER = "Anti-racism progress portal"

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
NOT_PRINTED = frozenset(["script", "template", "title"])
STYLES = frozenset(["style", "link", "base", "{http://www.w3.org/2000/svg}style"])

PDFUA_MARK = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#" rdf:about="">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the PDF/UA standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


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
    identifier = _identifier(html, title, reference, created_at, attachments, draft)
    with _environment(created_at), _collector_resting():
        embedded = [_attach(item, created_at) for item in attachments]
        data, pages = _print(html, title, reference, created_at, embedded, draft, identifier)
    return Rendered(data, pages, hashlib.sha256(data).hexdigest())


def replace_uncovered(text: str) -> str:
    """Write characters that no font of ours can draw as [U+XXXX]; drop uncovered shapeless ones."""
    missing = _uncovered(set(text))
    return text.translate(missing) if missing else text


def subsetter_available() -> bool:
    """Say whether libharfbuzz-subset is installed; without it a report costs a fifth more."""
    try:
        ctypes.CDLL("libharfbuzz-subset.so.0")
    except OSError:
        return False
    return True


def cjk_available() -> bool:
    """Say whether Debian's fonts-noto-cjk is installed; without it they are spelt out."""
    return CJK_FONT.exists()


def versions() -> dict[str, str]:
    """Name everything besides its input that decides the bytes of a report."""
    import pydyf
    import weasyprint
    from weasyprint.text.ffi import pango

    files = [
        *sorted(FONTS.iterdir()),
        STYLESHEET,
        DRAFT_STYLESHEET,
        *([CJK_FONT] * cjk_available()),
    ]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return {
        "weasyprint": weasyprint.VERSION,
        "pydyf": pydyf.VERSION,
        "pango": str(pango.pango_version()),
        "fonts": digest.hexdigest(),
        "subsetter": str(subsetter_available()),
    }


@cache
def _engine() -> _Engine:
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

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
        attachments=embedded, finisher=_finish, pdf_identifier=identifier, **_variant()
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


def _uncovered(characters: set[str]) -> dict[int, str | None]:
    points = set(map(ord, characters)) - _coverage()
    if points and cjk_available():
        points -= _font_points(CJK_FONT)
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


def _finish(document: Any, pdf: Any) -> None:
    """Claim PDF/UA-1 beside PDF/A-3a inside the one rdf:RDF that validators read, and serialise.

    pydyf would serialise and compress every object twice, for the file and for its identifier.
    """
    for item in pdf.objects:
        extra = getattr(item, "extra", None)
        if extra is not None and extra.get("Type") == "/Metadata":
            item.stream = [part.replace(b"</rdf:RDF>", PDFUA_MARK) for part in item.stream]
    written = _written()
    pdf.objects = [written(item) for item in pdf.objects]


@cache
def _written() -> Any:
    """Return the class of a PDF object whose bytes are made once and kept."""
    import pydyf

    class Written(pydyf.Object):  # type: ignore[misc]
        data = b""
        compressible = False

        def __init__(self, item: Any) -> None:
            super().__init__()
            self.number, self.generation, self.free = item.number, item.generation, item.free
            self.compressible = item.compressible
            if item.free != "f":  # the first object of a file stands for none and has no bytes
                self.data = _compressed(item) if getattr(item, "compress", False) else item.data

    return Written


def _compressed(stream: Any) -> bytes:
    """Return a stream object with its content deflated at zlib's own level, not the slowest."""
    stream.compress = False
    content = stream.data.partition(b"\nstream\n")[2]
    content = zlib.compress(content.removesuffix(b"\nendstream"))
    stream.extra = {**stream.extra, "Filter": "/FlateDecode"}
    stream.stream = [content]
    data: bytes = stream.data
    return data


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
