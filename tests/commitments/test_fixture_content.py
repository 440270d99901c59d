"""The framework in the database, held word for word against its untouched source."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from commitments.models import (
    CaseExample,
    Definition,
    Descriptor,
    Framework,
    Item,
    Mechanism,
    Passage,
    Section,
    ShortTermChange,
)
from tests.commitments.conftest import FOLDER, SOURCE

KINDS = {
    "identical": "none",
    "punctuation only": "punctuation",
    "article only": "article",
    "substantive": "substance",
}


def passages(kind: str, *fields: str) -> list[Any]:
    rows = Passage.objects.filter(kind=kind).order_by("order")
    return list(rows.values_list(*fields, flat=len(fields) == 1))


def test_fixture_says_what_the_source_says(source: Any) -> None:
    """Nothing in the source is changed or missing in the fixture; the fixture may say more."""
    fixture = json.loads((FOLDER / "framework.json").read_text(encoding="utf-8"))
    ours = {"source", "meta", "counts"}
    renamed = {"commitment", "url_in_seed"}

    def compare(here: Any, there: Any, path: str) -> None:
        if isinstance(there, dict):
            for key, value in there.items():
                if key not in renamed:
                    compare(here[key], value, f"{path}.{key}")
        elif isinstance(there, list):
            assert len(here) == len(there), path
            for number, value in enumerate(there):
                compare(here[number], value, f"{path}.{number}")
        else:
            assert here == there, path

    compare(fixture, {key: value for key, value in source.items() if key not in ours}, "")
    assert fixture["counts"] == source["counts"]
    assert fixture["source"]["title"] == source["source"]["title"]


def test_framework_is_named_after_its_source(london_framework: Framework, source: Any) -> None:
    assert london_framework.title == source["source"]["title"]
    assert london_framework.issued_by == source["source"]["issuing_group"]
    assert "Licence: Not stated in the document." in london_framework.source_note
    assert london_framework.is_current


def test_sections_stand_in_chapter_order(london_framework: Framework) -> None:
    codes = london_framework.sections.order_by("order").values_list("code", flat=True)
    assert "".join(codes) == "LWEACDGP"


def test_commitments_say_what_the_source_says(london_framework: Framework, source: Any) -> None:
    stored = {row.code: row for row in Section.objects.filter(kind="commitment")}
    assert len(stored) == source["counts"]["commitments"] == 5
    for text in source["commitments"]:
        row = stored[text["code"]]
        assert (row.slug, row.order, row.title) == (text["slug"], text["order"], text["title"])
        assert (row.statement_title, row.statement) == (text["statement_title"], text["statement"])


def test_other_statements_are_those_with_other_words(
    london_framework: Framework, source: Any
) -> None:
    for text in source["commitments"]:
        wanted = []
        for key, where in (("framework_list", "list"), ("summary", "summary")):
            title, words = text[f"statement_title_{key}"], text[f"statement_{key}"]
            chapter = (text["statement_title"], text["statement"].rstrip("."))
            if (title, words.rstrip(".")) != chapter:
                wanted.append((where, title, words))
        stored = Section.objects.get(code=text["code"]).other_statements
        assert len(stored) == len(wanted)
        for other, (where, title, words) in zip(stored, wanted, strict=True):
            assert where in other["where"].lower()
            assert (other["title"], other["text"]) == (title, words)
    assert len(Section.objects.get(code="W").other_statements) == 2
    assert Section.objects.get(code="A").other_statements == []


def test_actions_carry_the_chapter_wording(london_framework: Framework, source: Any) -> None:
    assert Item.objects.actions().count() == source["counts"]["actions"] == 25
    for text in source["commitments"]:
        for action in text["actions"]:
            row = Item.objects.get(code=action["code"])
            assert row.section.code == text["code"]
            assert row.order == action["order"]
            assert row.wording == action["text_full"]
            assert row.shown_wording == row.wording
            assert row.summary_wording == (action["text_summary"] if action["differs"] else "")
            assert row.difference == KINDS[action["difference_kind"]]


def test_nine_actions_differ_and_six_in_substance(london_framework: Framework, source: Any) -> None:
    differing = Item.objects.exclude(difference="none")
    assert differing.count() == source["counts"]["actions_differing"] == 9
    in_substance = differing.filter(difference="substance").in_order()
    assert [item.code for item in in_substance] == ["L4", "W3", "E2", "A1", "A2", "C2"]
    assert differing.filter(difference="punctuation").count() == 2
    assert differing.filter(difference="article").count() == 1


def test_enablers_and_considerations(london_framework: Framework, source: Any) -> None:
    assert Section.objects.filter(kind="enabler").count() == source["counts"]["enablers"] == 3
    assert Item.objects.considerations().count() == 13
    for text in source["enablers"]:
        section = Section.objects.get(code=text["code"])
        assert section.introduction == text["text"]
        stored = section.items.order_by("order").values_list("code", "wording")
        assert list(stored) == [(row["code"], row["text"]) for row in text["considerations"]]


def test_considerations_are_shown_without_list_punctuation(london_framework: Framework) -> None:
    for item in Item.objects.considerations():
        assert not re.search(r"(,|;|, and)$", item.shown_wording)
        assert item.wording.startswith(item.shown_wording)
    assert Item.objects.get(code="D4").shown_wording.endswith("the why and the how")


@pytest.mark.parametrize(
    ("model", "key", "total"),
    [(Mechanism, "mechanisms", 18), (ShortTermChange, "short_term_changes", 20)],
)
def test_texts_of_commitments(
    london_framework: Framework, source: Any, model: Any, key: str, total: int
) -> None:
    assert model.objects.count() == source["counts"][f"{key}_total"] == total
    for text in source["commitments"]:
        rows = model.objects.filter(section__code=text["code"]).order_by("order")
        wanted = [(row["code"], row["text"]) for row in text[key]]
        assert list(rows.values_list("code", "text")) == wanted


def test_case_examples(london_framework: Framework, source: Any) -> None:
    assert CaseExample.objects.count() == source["counts"]["case_examples_total"] == 13
    wanted = [
        (text["code"], row["code"], row["title"], row["body"], row["link"]["text"])
        for text in source["commitments"]
        for row in text["case_examples"]
    ]
    rows = CaseExample.objects.order_by("order")
    fields = ("printed_in__code", "code", "title", "body", "link_text")
    assert list(rows.values_list(*fields)) == wanted
    assert [row.link_url for row in rows if row.link_url] == ["https://slam.nhs.uk"]


def test_trid_belongs_to_the_four_commitments_it_names(london_framework: Framework) -> None:
    trid = CaseExample.objects.get(title__contains="TRID")
    assert trid.printed_in.code == "E"
    assert set(trid.sections.values_list("code", flat=True)) == {"W", "E", "A", "C"}
    assert "workforce, health equity programmes, wider determinants, and communities" in trid.body
    others = CaseExample.objects.exclude(pk=trid.pk)
    assert all(row.sections.get() == row.printed_in for row in others)


def test_definitions(london_framework: Framework, source: Any) -> None:
    assert Definition.objects.count() == source["counts"]["definitions"] == 7
    wanted = [(r["slug"], r["term"], r["text"], r["source_note"]) for r in source["definitions"]]
    rows = Definition.objects.order_by("order").values_list("slug", "term", "text", "source")
    assert list(rows) == wanted


def test_titled_passages(london_framework: Framework, source: Any) -> None:
    for kind, key, count in (
        ("priority", "priority_actions", 7),
        ("duty", "duties", 2),
        ("strategy", "related_strategies", 5),
    ):
        wanted = [(row["code"], row["title"], row["text"]) for row in source[key]]
        assert passages(kind, "code", "title", "text") == wanted
        assert len(wanted) == count
    scopes = [row["scope"] for row in source["related_strategies"]]
    assert passages("strategy", "attribution") == scopes


def test_other_passages(london_framework: Framework, source: Any) -> None:
    assert passages("purpose", "text") == [source["purpose"]]
    assert passages("starting_point", "text") == [source["starting_point"]]
    assert passages("vision", "text") == source["vision"]
    assert passages("statement", "text") == source["icb_statement"]
    wanted = [(row["text"], row["attribution"]) for row in source["quotes"]]
    assert passages("quote", "text", "attribution") == wanted
    assert len(passages("why", "text")) == 4
    assert passages("why", "text")[-1] == source["starting_point"]
    assert passages("unheard", "text")[0].startswith("Some communities are silenced")


def test_theory_of_change_is_the_chapter_of_the_document(london_framework: Framework) -> None:
    chapter = (SOURCE / "theory_of_change.txt").read_text(encoding="utf-8")
    blocks = [block.strip() for block in chapter.split("\n\n") if block.strip()]
    heading, *paragraphs = blocks
    assert heading == "## Theory of change"
    stored = Passage.objects.filter(kind="theory_of_change").order_by("order")
    texts = [row.text for row in stored if not row.code]
    captions = [f"**{row.title}.** {row.text}" for row in stored if row.code == "figure"]
    assert texts == paragraphs[:4]
    assert captions[0] == paragraphs[4]
    assert stored.last().title == "Fig. 6"


def test_every_item_has_five_descriptors_and_changes_to_look_for(
    london_framework: Framework,
) -> None:
    assert Descriptor.objects.count() == 190
    for item in Item.objects.prefetch_related("descriptors__level", "short_term_changes"):
        assert sorted(row.level.number for row in item.descriptors.all()) == [0, 1, 2, 3, 4]
        assert item.short_term_changes.all()
        assert item.look_for.startswith("What to look for: ")
    used = ShortTermChange.objects.filter(items__isnull=False).distinct()
    assert used.count() == 20
