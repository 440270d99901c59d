"""Asks, earlier asks, risks, community ratings, spread and what the actions lean on, in papers."""

import json
from html import unescape

import pytest
from django.template.loader import render_to_string

from reporting.documents import TIGHT, TIGHTEST, attachments, paper
from reporting.documents.asks import ask_sentence
from reporting.documents.community import disagreements, rated_sentence, ratings_log
from reporting.documents.leaning import leaning
from tests.reporting import snapshots
from tests.reporting.sources import item_of, source


def body(given):
    return unescape(render_to_string("reporting/parts/body.html", {"paper": paper(given)}))


@pytest.fixture
def asked():
    return source(snapshots.with_asks(snapshots.complete()))


@pytest.fixture
def rated():
    return source(snapshots.with_ratings(snapshots.complete()), kind="full-report")


# Asks


def test_page_one_opens_with_the_asks(asked):
    asks = paper(asked).page_one.asks
    assert [(ask.wants, ask.text[:20]) for ask in asks.asks] == [
        ("Decide", "Fund the community p"),
        ("Decide", "Set a target for pay"),
        ("Note", "Note that nobody has"),
    ]
    assert asks.nothing == ""
    assert asks.purpose == "The paper is tabled for assurance."
    page = body(asked)
    assert page.index("<strong>Decide:</strong> Fund the community panel") < page.index(
        "The assessment lead’s messages"
    )


def test_in_short_counts_what_is_asked(asked):
    assert ask_sentence(asked) == (
        "The Board is asked to decide on 2 matters and note 1. The paper is tabled for assurance."
    )
    document = snapshots.complete()
    document["asks"] = [{**snapshots.ASK, "wants": wants} for wants in ("support", "assure")]
    assert ask_sentence(source(document)).startswith(
        "The Board is asked to be assured on 1 matter and support 1."
    )


def test_page_one_says_what_became_of_earlier_asks(asked):
    earlier = paper(asked).page_one.asks.earlier
    assert [(ask.outcome, ask.words, ask.is_open) for ask in earlier] == [
        (
            "Agreed with changes on 28 January 2026, minute ICB/26/014.",
            "For two years, then to be looked at again.",
            False,
        ),
        ("Deferred on 28 January 2026.", "Until the pay audit is in.", True),
        ("No outcome is recorded.", "", True),
    ]
    page = body(asked)
    assert page.count("Still open.") == 2
    assert "What became of the previous asks, 2025 self-assessment" in page


def test_earlier_asks_of_several_cycles_name_theirs(asked):
    asked.document["previous_asks"][0]["cycle_name"] = "2024 self-assessment"
    asks = paper(asked).page_one.asks
    assert asks.earlier_cycle == ""
    assert [ask.cycle for ask in asks.earlier[:2]] == [
        "2024 self-assessment",
        "2025 self-assessment",
    ]
    assert "until March 2030 (2024 self-assessment). <strong>" in body(asked)


def test_papers_without_asks_say_so_and_documents_of_old_are_read():
    document = snapshots.complete()
    assert not {"asks", "previous_asks", "risks"} & set(document)
    page = paper(source(document))
    assert page.page_one.asks.nothing == "No asks of the Board are recorded with this paper."
    assert page.page_one.asks.nothing_earlier == "No earlier asks are recorded."
    assert page.risks.nothing == (
        "No risks are recorded with this paper. The cover sheet links it to: BAF 4."
    )
    first = paper(source(snapshots.partial()))
    assert first.page_one.asks.nothing_earlier == (
        "This is the first cycle: nothing was asked before."
    )
    shown = body(source(document))
    for line in (page.page_one.asks.nothing, page.page_one.asks.nothing_earlier):
        assert line in shown


def test_asks_are_never_shortened_and_earlier_ones_are_in_a_long_paper():
    document = snapshots.longest()
    given = source(document)
    object.__setattr__(given, "limits", TIGHT)
    asks = paper(given).page_one.asks
    assert asks.asks[0].text == document["asks"][0]["text"]
    assert asks.earlier[0].text.endswith("…")
    assert len(asks.earlier[0].words) <= TIGHT.earlier_ask
    object.__setattr__(given, "limits", TIGHTEST)
    page = paper(given).page_one
    assert page.asks.more_earlier == "4 more asks: see the full report."
    assert page.plan.more == "6 more measures (moved towards the target): see the full report."
    for line in (page.asks.more_earlier, page.plan.more):
        assert line in body(given)


