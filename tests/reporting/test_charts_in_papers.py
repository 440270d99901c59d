"""Every chart of every paper has its numbers in a table of its own section, and can be scrolled."""

import re
from html import escape

import pytest
from django.template.loader import render_to_string

from reporting.documents import drawings, paper
from reporting.documents.packs import pack_paper
from tests.reporting import packs, snapshots
from tests.reporting.reading import tables
from tests.reporting.sources import source

NAMES = ("Not started", "Committed", "Under way", "Embedded", "Making a difference")
DOCUMENTS = {
    "complete": snapshots.complete,
    "partial": snapshots.partial,
    "empty": snapshots.empty,
    "rated": lambda: snapshots.with_ratings(snapshots.complete()),
}
EVERY_KIND = {"profile", "strip", "heatmap", "dumbbells", "timeline", "measure"}


@pytest.fixture
def drawn(monkeypatch):
    """The charts that are drawn from here on, by their drawing."""
    made, draw = {}, drawings.to_svg

    def keep(chart):
        svg = draw(chart)
        made[svg] = chart
        return svg

    monkeypatch.setattr(drawings, "to_svg", keep)
    return made


def body_of(kind, document):
    page = paper(source(document, kind=kind))
    return render_to_string("reporting/parts/body.html", {"paper": page})


def sections_of(body):
    return re.findall(r"<section .*?</section>", body, flags=re.S)


def words(text):
    """Letters and figures; a level's number goes, since tables say it by its name."""
    text = re.sub(rf"\b\d ({'|'.join(NAMES)})", r"\1", text)
    return set(re.findall(r"[\w.−£%/]+", text.casefold()))


def holds(rows, chart):
    """Whether the rows of a section's tables say each number of the chart."""
    if chart.kind == "measure":
        told = {cell for row in chart.table.rows for cell in row[1:]} - {"no date"}
        return any(words(" ".join(told)) <= words(" ".join(row)) for row in rows)
    if chart.kind in ("profile", "multiples", "dumbbells"):
        return all(list(row) in rows for row in chart.table.rows)
    return all(
        any(words(" ".join(told)) <= words(" ".join(row)) for row in rows)
        for told in chart.table.rows
    )


def lost(body, made):
    """The charts whose numbers stand in no table of their section."""
    found = []
    for section in sections_of(body):
        rows = [row for table in tables(section) for row in table.rows]
        found += [
            chart
            for svg, chart in made.items()
            if svg in section and not holds(rows, chart) and not is_counted(rows, chart)
        ]
    return [(chart.kind, chart.title) for chart in found]


def is_counted(rows, chart):
    """A strip of the summary counts its blocks in words in its own row."""
    levels = [level for _code, level in chart.table.rows] if chart.kind == "strip" else ()
    counts = {f"{levels.count(level)} {level}".casefold() for level in levels}
    title = chart.title.removeprefix("Profile of ").partition(":")[0]
    row = next((row for row in rows if row[0] == title), [])
    said = " ".join(row).casefold()
    return bool(counts) and all(count in said for count in counts)


@pytest.mark.parametrize("kind", ["board-paper", "full-report"])
@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_chart_of_a_paper_has_its_numbers_in_a_table_of_its_section(drawn, document, kind):
    body = body_of(kind, document())
    assert sum(svg in body for svg in drawn) > 8
    assert lost(body, drawn) == []


def test_every_kind_of_chart_was_looked_at(drawn):
    body_of("full-report", DOCUMENTS["rated"]())
    assert {chart.kind for chart in drawn.values()} == EVERY_KIND


def test_number_that_stands_in_no_table_is_found(drawn):
    body = body_of("full-report", DOCUMENTS["rated"]())
    for svg, chart in drawn.items():
        without = re.sub(r"<table.*?</table>", "", body, flags=re.S)
        if svg in without:
            assert (chart.kind, chart.title) in lost(without, {svg: chart})


@pytest.mark.django_db
def test_every_chart_of_a_london_pack_has_its_numbers_below_it(drawn, london_framework):
    page = pack_paper(packs.facts_of(packs.lay_out(*packs.SYSTEMS[1:])))
    body = render_to_string("reporting/packs/paper/body.html", {"paper": page})
    assert [chart.kind for chart in drawn.values()] == ["multiples"] * 8
    assert lost(body, drawn) == []


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
def test_every_figure_is_named_and_reached_by_the_keyboard_and_small(drawn, document):
    body = body_of("full-report", document())
    figures = re.findall(r"<figure.*?</figure>", body, flags=re.S)
    assert len(figures) > 8
    for figure in figures:
        (svg,) = (one for one in drawn if one in figure)
        named = f'role="region" aria-label="{escape(drawn[svg].title)}" tabindex="0"'
        assert named.replace("&#x27;", "&#39;") in figure
        assert len(svg.encode()) <= (12 if drawn[svg].kind == "heatmap" else 4) * 1024
