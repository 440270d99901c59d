"""What stands on the pages of a Board paper: every sentence follows from the snapshot."""

import copy
import dataclasses

import pytest

from reporting.documents import AMPLE, TIGHT, FrameworkTexts, Identity, Limits, Source, Text, paper
from tests.reporting import snapshots

COVER = {
    "board_name": "North East London Integrated Care Board",
    "board_on": "2027-01-27",
    "agenda_item": "7.2",
    "purpose": "assurance",
    "purpose_name": "For assurance",
    "author": "Nasima Rahman-Bello",
    "strategic_objectives": "Reduce ethnic inequalities",
    "assurance_framework": "BAF 4",
    "previously_considered": "People Committee",
}


def source(document=None, cover=None, kind="board-paper", **changes):
    identity = Identity(kind, f"2026-nel-{kind}-v1", 1, "https://x/reports/r/", "a3f0" * 16)
    identity = dataclasses.replace(identity, **changes)
    texts = FrameworkTexts(
        (Text("A duty", "Do it."),), (Text("A strategy", "Plan."),), "The note.", ("P",) * 5
    )
    limits = AMPLE if identity.is_full else Limits()
    cover = COVER if cover is None else cover
    return Source(document or snapshots.complete(), cover, identity, texts, limits)


def item_of(document, code):
    return next(i for s in document["sections"] for i in s["items"] if i["code"] == code)


def facts(page):
    return {fact.name: fact for fact in page.cover.facts}


def record(page):
    return {fact.name: fact.lines[0] for fact in page.page_one.record}


def groups(page):
    return {group.title: group for group in page.unknown}


@pytest.fixture(scope="module")
def board():
    return paper(source())


@pytest.fixture(scope="module")
def full():
    return paper(source(kind="full-report"))


def test_cover_holds_what_was_recorded(board):
    sheet = facts(board)
    assert sheet["Board"].words == "North East London Integrated Care Board"
    assert sheet["Date of the meeting"].words == "27 January 2027"
    assert sheet["Purpose"].words == "For assurance"
    assert sheet["Cycle"].words == "2026 self-assessment, due on 13 November 2026"
    assert sheet["Basis"].words == "Self-assessed; signed-off assessment, version 1"
    assert "Reissued" not in sheet


def test_cover_says_what_the_signature_attests(board):
    words = facts(board)["Executive sponsor"].words
    assert words.startswith("Dr Imran Qadeer, Executive Director of Population Health; signed off")
    assert "20 November 2026, countersigned by Philippa Adomako. The signature attests" in words


def test_empty_cover_says_not_recorded():
    page = paper(source(cover={}))
    empty = {f.name for f in page.cover.facts if not f.is_recorded}
    assert empty == {
        "Board", "Date of the meeting", "Agenda item", "Purpose", "Author",
        "Strategic objectives", "Board Assurance Framework", "Previously considered at",
    }  # fmt: skip
    assert page.page_one.asks.endswith("Its purpose is not recorded.")
    assert page.risks == "No risks are recorded with this paper."


def test_signature_without_title_or_countersignature_names_the_signer_alone():
    document = snapshots.complete()
    document["signed_off"] |= {"job_title": "", "countersigned_by": ""}
    words = facts(paper(source(document)))["Executive sponsor"].words
    assert words.startswith("Dr Imran Qadeer; signed off on 20 November 2026. The signature")


def test_reissue_says_its_version_and_reason():
    page = paper(source(version=2, reason="The cover sheet was changed: agenda item."))
    assert facts(page)["Reissued"].words == (
        "Version 2. The cover sheet was changed: agenda item. Earlier versions are kept."
    )


def test_in_short_gives_standing_movement_gaps_and_asks(board):
    assert board.cover.in_short == (
        "4 of 25 actions are Embedded or better; every action is assessed.",
        "Since the 2025 self-assessment: 5 up (with new evidence), 2 down (with new evidence) and "
        "18 the same (13 reconfirmed).",
        "Not known: no level has been tested by a community rating.",
        "No asks of the Board are recorded with this paper. It is tabled for assurance.",
    )


