"""What a London pack says: side by side, never ranked; page, PDF, CSV and JSON alike."""

import csv
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
from reporting.documents.packs import pack_attachments, pack_paper, pack_rows
from tests import factories
from tests.reporting import packs, pdf_lint, validator

pytestmark = pytest.mark.django_db

NEL, SWL = "north-east-london", "south-west-london"


def printed(facts):
    page = pack_paper(facts)
    body = settle(render_to_string("reporting/packs/paper/body.html", {"paper": page}))
    whole = render_to_string("reporting/print/document.html", {"paper": page, "body": body})
    rendered = pdf.render(
        whole,
        title=page.title,
        reference=page.reference,
        created_at=packs.AT,
        attachments=pack_attachments(facts),
    )
    return page, body, rendered


def document(systems, cells):
    """A pack's document of one action, small enough to read: a cell for each released system."""
    return {
        "cycle": {"slug": "2026", "name": "Self-assessment 2026", "due_on": "2026-12-15"},
        "framework": {"version": "1", "name": "First", "title": "A framework.", "issued_by": "HEG"},
        "levels": [
            {"number": number, "name": name, "means": ""}
            for number, name in enumerate(factories.LEVELS)
        ],
        "drafted_on": "2026-12-07",
        "note": "",
        "systems": [system(name, name in cells) for name in systems],
        "sections": [
            {
                "code": "L", "kind": "commitment", "title": "Leadership",
                "statement_title": "", "statement": "",
                "items": [{"code": "L1", "name": "Statement", "counts": "1 of 2", "cells": cells}],
            }
        ],
    }  # fmt: skip


def system(name, is_released, **changes):
    words = {
        "version": 1, "digest": "a" * 64, "signed_off_on": "2026-11-20", "board_on": "2026-12-01",
        "released_on": "2026-12-02", "compared_with": "Self-assessment 2025",
        "shares_answers": False, "asks": [],
    }  # fmt: skip
    status = "Released" if is_released else "Signed off, Board on 6 January 2027"
    return {
        "slug": name, "name": name, "status": status,
        "released": words | changes if is_released else None,
    }  # fmt: skip


def cell(level, kind="same", how="reconfirmed", before=None, **changes):
    words = {
        "level": level, "applicable": True, "coverage": "All of the system", "evidence": {"B": 1},
        "movement": {"kind": kind, "how": how, "previous_level": before},
    }  # fmt: skip
    return words | changes


def small(cells, *systems, standing=None):
    from reporting.documents import Identity
    from reporting.documents.packs import PackFacts

    names = systems or tuple(cells)
    identity = Identity("london-pack", "2026-london-pack-v1", 1, "https://x/", "a3f0" * 16)
    return PackFacts(document(names, cells), standing or {}, identity)


# What stands where


def test_systems_stand_in_the_alphabets_order_everywhere(london_framework):
    cycle = packs.lay_out(SWL, NEL, "north-central-london")
    page = pack_paper(packs.facts_of(cycle))
    names = ("North Central London", "North East London", "South West London")
    assert tuple(row.name for row in page.statuses) == names
    assert {table.systems for table in page.overviews} == {names}
    assert {section.systems for section in page.commitments} == {names}
    assert tuple(row.name for row in page.sources) == names


def test_overview_has_every_item_and_its_row_in_counts(london_framework):
    page = pack_paper(packs.facts_of(packs.lay_out(NEL, SWL)))
    actions, considerations = page.overviews
    rows = [row for table in page.overviews for group in table.groups for row in group.rows]
    assert (actions.title, considerations.title) == (
        "The 25 actions, side by side",
        "The 13 considerations, side by side",
    )
    assert len({row.code for row in rows}) == 38
    assert all(re.match(r"\d of \d Embedded or better|\d not assessed", row.counts) for row in rows)


def test_nothing_ranks_adds_up_or_averages(london_framework):
    body = printed(packs.facts_of(packs.lay_out(*packs.SYSTEMS), packs.STANDING))[1]
    text = screen_text(body).lower()
    spoken = text.replace("nothing here ranks them, adds them up or averages them", "")
    spoken = spoken.replace("are not added up, and rank nobody", "").replace("not a score", "")
    for word in ("rank", "average", "mean of", "total", "best", "worst", "score", "%", "league"):
        assert not re.search(rf"(?<![a-z]){re.escape(word)}", spoken), word


def test_unreleased_system_shows_its_status_and_nothing_else():
    facts = small({"a": cell(3)}, "a", "b")
    page = pack_paper(facts)
    assert page.overviews[0].groups[0].rows[0].cells[1].words == "Not released"
    assert page.statuses[1].status == "Signed off, Board on 6 January 2027"
    assert (page.statuses[1].signed_off, page.statuses[1].released) == ("–", "–")
    assert page.commitments[0].systems == ("a",)
    assert page.cover.in_short[0] == (
        "Laid side by side: the released self-assessment of a. "
        "Not released: b (signed off, Board on 6 January 2027)."
    )


