"""Every level, count and figure of a paper is the same on the page, in the PDF, and attached.

What is attached is read first and put into words here, by rules of its own; the page must say
these words in the place where they belong, and the PDF must print each row of the page.
"""

from __future__ import annotations

import pytest

from tests.reporting import snapshots
from tests.reporting.reading import attached, drawn, pdf_text, table, tables
from tests.reporting.test_twins import printed, squeezed

NAMES = ("Not started", "Committed", "Under way", "Embedded", "Making a difference")
COVERAGES = {**snapshots.COVERAGES}
DOCUMENTS = {
    "complete": snapshots.complete,
    "partial": snapshots.partial,
    "empty": snapshots.empty,
    "longest": snapshots.longest,
}


class Twins:
    """One paper, printed and read back in every form."""

    def __init__(self, document, kind):
        self.document = document
        page, self.body, rendered = printed(document, kind)
        self.attached = attached(rendered.pdf, page.reference)
        self.pdf = pdf_text(rendered.pdf)
        self.sections = {section["code"]: section for section in document["sections"]}


@pytest.fixture(scope="module", params=DOCUMENTS)
def twins(request):
    return Twins(DOCUMENTS[request.param](), "board-paper")


@pytest.fixture(scope="module")
def full():
    return Twins(snapshots.complete(), "full-report")


def level_words(row):
    if row["applicable"] in ("False", False):
        return "Not applicable"
    return row["level_name"] or "Not assessed"


def movement_words(row):
    kind, how = row["movement"], row["movement_how"]
    if kind in ("up", "down"):
        words = f"{kind.capitalize()} from {NAMES[int(row['previous_level'])]}"
    else:
        words = {"same": "The same", "newly assessed": "Newly assessed"}.get(kind, "")
    return f"{words}, {how}" if words and how else words


def evidence_words(row):
    found = [f"{grade} {row[f'evidence_{grade.lower()}']}" for grade in "ABCD"]
    return ", ".join(words for words in found if not words.endswith(" 0")) or "None"


def counts_words(section):
    parts = [f"{n} {name}" for n, name in zip(section["counts"], NAMES, strict=True) if n]
    parts += [f"{section['not_assessed']} not assessed"] if section["not_assessed"] else []
    parts += [f"{section['not_applicable']} not applicable"] if section["not_applicable"] else []
    return ", ".join(parts)


def bound_words(section, which):
    """The first word or words that the page must say; whatever it adds says more."""
    if section[f"{which}_bounds"] is None:
        return "No applicable"
    low, high = section[f"{which}_bounds"]
    if not sum(section["counts"]):
        return "Not assessed"
    return NAMES[low] if low == high else f"Between {NAMES[low]} and {NAMES[high]}"


def assert_items(twins, codes):
    for row in twins.attached.levels:
        if row["section"] not in codes:
            continue
        section = twins.sections[row["section"]]
        noun = "actions" if section["kind"] == "commitment" else "considerations"
        title = section["title"] if noun == "actions" else f"Enabler: {section['title']}"
        said = table(twins.body, title, f"Its {noun}").row(f"{row['code']} ")
        assert said[0] == f"{row['code']} {row['name']}"
        assert level_words(row) in said[1]
        assert movement_words(row) in said[1]
        assert COVERAGES[row["coverage"]] in said[1]
        assert said[1].endswith(f"evidence: {evidence_words(row)}")


def test_attached_table_and_attached_program_file_are_the_same_rows(twins):
    for row, item in zip(twins.attached.levels, twins.attached.content["items"], strict=True):
        plain = {name: "" if value is None else str(value) for name, value in item.items()}
        assert row == plain
    measures = twins.attached.content["measures"]
    for row, measure in zip(twins.attached.measures, measures, strict=True):
        assert row == {name: "" if v is None else str(v) for name, v in measure.items()}


def test_attached_levels_are_those_that_were_frozen(twins):
    frozen = [item for section in twins.document["sections"] for item in section["items"]]
    for row, item in zip(twins.attached.content["items"], frozen, strict=True):
        assert (row["code"], row["level"]) == (item["code"], item["level"])
        assert row["movement"] == item["movement"]["kind"]


def test_page_says_level_movement_coverage_and_evidence_of_every_action(twins):
    assert_items(twins, set("LWEAC"))


def test_full_report_says_them_of_every_consideration_too(full):
    assert_items(full, set("LWEACDGP"))


def test_summary_says_profile_typical_lowest_and_completeness(twins):
    for section in twins.attached.content["sections"]:
        is_commitment = twins.sections[section["code"]]["kind"] == "commitment"
        heading = "five commitments" if is_commitment else "three enablers"
        place = next(one for one in tables(twins.body) if heading in one.headings[-1])
        said = place.row(section["title"])
        assert said[1] == counts_words(section)
        assert said[2].startswith(bound_words(section, "typical"))
        assert said[3].startswith(bound_words(section, "lowest"))
        assert said[3].endswith(", ".join(section["lowest_codes"]))
        assert said[4] == section["completeness"]


def test_profile_of_all_actions_is_drawn_with_its_counts(twins):
    content, texts = twins.attached.content, drawn(twins.body)
    rolled = [s for s in content["sections"] if twins.sections[s["code"]]["kind"] == "commitment"]
    totals = [sum(counts) for counts in zip(*(s["counts"] for s in rolled), strict=True)]
    for level, total in enumerate(totals):
        if total:
            place = texts.index(str(level))
            assert str(total) in texts[place:]
    assert sum(totals) + sum(s["not_assessed"] + s["not_applicable"] for s in rolled) == 25


def test_heatmap_says_every_level_of_every_cycle(twins):
    cycles = twins.attached.content["history"]
    place = next(one for one in tables(twins.body) if "cycle by cycle" in one.headings[-1])
    assert place.rows[0][1:-1] == [
        *(cycle["cycle_name"] for cycle in cycles), twins.document["cycle"]["name"],
    ]  # fmt: skip
    for row in twins.attached.levels[:25]:
        said = place.row(f"{row['code']} ")
        for cycle, words in zip(cycles, said[1:], strict=False):
            level = cycle["levels"][row["code"]]
            assert words.endswith("Not assessed" if level is None else NAMES[level])
        assert said[-2].endswith(level_words(row))


def test_measures_say_baseline_latest_and_target(twins):
    measures = twins.attached.measures
    if not measures:
        assert "No plan is recorded." in twins.body
        return
    said = table(twins.body, "Our plan and its measures").rows[1:]
    for measure, row in zip(measures, said, strict=True):
        for place, name in enumerate(("baseline", "latest", "target"), 1):
            figure = measure[name].replace("-", "−") or "Not yet known"
            assert row[place].removeprefix("£").startswith(figure)


def test_overall_sentence_is_the_attached_one(twins):
    assert twins.attached.content["overall"] in twins.body
    assert squeezed(twins.attached.content["overall"]) in squeezed(twins.pdf)


def assert_every_row_is_printed(read):
    on_paper = squeezed(read.pdf)
    rows = [row for one in tables(read.body) for row in one.rows]
    lost = [row for row in rows if squeezed("".join(row)) not in on_paper]
    assert len(rows) > 40
    assert lost == []


def test_pdf_prints_every_row_of_every_table_of_the_page(twins):
    assert_every_row_is_printed(twins)


def test_pdf_of_the_full_report_prints_every_row_too(full):
    assert_every_row_is_printed(full)


def test_pdf_prints_every_text_of_every_drawing(twins):
    on_paper = squeezed(twins.pdf)
    assert [text for text in drawn(twins.body) if squeezed(text) not in on_paper] == []