def test_first_cycle_compares_with_nothing():
    page = paper(source(snapshots.partial()))
    assert page.cover.in_short[1] == (
        "This is the first cycle: there is nothing yet to compare it with."
    )
    assert record(page)["Falls"] == "This is the first cycle."
    assert page.summary.rows[0].changes[0].words == "First cycle"
    assert page.commitments[0].moved.startswith("This is the first cycle")


def test_history_without_movement_compares_nothing():
    document = snapshots.complete()
    for section in document["sections"]:
        for item in section["items"]:
            item["movement"] = {"kind": "not applicable", "how": "", "previous_level": None}
    page = paper(source(document))
    assert page.cover.in_short[1] == "Nothing can be compared with the 2025 self-assessment."
    assert page.commitments[0].moved.endswith("nothing can be compared.")
    assert page.summary.rows[0].changes[0].words == "None"


def test_page_one_names_lowest_falls_and_steps_that_lack_something(board):
    said = record(board)
    assert said["Lowest actions"].startswith("○ Not started: A5 Anti-racism beyond the health")
    assert "L3 Board that reflects local communities, from Under way to Committed" in said["Falls"]
    assert said["Steps without owner, money or date"] == (
        "2 of 16: L3 (no money); A5 (no owner, money and date)."
    )
    assert said["Overdue steps"].startswith("2: W2, Extend inclusion advisers")
    assert said["Communities’ ratings, earlier asks"] == (
        "No community ratings in this cycle. No earlier asks are recorded."
    )


def test_page_one_says_so_where_there_is_nothing():
    page = paper(source(snapshots.empty()))
    said = record(page)
    assert page.page_one.plan is None
    assert page.page_one.messages == ()
    assert said["Lowest actions"] == "No action is assessed."
    assert said["Steps without owner, money or date"] == "No improvement steps are recorded."
    assert said["Overdue steps"] == "None."


def test_page_one_without_falls_or_lacking_steps_says_none():
    document = snapshots.complete()
    for section in document["sections"]:
        for item in section["items"]:
            item["movement"]["kind"] = "same"
            for step in item["steps"]:
                step |= {"owner": "Chair", "resource": "£1", "due_on": "2027-01-01"}
    said = record(paper(source(document)))
    assert said["Falls"] == "None."
    assert said["Steps without owner, money or date"] == "None."


def test_fall_without_a_ground_is_named_without_one():
    document = snapshots.complete()
    item_of(document, "L3")["movement"]["how"] = ""
    falls = record(paper(source(document)))["Falls"]
    assert "from Under way to Committed; C4" in falls


def test_long_lists_say_how_many_more():
    document = snapshots.complete()
    for section in document["sections"]:
        for item in section["items"]:
            item["level"] = 0
    assert record(paper(source(document)))["Lowest actions"].endswith("; and 20 more.")


def test_measures_say_where_they_stand():
    document = snapshots.complete()
    first = document["plan"]["measures"][0]
    changes = [
        {},
        {"latest": "44.1"},
        {"latest": "40"},
        {"latest": "58.0"},
        {"latest": None, "latest_on": None},
        {"higher_is_better": False, "baseline": "60", "latest": "59"},
    ]
    document["plan"]["measures"] = [{**first, **change} for change in changes]
    rows = paper(source(document)).page_one.plan.measures
    assert [row.standing.words for row in rows] == [
        "Moved towards the target", "No change", "Moved away from the target", "Target reached",
        "Not yet known", "Moved towards the target",
    ]  # fmt: skip
    assert (rows[0].baseline, rows[0].baseline_on, rows[0].about) == (
        "44.1%", "March 2024", "Bangladeshi",
    )  # fmt: skip
    assert rows[4].latest == "Not yet known"