def test_item_that_a_released_assessment_did_not_know_is_not_in_it():
    facts = small({"a": cell(3), "b": cell(2)})
    del facts.document["sections"][0]["items"][0]["cells"]["b"]
    page = pack_paper(facts)
    assert page.overviews[0].groups[0].rows[0].cells[1].words == "Not in it"
    assert page.commitments[0].rows[0].cells[1].level.words == "Not in it"


MOVES = {
    "a": cell(3, "up", "with new evidence", 2),
    "b": cell(3, "up", "re-judged", 1),
    "c": cell(2),
    "d": cell(2, "same", ""),
    "e": cell(1, "down", "with new evidence", 2),
    "f": cell(1, "down", "re-judged", 2),
    "g": cell(1, "newly assessed", ""),
    "h": cell(None, "no longer assessed", "", 3),
    "i": cell(1, "not comparable", ""),
    "j": cell(None, "", "", applicable=False),
    "k": cell(2, "same", ""),
}


def test_section_tells_who_moved_and_how():
    section = pack_paper(small(MOVES)).commitments[0]
    told = [(f"{way.look.symbol} {way.look.words}", way.told) for way in section.moved]
    assert told == [
        ("▲ Up, with new evidence", "L1 a."),
        ("▲ Up, re-judged", "L1 b."),
        ("▼ Down, with new evidence", "L1 e."),
        ("▼ Down, re-judged", "L1 f."),
        ("+ Newly assessed", "L1 g."),
        ("– No longer assessed", "L1 h."),
        ("≠ Not comparable", "L1 i."),
    ]
    cells = section.rows[0].cells
    assert [one.change for one in cells[:3]] == [
        "▲ from Under way",
        "▲ from Committed",
        "= The same",
    ]
    assert [one.evidence for one in cells[-4:]] == ["", "B 1", "", "B 1"]
    assert cells[7].change == "– from Embedded"


def test_level_that_rests_on_nothing_says_so_and_level_0_needs_nothing():
    cells = {"a": cell(2, evidence={}), "b": cell(0, evidence={})}
    row = pack_paper(small(cells)).commitments[0].rows[0]
    assert [one.evidence for one in row.cells] == ["none", ""]


def test_first_cycle_says_that_there_is_nothing_to_compare():
    facts = small({"a": cell(3, "", "")})
    facts.document["systems"][0]["released"]["compared_with"] = ""
    section = pack_paper(facts).commitments[0]
    assert (section.moved, section.not_moved) == (
        (), "No system has an earlier cycle to compare this one with.",
    )  # fmt: skip


def test_later_cycle_without_a_movement_says_that_nothing_can_be_compared():
    section = pack_paper(small({"a": cell(None, "", "")})).commitments[0]
    assert section.not_moved == "Nothing can be compared with an earlier cycle."


def test_later_cycle_in_which_all_stayed_the_same_says_so():
    section = pack_paper(small({"a": cell(2)})).commitments[0]
    assert section.not_moved == "No level has moved since the cycle before."


def test_small_multiples_have_their_numbers_below():
    cells = {"a": cell(3), "b": cell(None), "c": cell(1, applicable=False)}
    section = pack_paper(small(cells, "a", "b", "c", "d")).commitments[0]
    rows = {name: [words for _, words in cells] for name, cells in section.profiles.rows}
    assert rows == {
        "a": [*"0001000"],
        "b": [*"0000010"],
        "c": [*"0000001"],
        "d": ["Signed off, Board on 6 January 2027"] * 7,
    }
    assert "profiles of 4 systems" in section.profiles.svg


# Learning from each other


def test_offers_are_who_moved_up_and_from_where():
    learning = pack_paper(small(MOVES)).learning
    assert learning.offers[0].systems == (
        "a: Under way to Embedded, with new evidence",
        "b: Committed to Embedded, re-judged",
    )
    assert learning.nobody == ""


def test_items_on_which_nobody_moved_on_are_named():
    learning = pack_paper(small({"a": cell(3)})).learning
    assert learning.offers == ()
    assert learning.nobody == "Nobody has moved on yet: L1."


@pytest.mark.parametrize(
    ("sharing", "told"),
    [
        ((), "No system shares its released answers with others yet."),
        (("a",), "a shares its released answers"),
        (("a", "b"), "a and b share their released answers"),
    ],
)
def test_systems_that_share_are_named(sharing, told):
    facts = small({"a": cell(3), "b": cell(3)})
    for one in facts.document["systems"]:
        one["released"]["shares_answers"] = one["name"] in sharing
    assert pack_paper(facts).learning.sharing.startswith(told)