# Risks


def test_risks_stand_with_their_place_in_the_assurance_framework(asked):
    risks = paper(asked).risks
    assert [(row.reference, row.response, row.owner) for row in risks.rows] == [
        ("BAF 4", "A bid for recurrent money is with the finance committee.",
         "Chief People Officer"),
        ("Not in it", "Nothing is recorded.", "Nobody"),
    ]  # fmt: skip
    page = body(asked)
    assert page.index("<h3>Risks</h3>") < page.index("Overdue at sign-off, or due by")


def test_more_risks_than_fit_are_in_the_full_report():
    document = snapshots.complete()
    document["risks"] = [snapshots.RISK] * 8
    assert paper(source(document)).risks.more == "2 more risks: see the full report."
    assert paper(source(document, kind="full-report")).risks.more == ""
    assert "2 more risks" in body(source(document))


# Community ratings


def test_largest_disagreements_come_first(rated):
    found = disagreements(rated.items, rated.names)
    assert [(one.code, one.size) for one in found] == [("L4", 2), ("E4", 1), ("C1", 1)]
    assert found[0].words == (
        "we say Under way, communities say Making a difference, 2 levels above (3 ratings, from "
        "Embedded to Making a difference)"
    )
    assert found[2].words == (
        "we say Under way, communities say Not started to Committed, 1 level below (4 ratings, "
        "from Not started to Committed, 1 could not tell)"
    )
    record = {fact.name: fact.lines for fact in paper(rated).page_one.record}
    lines = record["Largest disagreements"]
    assert lines[0].startswith("L4 Community members in Board decisions: we say Under way")
    assert len(lines) == 3


def test_more_disagreements_than_are_listed_are_counted(rated):
    board = source(rated.document)
    object.__setattr__(board, "limits", type(TIGHT)(listed=2))
    record = {fact.name: fact.lines for fact in paper(board).page_one.record}
    assert record["Largest disagreements"][-1].endswith("1 level below (4 ratings). And 1 more.")


def test_agreement_is_said(rated):
    for item in rated.items:
        if item.get("community"):
            item["community"]["summary"] = None
    record = {fact.name: fact.lines for fact in paper(rated).page_one.record}
    assert record["Largest disagreements"] == (
        "None: where there are enough ratings, they agree with the organisation.",
    )


def test_summary_says_how_far_communities_rated(rated):
    assert rated_sentence(rated) == (
        "Communities rated 5 of 25 actions: they place 2 lower than the organisation does and 1 "
        "higher."
    )
    rows = {row.code: row.community for row in paper(rated).summary.rows}
    assert rows == {
        "L": "1 of 5 rated, 1 higher",
        "W": "1 of 5 rated",
        "E": "1 of 5 rated, 1 lower",
        "A": "1 of 5 rated",
        "C": "1 of 5 rated, 1 lower",
    }
    assert '<th scope="col" class="w-12">Community</th>' in body(rated)
    assert 'class="w-12">Community</th>' not in body(source(snapshots.complete()))


def test_commitment_shows_disagreement_reply_and_dumbbells(rated):
    pages = {page.code: page for page in paper(rated).commitments}
    assert pages["C"].community == "1 of 5 rated, 1 lower by communities."
    assert pages["C"].disagreements[0].reply == "They are right about the papers."
    assert "<svg" in pages["C"].dumbbells.svg
    assert pages["C"].dumbbells.caption.startswith(
        "Communities: self-assessed levels and community ratings."
    )
    without = paper(source(snapshots.complete(), kind="full-report")).commitments[0]
    assert (without.dumbbells.svg, without.disagreements) == ("", ())
    page = body(rated)
    assert "Our reply: They are right about the papers." in page
    assert "No reply is recorded." in page


def test_board_paper_draws_the_largest_gaps_alone(rated):
    board = paper(source(rated.document))
    assert {page.dumbbells.svg for page in board.commitments} == {""}
    assert board.summary.gaps.caption.startswith("Where communities see it otherwise:")
    assert [code in board.summary.gaps.svg for code in ("L4", "E4", "C1", "W1")] == [True] * 3 + [
        False
    ]
    assert "<h3>Where communities see it otherwise</h3>" in body(source(rated.document))
    assert paper(source(snapshots.complete())).summary.gaps.svg == ""


