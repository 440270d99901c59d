"""What stands on the later pages: commitments, steps, and all of the full report."""

import copy

import pytest

from reporting.documents import paper
from tests.reporting import snapshots
from tests.reporting.sources import item_of, source


@pytest.fixture(scope="module")
def board():
    return paper(source())


@pytest.fixture(scope="module")
def full():
    return paper(source(kind="full-report"))


def test_commitment_page_has_movement_rows_and_next_steps(board):
    page = board.commitments[0]
    assert page.moved == (
        "Since the 2025 self-assessment: 1 up (with new evidence), 1 down (with new evidence) and "
        "3 the same (2 reconfirmed)."
    )
    l3 = page.items[2]
    assert (l3.level.words, l3.change.symbol, l3.change_words) == (
        "Committed", "▼", "Down from Under way, with new evidence",
    )  # fmt: skip
    assert l3.evidence == "B\u00a01"
    assert l3.says.startswith("Three appointments made in a hurry")
    assert l3.says.endswith("than it was.")
    assert [step.code for step in page.steps] == ["L4", "L2", "L3"]


def test_level_four_says_it_is_not_yet_recognised(board):
    notes = {item.code: item.note for page in board.commitments for item in page.items}
    assert notes["E4"].startswith("Not yet recognised by communities")
    assert not notes["E2"]


def test_change_words_tell_every_kind():
    document = snapshots.complete()
    kinds = {
        "L1": {"kind": "newly assessed", "how": "", "previous_level": None},
        "L2": {"kind": "no longer assessed", "how": "", "previous_level": 2},
        "L3": {"kind": "not comparable", "how": "", "previous_level": 1},
        "L4": {"kind": "still not assessed", "how": "", "previous_level": None},
        "L5": {"kind": "", "how": "", "previous_level": None},
    }
    for code, move in kinds.items():
        item_of(document, code)["movement"] = move
    items = paper(source(document)).commitments[0].items
    assert [item.change_words for item in items] == [
        "Newly assessed", "No longer assessed; it was Under way", "Not comparable",
        "Still not assessed", "",
    ]  # fmt: skip


def test_steps_page_holds_what_is_overdue_or_due_in_six_months(board):
    page = board.steps
    assert page.heading == "Overdue at sign-off, or due by 20 May 2027"
    assert page.counts == "16 steps in all: 1 done, 2 overdue and 1 without a date."
    assert page.rows[0].code == "E5"
    assert page.rows[0].is_overdue
    assert (page.rows[0].status.symbol, page.rows[0].status.words) == ("◆", "Off track")
    assert page.timeline.svg == ""


def test_step_without_owner_or_date_says_so():
    document = snapshots.complete()
    steps = [s for page in paper(source(document)).commitments for s in page.steps]
    lacking = next(step for step in steps if step.code == "A5")
    assert (lacking.owner, lacking.due, lacking.resource) == ("No owner", "No date", "")
    assert lacking.lacks == ("owner", "money", "date")


def test_six_months_from_a_long_month_end_on_a_day_that_exists():
    document = snapshots.complete()
    document["signed_off"]["at"] = "2026-08-31T10:00:00Z"
    assert paper(source(document)).steps.heading.endswith("28 February 2027")


def test_full_report_holds_every_item_in_full(full):
    annex = full.annex
    assert [chapter.page.code for chapter in annex.chapters] == ["L", "W", "E", "A", "C"]
    assert sum(len(chapter.items) for chapter in annex.considerations) == 13
    l1 = annex.chapters[0].items[0]
    assert l1.wording.startswith("Public commitment to being anti-racist")
    assert l1.means.startswith("Chairs and chief executives")
    assert l1.evidence[1].facts == (
        "B, published or Board-minuted · dated 17 February 2024 · reference ICB/24/031 · "
        "older than 18 months at sign-off"
    )
    assert l1.look_for
    e4 = annex.chapters[2].items[3]
    assert e4.observed.startswith(
        "Bowel screening uptake, ages 56 to 74 (Bangladeshi): from 44.1% on 31 March 2024 to 52.6%"
    )


