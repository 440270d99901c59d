"""What stands on the first pages of a Board paper: every sentence follows from the snapshot."""

import dataclasses

import pytest

from reporting.documents import TIGHT, Limits, paper
from tests.reporting import snapshots
from tests.reporting.sources import item_of, source


def facts(page):
    return {fact.name: fact for fact in page.cover.facts}


def record(page):
    return {fact.name: fact.lines[0] for fact in page.page_one.record}


def groups(page):
    return {group.title: group for group in page.unknown}


@pytest.fixture(scope="module")
def board():
    return paper(source())


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
    assert page.page_one.asks.purpose == "Its purpose is not recorded."
    assert page.risks.nothing == "No risks are recorded with this paper."


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
        "No asks of the Board are recorded with this paper. The paper is tabled for assurance.",
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
        "2 of 15 open steps: L3 (no money); A5 (no owner, money or date)."
    )
    assert said["Overdue steps"].startswith("2 steps: W2, Extend inclusion advisers")
    assert said["Largest disagreements"] == "No community ratings in this cycle."


def test_page_one_says_so_where_there_is_nothing():
    page = paper(source(snapshots.empty()))
    said = record(page)
    assert page.page_one.plan is None
    assert page.page_one.messages == ()
    assert said["Lowest actions"] == "No action is assessed."
    assert said["Steps without owner, money or date"] == "No improvement steps are open."
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
    assert record(paper(source(document)))["Lowest actions"].endswith("; and 22 more.")


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
        "44.1%", "31 Mar 2024", "Bangladeshi",
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
    assert (
        page.page_one.plan.more
        == "5 more measures (moved towards the target): see the full report."
    )
    assert page.commitments[0].more_steps == "13 more steps: see the full report."
    assert page.steps.more == "106 more steps due by then: see the full report."
    assert all(len(row.says) <= 120 for row in page.commitments[0].items)


def test_steps_done_are_counted_and_not_listed_as_next():
    document = snapshots.complete()
    steps = [step for item in document["sections"][0]["items"] for step in item["steps"]]
    for step in steps:
        step["status"], step["status_name"] = "done", "Done"
    page = paper(source(document)).commitments[0]
    assert steps
    assert page.steps == ()
    assert page.more_steps == f"{len(steps)} steps done."


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
    assert page["Not applicable"].items == (
        "A3 Education and jobs for local people: The organisation places no contracts of this "
        "kind.",
    )
    assert page["What communities say"].words.startswith("No community ratings in this cycle")


def test_unknown_says_so_where_all_is_known(board):
    page = groups(board)
    assert page["Not assessed"].words == "Every action and consideration is assessed."
    assert "Not applicable" not in page
    assert page["Not yet recognised by communities"].words.startswith("1 item is at Making a diff")


def test_statements_alone_and_old_evidence_are_named():
    document = snapshots.complete()
    item_of(document, "L1")["evidence"] = []
    for entry in item_of(document, "L2")["evidence"]:
        entry |= {"strength": "D", "is_stale": True}
    item_of(document, "E4")["level"] = 3
    page = groups(paper(source(document)))
    assert page["On a statement alone"].words.startswith("2 items are claimed above Not started")
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


def test_measures_that_fell_are_shown_first_and_the_rest_told_of():
    document = snapshots.complete()
    measures = document["plan"]["measures"]
    for place, latest in ((1, None), (2, "1"), (4, "200")):
        measures[place] |= {"higher_is_better": True, "latest": latest}
    measures[3]["latest"] = measures[3]["baseline"]
    given = dataclasses.replace(source(document), limits=Limits(measures=2))
    plan = paper(given).page_one.plan
    assert [row.standing.symbol for row in plan.measures] == ["▼", "="]
    told = "1 moved towards the target, 1 not yet known and 1 target reached"
    assert plan.more == f"3 more measures ({told}): see the full report."
    assert plan.standing.startswith("It has 5 measures: ")