@pytest.mark.parametrize(
    ("levels", "rule", "told"),
    [
        ([1, 0, 1, 3, 3], "3 systems or more", "Not started: b; Committed: a and c"),
        ([1, 0, 2, 3, 3], "3 systems or more", None),
        ([1, 1], "both systems that have released", "Committed: a and b"),
        ([1, 2], "both systems that have released", None),
        ([None, 1, 1], "3 systems or more", None),
        ([0], "nothing can be common yet", None),
    ],
)
def test_low_in_common_needs_three_systems_or_all(levels, rule, told):
    cells = {name: cell(level) for name, level in zip("abcde", levels, strict=False)}
    learning = pack_paper(small(cells)).learning
    assert rule in learning.low_rule
    assert [row.told for row in learning.low] == ([told] if told else [])


def test_cover_says_in_short_what_is_low_in_common():
    low = pack_paper(small({name: cell(1) for name in "abc"})).cover.in_short
    high = pack_paper(small({name: cell(3) for name in "abc"})).cover.in_short
    assert "1 of them is low in common: L1." in low
    assert "Nothing is low in common." in high
    assert "On 0 of 1 actions and considerations at least one system" in high[1]


# Boards, the check, the issue


def test_boards_asks_stand_with_their_outcomes():
    facts = small({"a": cell(3)})
    ask = {"text": "Fund it.", "wants": "Decide", "decision": "", "decided_on": None}
    agreed = {"decision": "Agreed", "decided_on": "2026-12-01", "minute_reference": "ICB/26/1"}
    noted = {"decision": "Noted", "decided_on": "2026-12-01", "minute_reference": ""}
    asks = [ask, ask | agreed, ask | noted]
    facts.document["systems"][0]["released"]["asks"] = asks
    rows = pack_paper(facts).outcomes
    assert {(row.system, row.ask) for row in rows} == {("a", "Decide: Fund it.")}
    assert [row.outcome for row in rows] == [
        "No outcome is recorded yet.",
        "Agreed on 1 December 2026, minute ICB/26/1",
        "Noted on 1 December 2026",
    ]


def test_draft_says_that_it_is_one():
    page = pack_paper(small({"a": cell(3)}))
    facts = {fact.name: fact for fact in page.cover.facts}
    assert page.title.startswith("London pack, draft: ")
    assert page.foot.endswith("draft for factual check")
    assert (facts["Issued"].words, facts["Issued"].is_recorded) == ("Not issued yet", False)
    assert page.check.comments == ()
    assert "This is a draft." in page.check.words


def test_issued_pack_prints_comments_and_replies():
    page = pack_paper(small({"a": cell(3)}, standing=packs.STANDING))
    facts = {fact.name: fact.words for fact in page.cover.facts}
    assert (
        facts["Factual check"]
        == "By the systems in it, until 14 December 2026; 2 comments answered"
    )
    assert facts["Issued"] == "16 December 2026"
    assert "version 1 from 7 December 2026 to 14 December 2026" in page.check.words
    assert "North West London found nothing to correct." in page.check.words
    assert [row.changed for row in page.check.comments] == [
        "The pack was changed.",
        "The pack was not changed.",
    ]


def test_issued_pack_without_a_comment_says_so():
    standing = packs.STANDING | {"comments": [], "agreed": []}
    words = pack_paper(small({"a": cell(3)}, standing=standing)).check.words
    assert words.endswith("Nobody asked for a correction.")


def test_another_version_says_why_on_the_cover(london_framework):
    facts = packs.facts_of(packs.lay_out(NEL), version=2, reason="Another system has released.")
    words = {fact.name: fact.words for fact in pack_paper(facts).cover.facts}
    assert words["Version"] == "2. Another system has released."


def test_asks_are_those_that_the_sign_off_froze(framework, heg):
    from assessments import services

    factories.organisation(NEL)
    cycle = factories.open_cycle(framework)
    assessment = cycle.assessments.select_related("cycle", "organisation").get()
    lead = packs.person("lead", assessment.organisation)
    services.add_ask(
        assessment=assessment, text="Fund it.", wants="decide", by=lead, at=packs.SIGNED_AT
    )
    packs.release_one("2026", NEL)
    page = pack_paper(packs.facts_of(cycle))
    assert [(row.ask, row.outcome) for row in page.outcomes] == [
        ("Decide: Fund it.", "No outcome is recorded yet."),
    ]


# Twins


@pytest.fixture(scope="module")
def five(django_db_setup, django_db_blocker):
    """Five systems and the issued pack of them, printed once."""
    from pathlib import Path

    from django.conf import settings
    from django.db import transaction

    from commitments.services import load_framework

    with django_db_blocker.unblock(), transaction.atomic():
        folder = Path(settings.BASE_DIR) / "fixtures" / "framework" / "london-1"
        load_framework(folder=folder, at=factories.AT)
        facts = packs.facts_of(packs.lay_out(*packs.SYSTEMS), packs.STANDING)
        yield (facts, *printed(facts))
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def reader(five):
    return pypdf.PdfReader(io.BytesIO(five[3].pdf))