def test_figures_carry_their_unit():
    document = snapshots.complete()
    document["plan"]["measures"] = [
        {**document["plan"]["measures"][0], "unit": unit, "ethnic_group": "", "baseline": "-2"}
        for unit in ("£", "ratio")
    ]
    pounds, ratio = paper(source(document)).page_one.plan.measures
    assert (pounds.baseline, pounds.about) == ("£−2", "")
    assert (ratio.baseline, ratio.about) == ("−2", "unit: ratio")


def test_plan_without_particulars_says_what_is_missing():
    document = snapshots.complete()
    document["plan"] |= {
        "title": "", "approved_on": None, "minute_reference": "", "priorities": [],
    }  # fmt: skip
    plan = paper(source(document)).page_one.plan
    assert plan.title == "Our plan"
    assert plan.facts == "date of approval not recorded, no minute recorded"
    assert plan.puts_first == "It names no priorities."


def test_tight_limits_say_what_they_leave_out():
    tight = dataclasses.replace(source(snapshots.longest()), limits=TIGHT)
    page = paper(tight)
    assert page.page_one.plan.more == "3 more measures: see the full report."
    assert page.commitments[0].more_steps == "13 more steps: see the full report."
    assert page.steps.more == "106 more steps due by then: see the full report."
    assert all(len(row.says) <= 120 for row in page.commitments[0].items)


def test_summary_puts_the_profile_first_and_adds_nothing_up(board):
    rows = board.summary.rows
    assert [row.title for row in rows][:2] == ["Leadership", "Workforce"]
    assert rows[0].profile == "2 Committed, 1 Under way, 2 Embedded"
    assert (rows[0].typical, rows[0].lowest, rows[0].lowest_codes) == (
        "Under way", "Committed", "L2, L3",
    )  # fmt: skip
    assert [f"{look.symbol} {look.words}" for look in rows[0].changes] == [
        "▲ 1 up", "▼ 1 down", "= 3 the same",
    ]  # fmt: skip
    assert [row.title for row in board.summary.enablers] == ["Data", "Governance", "Partnerships"]
    assert rows[0].strip.startswith("<svg")
    assert "<title>Profile of Leadership: L2 Committed, L3 Committed" in rows[0].strip


def test_gaps_give_bounds_and_never_a_firm_level():
    document = snapshots.partial()
    rows = {row.code: row for row in paper(source(document)).summary.rows}
    assert rows["L"].lowest == "Between Not started and Committed"
    assert rows["L"].completeness == "4 of 5"
    assert "1 not applicable" in rows["A"].profile


def test_typical_level_that_no_gap_can_change_says_so():
    document = snapshots.complete()
    rolled = document["sections"][0]["roll_up"]
    rolled |= {"counts": [0, 0, 0, 0, 4], "not_assessed": 1, "typical_bounds": [4, 4]}
    row = paper(source(document)).summary.rows[0]
    assert row.typical == "Making a difference, whatever the gaps"


def test_nothing_assessed_and_nothing_applicable_are_told_apart():
    document = snapshots.empty()
    rolled = document["sections"][0]["roll_up"]
    rolled |= {"typical_bounds": None, "lowest_bounds": None}
    rows = paper(source(document)).summary.rows
    assert rows[0].typical == "No applicable actions"
    assert rows[1].typical == "Not assessed"


def test_heatmap_shows_the_latest_cycles_and_marks_what_was_not_asked():
    document = snapshots.complete()
    document["history"] = [
        {"cycle_slug": str(year), "cycle_name": f"{year} self-assessment", "levels": {"L1": 2}}
        for year in range(2020, 2026)
    ]
    summary = paper(source(document)).summary
    assert summary.cycles == (
        "2023 self-assessment", "2024 self-assessment", "2025 self-assessment",
        "2026 self-assessment",
    )  # fmt: skip
    first, second = summary.heatmap[0].rows[:2]
    assert [look.words for look in first.cells] == ["Under way"] * 3 + ["Embedded"]
    assert [look.words for look in second.cells[:3]] == ["Not asked"] * 3


