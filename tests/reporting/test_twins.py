"""Page, PDF, attached CSV and JSON carry the same figures; every PDF is archivable and tagged."""

import csv
import datetime as dt
import html
import io
import itertools
import json
import re

import pypdf
import pytest
from django.template.loader import render_to_string

from portal.text import settle
from reporting import pdf
from reporting.documents import attachments, paper
from tests.reporting import snapshots, validator
from tests.reporting.sources import source

AT = dt.datetime(2026, 11, 20, 17, tzinfo=dt.UTC)


def printed(document, kind, cover=None):
    given = source(document, cover=cover, kind=kind)
    page = paper(given)
    body = settle(render_to_string("reporting/parts/body.html", {"paper": page}))
    whole = render_to_string("reporting/print/document.html", {"paper": page, "body": body})
    rendered = pdf.render(
        whole,
        title=page.title,
        reference=page.reference,
        created_at=AT,
        attachments=attachments(given),
    )
    return page, body, rendered


@pytest.fixture(scope="module")
def board():
    return printed(snapshots.complete(), "board-paper")


@pytest.fixture(scope="module")
def reader(board):
    return pypdf.PdfReader(io.BytesIO(board[2].pdf))


def squeezed(text):
    """Letters and digits alone: line ends and hyphenation are the printer's."""
    return re.sub(r"\W+", "", text)


def screen_text(body):
    without_drawings = re.sub(r"<svg.*?</svg>", " ", body, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", without_drawings))


def test_board_paper_has_at_most_ten_pages(board):
    assert board[2].pages <= 10


def test_pdf_prints_every_word_of_the_page(board, reader):
    on_paper = squeezed("".join(page.extract_text() for page in reader.pages))
    sentences = [s for s in re.split(r"\s{2,}|\n", screen_text(board[1])) if len(s) > 12]
    lost = [s for s in sentences if squeezed(s)[:60] not in on_paper]
    assert len(sentences) > 150
    assert lost == []


def test_attached_files_carry_the_levels_the_page_shows(board, reader):
    page = board[0]
    files = {name: data[0] for name, data in reader.attachments.items()}
    text = files[f"{page.reference}-levels.csv"].decode("utf-8-sig")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(text))}
    content = json.loads(files[f"{page.reference}.json"])
    numbers = {item["code"]: item for item in content["items"]}
    for commitment in page.commitments:
        for item in commitment.items:
            assert rows[item.code]["level_name"] == item.level.words
            assert numbers[item.code]["level_name"] == item.level.words
    assert content["overall"] == page.summary.overall


def test_attached_measures_carry_the_figures_the_page_shows(board, reader):
    page = board[0]
    text = reader.attachments[f"{page.reference}-measures.csv"][0].decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["latest"] for row in rows] == [
        measure.latest.rstrip("%") for measure in page.page_one.plan.measures
    ]


def test_every_page_carries_reference_record_and_address(board, reader):
    page = board[0]
    for number, leaf in enumerate(reader.pages, 1):
        text = squeezed(leaf.extract_text())
        assert squeezed(page.foot) in text
        assert squeezed(page.address) in text
        assert f"Page{number}of{len(reader.pages)}" in text


def test_each_commitment_keeps_to_one_page(board, reader):
    texts = [leaf.extract_text() for leaf in reader.pages]
    for commitment in board[0].commitments:
        heads = [t for t in texts if f"{commitment.title}\n" in t and "Next steps" in t]
        assert len(heads) == 1


def test_headings_skip_no_level(board):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", board[1])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_tables_have_heads_with_scope_and_equal_rows(board):
    for table in re.findall(r"<table.*?</table>", board[1], flags=re.S):
        assert "<th " in table
        assert re.findall(r"<th(?! scope=)[ >]", table) == []
        cells = {len(re.findall(r"<t[hd][ >]", row)) for row in table.split("<tr")[1:]}
        assert len(cells) == 1


def test_ids_are_unique_and_links_lead_somewhere():
    body = printed(snapshots.complete(), "full-report")[1]
    ids = re.findall(r'\bid="([^"]+)"', body)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', body)) <= set(ids)


def test_markup_in_a_narrative_is_text():
    body = printed(snapshots.with_unbroken_text(), "full-report")[1]
    assert "<img" not in body
    assert "&lt;img src=http://example.org/x&gt;" in body


@pytest.mark.skipif(not validator.available(), reason="needs Java and JAXB")
def test_papers_pass_pdf_ua_and_pdf_a(tmp_path):
    documents = {
        "complete": snapshots.complete(),
        "partial": snapshots.partial(),
        "empty": snapshots.empty(),
        "unbroken": snapshots.with_unbroken_text(),
        "borough": snapshots.partial("croydon"),
    }
    paths = []
    for name, document in documents.items():
        for kind in ("board-paper", "full-report"):
            path = tmp_path / f"{name}-{kind}.pdf"
            path.write_bytes(printed(document, kind, {} if name == "empty" else None)[2].pdf)
            paths.append(path)
    longest = tmp_path / "longest.pdf"
    longest.write_bytes(printed(snapshots.longest(), "board-paper")[2].pdf)
    assert validator.broken_rules([*paths, longest]) == []