def squeezed(text):
    """Letters and digits alone: line ends and hyphenation are the printer's."""
    return re.sub(r"\W+", "", text)


def screen_text(body):
    without_drawings = re.sub(r"<svg.*?</svg>", " ", body, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", without_drawings))


def test_pdf_prints_every_word_of_the_page(five, reader):
    on_paper = squeezed("".join(page.extract_text() for page in reader.pages))
    sentences = [s for s in re.split(r"\s{2,}|\n", screen_text(five[2])) if len(s) > 12]
    lost = [s for s in sentences if squeezed(s)[:60] not in on_paper]
    assert len(sentences) > 150
    assert lost == []


def test_attached_files_carry_what_the_page_shows(five, reader):
    facts, page = five[0], five[1]
    text = reader.attachments[f"{page.reference}.csv"][0].decode("utf-8-sig")
    rows = {(row["code"], row["system"]): row for row in csv.DictReader(io.StringIO(text))}
    content = json.loads(reader.attachments[f"{page.reference}.json"][0])
    assert len(rows) == len(content["items"]) == 38 * 5
    for table in page.overviews:
        for row in (row for group in table.groups for row in group.rows):
            for name, look in zip(table.systems, row.cells, strict=True):
                attached = rows[row.code, name]
                assert (attached["level_name"] or "Not assessed") == look.words
                assert attached["row_in_counts"] == row.counts
    assert content["items"] == [dict(row) for row in pack_rows(facts)]
    assert content["standing"] == packs.STANDING
    assert content["self_assessed"] is True


def test_unreleased_system_has_no_figures_in_the_attached_files():
    rows = list(pack_rows(small({"a": cell(3)}, "a", "b")))
    assert rows[1]["system"] == "b"
    assert rows[1]["level"] is None
    assert {rows[1][name] for name in ("level_name", "coverage", "movement", "evidence_a")} == {""}
    assert set(rows[0]) == set(rows[1])


def test_every_page_carries_reference_record_and_address(five, reader):
    page = five[1]
    for number, leaf in enumerate(reader.pages, 1):
        text = squeezed(leaf.extract_text())
        assert squeezed(page.foot) in text
        assert squeezed(page.address) in text
        assert f"Page{number}of{len(reader.pages)}" in text


def test_each_section_keeps_to_one_page(five, reader):
    texts = [leaf.extract_text() for leaf in reader.pages]
    for section in (*five[1].commitments, *five[1].enablers):
        starts = [t for t in texts if "system by system" in t and f"{section.title}\n" in t]
        assert len([t for t in starts if "Who has moved, and how" in t]) == 1
    assert not [t for t in texts if "Who has moved, and how" in t and "system by system" not in t]


def test_headings_skip_no_level_and_ids_are_unique(five):
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", five[2])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', five[2])
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', five[2])) <= set(ids)


def test_tables_have_heads_with_scope_and_equal_rows(five):
    for table in re.findall(r"<table.*?</table>", five[2], flags=re.S):
        assert "<th " in table
        assert re.findall(r"<th(?! scope=)[ >]", table) == []
        cells = {len(re.findall(r"<t[hd][ >]", row)) for row in table.split("<tr")[1:]}
        assert len(cells) == 1


def test_what_people_wrote_is_text():
    comments = [packs.STANDING["comments"][0] | {"text": "<b>&</b>", "reply": "<img src=x>"}]
    body = printed(small({"a": cell(3)}, standing=packs.STANDING | {"comments": comments}))[1]
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in body
    assert "<img" not in body


def test_own_lint_finds_nothing(five):
    assert pdf_lint.lint(five[3].pdf, five[1].reference) == []


LONG = "Structural racism shapes who is heard and who is believed. "


def test_packs_pass_pdf_ua_and_pdf_a(five, tmp_path):
    comments = [
        {"system": "a", "text": text[:2000], "reply": text[:2000], "changes_pack": True}
        for text in (LONG * 60, "x" * 2000, "العنصرية تضر بالصحة. বর্ণবাদ 种族主义 🙂 " * 40)
    ]
    longest = small({name: cell(1) for name in "abcde"}, *"abcdefgh",
                    standing=packs.STANDING | {"comments": comments})  # fmt: skip
    longest.document["note"] = (LONG * 60)[:1500]
    files = {
        "five": five[3],
        "draft": printed(small({"a": cell(None, "", "")}, "a", "b"))[2],
        "longest": printed(longest)[2],
    }
    paths = []
    for name, rendered in files.items():
        paths.append(tmp_path / f"{name}.pdf")
        paths[-1].write_bytes(rendered.pdf)
    assert validator.broken_rules(paths) == []
