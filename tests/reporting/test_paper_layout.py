"""What a reader of the printed papers relies on, page by page, tried on real papers."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from tests.reporting import snapshots
from tests.reporting.pdf_lint import lint, page_texts
from tests.reporting.reading import headings, tables
from tests.reporting.test_twins import printed, squeezed

FEWEST_LETTERS = 120
AT_THE_START = 120
"""Letters; the numbers of a list of contents are written before its words."""
PAPERS = {
    "board-paper": snapshots.complete,
    "full-report": snapshots.complete,
    "partial-full-report": snapshots.partial,
    "empty-full-report": snapshots.empty,
}


class Printed:
    """A paper, its page, and the words of each sheet with and without head and foot."""

    def __init__(self, name):
        kind = "board-paper" if name == "board-paper" else "full-report"
        cover = {} if name.startswith("empty") else None
        self.page, self.body, rendered = printed(PAPERS[name](), kind, cover)
        self.pdf = rendered.pdf
        self.reader = pypdf.PdfReader(io.BytesIO(self.pdf))
        self.sheets = page_texts(self.pdf)

    @property
    def running(self):
        page = self.page
        title = f"{page.kind_name}: {page.cover.title}"
        return [title, page.organisation, page.foot, "Check this paper:", page.address]

    def words(self, number):
        """The letters of a sheet without what runs at its head and foot."""
        sheet = squeezed(self.sheets[number - 1])
        for text in self.running:
            sheet = sheet.replace(squeezed(text), "", 1)
        return sheet.replace(f"Page{number}of{len(self.sheets)}", "", 1)


@pytest.fixture(scope="module", params=PAPERS)
def paper(request):
    return Printed(request.param)


def test_lint_finds_nothing(paper):
    assert lint(paper.pdf, paper.page.reference) == []


def test_every_sheet_has_reference_record_address_and_its_number(paper):
    for number, sheet in enumerate(paper.sheets, 1):
        letters = squeezed(sheet)
        assert squeezed(paper.page.foot) in letters
        assert squeezed(paper.page.address) in letters
        assert f"Page{number}of{len(paper.sheets)}" in letters


def test_every_sheet_but_the_cover_has_its_running_head(paper):
    title, organisation = (squeezed(text) for text in paper.running[:2])
    assert title not in squeezed(paper.sheets[0])
    for sheet in paper.sheets[1:]:
        assert title in squeezed(sheet)
        assert organisation in squeezed(sheet)


def test_no_sheet_is_blank(paper):
    letters = [len(paper.words(number)) for number in range(1, len(paper.sheets) + 1)]
    assert min(letters) >= FEWEST_LETTERS


def test_bookmarks_are_the_headings_and_lead_to_them(paper):
    def walk(entries, depth=1):
        for entry in entries:
            if isinstance(entry, list):
                yield from walk(entry, depth + 1)
            else:
                yield depth, entry.title, paper.reader.get_destination_page_number(entry)

    marks = list(walk(paper.reader.outline))
    wanted = [(level, words) for level, words, css in headings(paper.body) if level <= 3
              and css != "cover-short"]  # fmt: skip
    assert [(depth, squeezed(title)) for depth, title, _ in marks] == [
        (level, squeezed(words)) for level, words in wanted
    ]
    for _, title, sheet in marks:
        assert squeezed(title) in squeezed(paper.sheets[sheet])


def test_no_row_is_split_and_every_table_repeats_its_head(paper):
    sheets = [squeezed(sheet) for sheet in paper.sheets]
    spanning = 0
    for table in tables(paper.body):
        if not table.has_head:
            continue
        head, *rows = (squeezed("".join(row)) for row in table.rows)
        places = set()
        for row in rows:
            found = {number for number, sheet in enumerate(sheets) if row in sheet}
            assert found, f"split or lost: {row[:60]}"
            places |= found if len(found) == 1 else set()
        assert all(head in sheets[number] for number in places)
        spanning += len(places) > 1
    if paper.page.annex and len(paper.page.annex.evidence) > 30:
        assert spanning


def test_no_heading_stands_at_the_foot_of_a_sheet(paper):
    ends = {words for _, words, _ in headings(paper.body)}
    title, contents = paper.running[0], 2 if paper.page.annex else 0
    for number, sheet in enumerate(paper.sheets[1:], 2):
        words = " ".join(sheet.split()).partition(title)[0].strip()
        alone = [end for end in ends if len(end) > 5 and words.endswith(end)]
        assert alone == [] or number == contents, f"page {number}"


def test_every_chapter_begins_a_sheet(paper):
    chapters = re.findall(r'<section class="chapter[^>]*>\s*<h2>(.*?)</h2>', paper.body)
    starts = [paper.words(number)[:AT_THE_START] for number in range(1, len(paper.sheets) + 1)]
    assert len(chapters) > 5
    for chapter in chapters:
        assert any(squeezed(chapter) in start for start in starts), chapter
