"""Whatever a person types, a report is whole, in its page, in bounded time, and nobody else's."""

import io
import itertools
import re
import subprocess
import time

import pypdf
import pytest

from portal.text import clean_text, has_visible
from tests.reporting import snapshots, validator
from tests.reporting.bad_texts import BAD_TEXTS
from tests.reporting.pdf_lint import lint, page_texts
from tests.reporting.test_twins import printed, screen_text, squeezed

MOST_SECONDS = 90
A4 = (595.3, 841.9)


def with_bad_texts():
    """A snapshot's document in which every typed text is a bad one, as the gate lets it in."""
    document = snapshots.complete()
    let_in = [text for text in map(clean_text, BAD_TEXTS.values()) if has_visible(text)]
    texts = itertools.cycle(let_in)
    for section in document["sections"]:
        for item in section["items"]:
            item["narrative"] = next(texts)
            for step in item["steps"]:
                step.update(what=next(texts)[:300], owner=next(texts)[:120])
            for entry in item["evidence"]:
                entry.update(title=next(texts)[:200], minute_reference=next(texts)[:80])
    document["messages"] = [next(texts)[:300] for _ in range(3)]
    for measure in document["plan"]["measures"]:
        measure.update(name=next(texts)[:200], source=next(texts)[:200], note=next(texts)[:300])
    document["plan"].update(title=next(texts)[:200], summary=next(texts)[:2000])
    return document


@pytest.fixture(scope="module", params=["board-paper", "full-report"])
def bad(request):
    begun = time.process_time()
    page, body, rendered = printed(with_bad_texts(), request.param)
    return page, body, rendered, time.process_time() - begun


def test_report_of_bad_texts_is_made_in_bounded_time(bad):
    assert bad[3] < MOST_SECONDS


def test_report_of_bad_texts_passes_the_lint(bad):
    faults = lint(bad[2].pdf, bad[0].reference)
    assert [fault for fault in faults if "bare address: http://127.0.0.1:9/" not in fault] == []


@pytest.mark.skipif(not validator.available(), reason="needs Java and JAXB")
def test_paper_of_bad_texts_is_archivable_and_tagged(tmp_path):
    path = tmp_path / "bad.pdf"
    path.write_bytes(printed(with_bad_texts(), "board-paper")[2].pdf)
    assert validator.broken_rules([path]) == []


def test_no_word_leaves_the_page(bad, tmp_path):
    path = tmp_path / "bad.pdf"
    path.write_bytes(bad[2].pdf)
    words = subprocess.run(
        ["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    boxes = re.findall(r'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.-]+)"', words)
    assert len(boxes) > 2_000
    assert min(float(left) for left, _ in boxes) > 0
    assert max(float(right) for _, right in boxes) < A4[0]


def test_markup_in_a_text_stays_text(bad):
    assert "<script" not in bad[1]
    assert "<img" not in bad[1]
    assert "@page{size:1mm}" in bad[1]
    sizes = {tuple(map(round, page.mediabox[2:])) for page in reader(bad).pages}
    assert sizes == {(595, 842)}


def test_what_stands_beside_a_bad_text_is_printed_as_ever(bad):
    """The official wordings, the levels and the headings of every item are all still there."""
    on_paper = squeezed("".join(page_texts(bad[2].pdf)))
    on_screen = squeezed(screen_text(bad[1]))
    for commitment in bad[0].commitments:
        for item in commitment.items:
            assert squeezed(f"{item.code} {item.name}") in on_paper
            assert squeezed(f"{item.code} {item.name}") in on_screen


def test_marks_are_counted_where_they_would_cover_other_lines(bad):
    assert "more marks]" in bad[1]
    assert "\u0301" * 9 not in bad[1]


def reader(bad_):
    return pypdf.PdfReader(io.BytesIO(bad_[2].pdf))
