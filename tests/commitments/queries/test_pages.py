from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from commitments import queries
from commitments.models import Framework, Item, Section
from commitments.services import load_framework
from tests.commitments.conftest import Folder


def test_find_framework_gives_the_current_or_the_named(
    london_framework: Framework, second: Folder, at: dt.datetime
) -> None:
    other = load_framework(folder=second.path, at=at)
    assert queries.find_framework() == london_framework
    assert queries.find_framework("london-2") == other
    assert queries.versions() == [london_framework, other]
    with pytest.raises(Framework.DoesNotExist):
        queries.find_framework("london-3")


def test_overview_parts_commitments_from_enablers(london_framework: Framework) -> None:
    page = queries.overview(london_framework)
    assert [section.code for section in page.commitments] == ["L", "W", "E", "A", "C"]
    assert [section.code for section in page.enablers] == ["D", "G", "P"]
    assert len(page.passages["vision"]) == 2


def test_passages_of_a_kind_without_any_are_an_empty_list(framework: Framework) -> None:
    assert queries.passages(framework, "vision", "quote") == {"vision": [], "quote": []}


def test_section_page_has_its_neighbours(london_framework: Framework) -> None:
    first = queries.section_page(london_framework, "leadership")
    assert first.previous is None
    assert first.next.code == "W"
    assert [item.code for item in first.items] == ["L1", "L2", "L3", "L4", "L5"]
    last = queries.section_page(london_framework, "partnerships")
    assert (last.previous.code, last.next) == ("G", None)


def test_section_page_has_case_examples_printed_elsewhere(london_framework: Framework) -> None:
    page = queries.section_page(london_framework, "communities")
    assert [example.code for example in page.examples] == ["E-CE2", "C-CE1", "C-CE2"]


def test_unknown_section_is_none(london_framework: Framework) -> None:
    with pytest.raises(Section.DoesNotExist):
        queries.section_page(london_framework, "treasury")


def test_item_page_has_everything_about_the_item(london_framework: Framework) -> None:
    page = queries.item_page(london_framework, "L5")
    assert [(level.number, level.name) for level in page.levels][::4] == [
        (0, "Not started"),
        (4, "Making a difference"),
    ]
    assert (page.previous.code, page.next.code) == ("L4", "W1")
    assert len(page.mechanisms) == 4
    assert len(page.examples) == 4
    assert [change.code for change in page.changes] == ["L-S1", "L-S2", "L-S3"]
    assert [row.code for row in page.definitions] == ["anti-racism", "health-inequalities"]
    assert page.statement == []


def test_changes_of_several_commitments_stand_in_chapter_order(
    london_framework: Framework,
) -> None:
    page = queries.item_page(london_framework, "G1")
    assert [change.code for change in page.changes] == ["L-S4", "C-S2"]


def test_only_l1_carries_the_statement(london_framework: Framework) -> None:
    page = queries.item_page(london_framework, "L1")
    assert len(page.statement) == 3
    assert page.previous is None
    assert queries.item_page(london_framework, "P3").next is None


def test_unknown_item_is_none(london_framework: Framework) -> None:
    with pytest.raises(Item.DoesNotExist):
        queries.item_page(london_framework, "L6")


def test_terms_lead_to_the_definitions_of_their_version(
    london_framework: Framework, second: Folder, at: dt.datetime
) -> None:
    other = load_framework(folder=second.path, at=at)
    term = ("Racism", "/framework/definitions/#racism")
    assert term in queries.defined_terms(london_framework)
    term = ("Racism", "/framework/definitions/?version=london-2#racism")
    assert term in queries.item_page(other, "L1").terms


def test_case_examples_name_their_commitments(
    london_framework: Framework, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        examples = queries.case_examples(london_framework)
        names = {row.code: [s.code for s in row.sections.all()] for row in examples}
    assert names["E-CE2"] == ["W", "E", "A", "C"]
    assert list(names)[:2] == ["L-CE1", "L-CE2"]


def test_levels_run_upwards(london_framework: Framework) -> None:
    assert [level.number for level in queries.levels(london_framework)] == [0, 1, 2, 3, 4]