def test_what_does_not_apply_has_no_diamond(rated):
    item_of(rated.document, "A2").update(level=None, applicable=False)
    drawn = next(page.dumbbells.svg for page in paper(rated).commitments if page.code == "A")
    assert "not applicable" in drawn


def test_items_show_what_communities_say_and_quotes_with_consent(rated):
    chapters = {chapter.page.code: chapter for chapter in paper(rated).annex.chapters}
    item = chapters["C"].items[0]
    assert item.row.community == "Not started to Committed (4 ratings)"
    assert item.community == (
        "Not started to Committed (4 ratings, from Not started to Committed, 1 could not tell)"
    )
    assert item.ratings == ("Partner 1, Not started: “We were told, not asked.”",)
    assert item.reply == "They are right about the papers."
    assert chapters["A"].items[1].row.community == "2 ratings, too few to sum up"
    assert chapters["A"].items[1].community == (
        "2 ratings, too few to sum up: Committed and Cannot tell"
    )
    assert chapters["W"].items[0].community.startswith("Under way (3 ratings, from Committed")
    assert chapters["W"].items[1].row.community == ""


def test_one_voice_is_said_to_be_all_the_same():
    document = snapshots.with_ratings(snapshots.complete())
    summary = item_of(document, "W1")["community"]["summary"]
    summary |= {"lowest": 2, "highest": 2}
    chapters = paper(source(document, kind="full-report")).annex.chapters
    page = next(one for one in chapters if one.page.code == "W")
    assert page.items[0].community == "Under way (3 ratings, all the same)"


def test_ratings_log_holds_every_rating_and_how_they_came_about(rated):
    log = ratings_log(rated)
    assert len(log.rows) == 5 + 3 + 4 + 2 + 3
    assert log.about == (
        "Ratings were open from 5 October 2026 to 6 November 2026. Seven partners were invited "
        "and paid for their time; five rated."
    )
    unsure = [row for row in log.rows if row.level.words == "Cannot tell"]
    assert [(row.code, row.words, row.rated_on) for row in unsure] == [
        ("A2", "", "20 October 2026"),
        ("C1", "", "20 October 2026"),
    ]
    page = body(rated)
    assert "Not for print" in page
    assert "paid for their time" in page


def test_unknown_lists_what_no_community_has_rated(rated):
    groups = {group.title: group.words for group in paper(rated).unknown}
    assert groups["What communities say"].startswith("20 actions have no community rating: L1, ")
    assert groups["What communities say"].endswith(
        "1 action has too few ratings to sum up: A2 Paying the London living wage."
    )
    assert groups["Not yet recognised by communities"] == (
        "Communities recognise every item that is at Making a difference."
    )
    assert "20 actions have no community rating." in paper(rated).cover.in_short[2]


def test_when_all_is_rated_nothing_is_unknown_of_communities(rated):
    for item in rated.items:
        item["community"] = item_of(rated.document, "W1")["community"]
    groups = {group.title: group.words for group in paper(rated).unknown}
    assert groups["What communities say"] == "Every action has enough community ratings."
    assert "community rating" not in paper(rated).cover.in_short[2]
    item_of(rated.document, "L1").pop("community")
    assert "1 action has no community rating" in paper(rated).cover.in_short[2]


def test_when_nothing_at_all_is_unknown_the_cover_says_so(rated):
    for item in rated.items:
        item["community"] = item_of(rated.document, "W1")["community"]
        item["level"] = 0
    assert paper(rated).cover.in_short[2] == "Every level has been looked at."


# Spread, claims, leaning


def test_spread_stands_beside_and_is_not_averaged(rated):
    chapters = {chapter.page.code: chapter for chapter in paper(rated).annex.chapters}
    assert chapters["C"].spread.endswith("none is averaged in.")
    assert chapters["L"].spread.startswith("No constituent organisation’s own assessment")
    spread = chapters["C"].items[0].spread
    assert [(row.organisation, row.level.words, row.note) for row in spread] == [
        ("A hospital trust", "Committed", "One site of four"),
        ("A borough", "Not assessed", ""),
    ]
    assert "A hospital trust" in body(rated)