def test_observed_change_names_other_units_and_groups_only_where_given():
    document = snapshots.complete()
    item_of(document, "E4")["observed_change"] |= {"unit": "per 1,000", "ethnic_group": ""}
    page = paper(source(document, kind="full-report"))
    assert (
        page.annex.chapters[2]
        .items[3]
        .observed.startswith("Bowel screening uptake, ages 56 to 74: from 44.1 per 1,000 on")
    )


def test_full_report_says_why_an_item_has_no_level():
    page = paper(source(snapshots.partial(), kind="full-report"))
    texts = [item.narrative[0] for chapter in page.annex.chapters for item in chapter.items]
    assert any(text.startswith("Not assessed: Nobody could be found") for text in texts)
    assert any(text.startswith("Not applicable: The organisation places") for text in texts)


def test_item_without_a_reason_says_none_is_recorded():
    document = snapshots.empty()
    item_of(document, "L1")["not_assessed_reason"] = ""
    page = paper(source(document))
    assert page.commitments[0].items[0].says == "Not assessed: no reason is recorded."


def test_evidence_list_names_each_once_with_what_cites_it(full):
    rows = {row.evidence.title: row.cited_by for row in full.annex.evidence}
    assert len(rows) == len(full.annex.evidence)
    assert "and" in rows["Board statement on racism and health, adopted in public"] or (
        rows["Board statement on racism and health, adopted in public"] == "L1"
    )


def test_full_report_draws_the_steps_and_measures(full):
    assert full.steps.timeline.svg.startswith("<svg")
    assert all(row.drawing.svg.startswith("<svg") for row in full.page_one.plan.measures)


def test_steps_of_the_table_are_drawn_and_no_others():
    document = snapshots.complete()
    for section in document["sections"]:
        for item in section["items"]:
            item["steps"] = []
    due = item_of(document, "L1")["steps"]
    due += [{**snapshots.LONG_STEP, "due_on": on} for on in ("2027-01-29", None, "2029-01-31")]
    page = paper(source(document, kind="full-report")).steps
    assert page.timeline.caption == (
        "The steps of the table below, by date. 1 step: none overdue. The axis runs from 20 May "
        "2026 to 20 May 2027."
    )
    due += [due[0]] * 12
    page = paper(source(document, kind="full-report")).steps
    assert page.timeline.caption.endswith("The drawing shows the first 12.")
    assert len(page.rows) == 13


def test_full_report_without_steps_draws_nothing():
    page = paper(source(snapshots.empty(), kind="full-report"))
    assert page.steps.timeline.svg == ""
    assert page.steps.counts == "No improvement steps are recorded."


def test_measure_without_a_latest_figure_is_drawn_all_the_same():
    document = snapshots.complete()
    document["plan"]["measures"][0] |= {"latest": None, "latest_on": None}
    page = paper(source(document, kind="full-report"))
    assert "not yet known" in page.page_one.plan.measures[0].drawing.svg


def test_full_report_quotes_duties_strategies_levels_and_source(full):
    annex = full.annex
    assert annex.duties[0].title == "A duty"
    assert annex.strategies[0].title == "A strategy"
    assert annex.levels[0].name == "Not started"
    assert annex.source_note == "The note."
    assert annex.framework.endswith("London Health Equity Group (HEG).")


def test_board_paper_has_no_annex(board):
    assert board.annex is None
    assert board.title == (
        "Board paper: Anti-racism and ethnic health inequalities: our progress, "
        "2026 self-assessment"
    )
    assert board.foot == (
        "Reference 2026-nel-board-paper-v1 · record a3f0a3f0a3f0 · signed off 20 November 2026"
    )


def test_documents_are_not_changed_by_making_a_paper():
    document = snapshots.complete()
    before = copy.deepcopy(document)
    paper(source(document, kind="full-report"))
    assert document == before


def test_level_without_words_prints_none():
    document = snapshots.complete()
    item_of(document, "L1")["narrative"] = ""
    assert paper(source(document)).commitments[0].items[0].says == ""