def test_unknown_lists_each_kind_of_not_knowing():
    page = groups(paper(source(snapshots.partial())))
    assert page["Not assessed"].words == "9 items."
    assert page["Not assessed"].items[0].startswith("L2, W2")
    assert page["Does not apply"].items == (
        "A3 Education and jobs for local people: The organisation places no contracts of this "
        "kind.",
    )
    assert page["What communities say"].words.startswith("No community ratings in this cycle")


def test_unknown_says_so_where_all_is_known(board):
    page = groups(board)
    assert page["Not assessed"].words == "Every action and consideration is assessed."
    assert "Does not apply" not in page
    assert page["Not yet recognised by communities"].words.startswith("1 item at Making a diff")


def test_statements_alone_and_old_evidence_are_named():
    document = snapshots.complete()
    item_of(document, "L1")["evidence"] = []
    for entry in item_of(document, "L2")["evidence"]:
        entry |= {"strength": "D", "is_stale": True}
    item_of(document, "E4")["level"] = 3
    page = groups(paper(source(document)))
    assert page["On a statement alone"].words.startswith("2 items claimed above Not started")
    assert "L1 Public anti-racist statement and L2 Sustained" in page["On a statement alone"].words
    assert "L2" in page["On old evidence only"].words
    assert page["Not yet recognised by communities"].words == "No item is at Making a difference."
    short = paper(source(document)).cover.in_short[2]
    assert short.startswith("Not known: 2 levels rest on a statement alone and no level has been")


def test_one_gap_and_one_weak_level_are_counted_in_the_singular():
    document = snapshots.complete()
    item_of(document, "L1")["evidence"] = []
    item_of(document, "L2")["level"] = None
    short = paper(source(document)).cover.in_short
    assert short[2].startswith("Not known: 1 item is not assessed, 1 level rests on a statement")
    assert short[0].endswith("; 1 is not assessed.")


def test_old_evidence_is_said_to_be_absent_where_none_is_old():
    document = snapshots.complete()
    for section in document["sections"]:
        for item in section["items"]:
            for entry in item["evidence"]:
                entry["is_stale"] = False
    page = groups(paper(source(document)))
    assert page["On old evidence only"].words.startswith("No level rests only on evidence")


def test_exempt_actions_are_counted_apart():
    document = snapshots.complete()
    for code in ("A3", "A4"):
        item_of(document, code)["applicable"] = False
    words = paper(source(document)).cover.in_short[0]
    assert words == (
        "4 of 23 actions are Embedded or better; every action is assessed; 2 do not apply."
    )


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
    assert l3.evidence == "B 1"
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
    assert not page.timeline


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
    assert any(text.startswith("Does not apply: The organisation places") for text in texts)


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
    assert full.steps.timeline.startswith("<svg")
    assert full.steps.timeline_caption.endswith("The drawing shows the first 12.")
    assert all(row.chart.startswith("<svg") for row in full.page_one.plan.measures)


def test_few_steps_are_all_drawn():
    document = snapshots.complete()
    for section in document["sections"][1:]:
        for item in section["items"]:
            item["steps"] = []
    page = paper(source(document, kind="full-report"))
    assert "The drawing shows" not in page.steps.timeline_caption


def test_full_report_without_steps_draws_nothing():
    page = paper(source(snapshots.empty(), kind="full-report"))
    assert page.steps.timeline == ""
    assert page.steps.counts == "No improvement steps are recorded."


def test_measure_without_a_latest_figure_is_drawn_all_the_same():
    document = snapshots.complete()
    document["plan"]["measures"][0] |= {"latest": None, "latest_on": None}
    page = paper(source(document, kind="full-report"))
    assert "not yet known" in page.page_one.plan.measures[0].caption


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