def test_claimed_short_term_changes_are_listed_by_chapter():
    given = source(snapshots.complete(), kind="full-report")
    chapters = {chapter.page.code: chapter for chapter in paper(given).annex.chapters}
    assert chapters["E"].claimed == (
        "Improved experience of and access to services for ethnic minority groups. (E4)",
    )
    assert chapters["L"].claimed == ()
    assert chapters["L"].nothing_claimed == "None."


def test_considerations_say_which_actions_lean_on_a_weak_one():
    found = paper(source(snapshots.complete(), kind="full-report")).annex.leaning
    rows = {row.code: row for row in found.rows}
    assert len(rows) == 13
    assert rows["G3"].weakness == "below Under way"
    assert rows["G3"].actions == "L2, W3, A2, C4"
    assert rows["D1"].weakness == ""
    assert found.words == (
        "9 of 13 considerations are weak; 22 actions lean on them. L1, E2 and E4 claim Embedded "
        "or better all the same."
    )


def test_reasons_for_weakness_are_told_apart():
    document = snapshots.complete()
    item_of(document, "D1").update(level=None)
    item_of(document, "D2").update(level=3, evidence=[])
    for entry in item_of(document, "G2")["evidence"]:
        entry["is_stale"] = True
    item_of(document, "G3").update(level=None, applicable=False)
    rows = {
        row.code: row.weakness
        for row in paper(source(document, kind="full-report")).annex.leaning.rows
    }
    assert (rows["D1"], rows["D2"]) == ("not assessed", "rests on a statement")
    assert (rows["G2"], rows["G3"]) == ("rests on old evidence", "")


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ({}, "None of the 13 considerations is weak."),
        ({"D3": 1}, "1 of 13 considerations is weak; 2 actions lean on it. W5 claims Embedded "
         "or better all the same."),
        ({"D3": 1, "W5": 1}, "1 of 13 considerations is weak; 2 actions lean on it."),
    ],
)  # fmt: skip
def test_leaning_is_said_in_a_sentence(levels, said):
    document = snapshots.complete()
    for section in document["sections"]:
        for item in section["items"]:
            item["evidence"] = [{"strength": "A", "is_stale": False}]
            item["level"] = 3 if item["code"][0] in "DGP" or item["code"] == "W5" else 1
    for code, level in levels.items():
        item_of(document, code)["level"] = level
    assert leaning(source(document)).words == said


def test_nothing_leans_in_documents_of_old():
    document = snapshots.complete()
    for section in document["sections"]:
        for item in section["items"]:
            del item["leans_on"]
    found = paper(source(document, kind="full-report")).annex.leaning
    assert {row.actions for row in found.rows} == {"None"}


# Attachments


def test_attachments_carry_asks_risks_and_ratings(rated):
    snapshots.with_asks(rated.document)
    files = {file.name.rpartition("-v1")[2]: file.data for file in attachments(rated)}
    content = json.loads(files[".json"])
    assert [ask["text"] for ask in content["asks"]] == [a["text"] for a in rated.document["asks"]]
    assert content["previous_asks"][0]["outcome"]["minute_reference"] == "ICB/26/014"
    assert content["risks"][0]["board_assurance_reference"] == "BAF 4"
    row = next(row for row in content["items"] if row["code"] == "C1")
    assert {name: row[name] for name in row if name.startswith("community")} == {
        "community_ratings": 5,
        "community_middle": "0 to 1",
        "community_lowest": 0,
        "community_highest": 1,
        "community_gap": -1,
    }
    assert "C1" in files["-levels.csv"].decode("utf-8-sig")


def test_board_paper_names_no_evidence_so_that_peers_see_none(asked):
    """Peers read Board papers alone; what need not be shown to them stands in the full report."""
    for item in asked.items:
        for entry in item["evidence"]:
            entry |= {"title": "Canary of evidence", "url": "https://canary.example.org/"}
            entry |= {"minute_reference": "CANARY/1", "shown_to_peers": False}
    written = body(asked) + "".join(file.data.decode() for file in attachments(asked))
    assert "canary" not in written.casefold()
    full = source(asked.document, kind="full-report")
    assert "Canary of evidence" in body(full)


def test_cover_prints_its_own_title():
    given = source(snapshots.complete(), cover={"title": "Racism and health: our second year"})
    assert paper(given).title.startswith("Board paper: Racism and health: our second year, 2026")
