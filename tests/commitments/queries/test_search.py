from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from commitments.models import Definition, Framework
from commitments.queries import SearchResult, search
from commitments.services import load_framework
from tests.commitments.conftest import Folder

pytestmark = pytest.mark.postgresql


def find(framework: Framework, words: str, kind: str) -> list[SearchResult]:
    return [result for result in search(framework, words) if result.kind == kind]


@pytest.mark.parametrize(
    ("words", "kind", "title", "url"),
    [
        ("living wage", "Recommended action", "A2 Paying the London living wage", "/framework/A2/"),
        (
            "qualitative data",
            "Consideration",
            "D4 Listening to explain the numbers",
            "/framework/D4/",
        ),
        ("rebuild trust", "Commitment", "Communities", "/framework/communities/"),
        ("mutual respect", "Enabler", "Partnerships", "/framework/partnerships/"),
        (
            "social capital",
            "Short-term change",
            "Short-term change: Communities",
            "/framework/communities/#changes",
        ),
        (
            "alleviate drivers",
            "How this can have an impact",
            "How this can have an impact: Wider determinants and anchors",
            "/framework/anchors/#mechanisms",
        ),
        (
            "not yet public",
            "Level",
            "L1 Public anti-racist statement: Committed",
            "/framework/L1/#level-1",
        ),
        (
            "vaccinate",
            "Case example",
            "West London Alliance (WLA)",
            "/framework/case-examples/#A-CE2",
        ),
        ("phenotypic", "Definition", "Racism", "/framework/definitions/#racism"),
        ("proud to serve", "From the document", None, "/framework/statement/#statement"),
        (
            "localised versions",
            "From the document",
            "Theory of change",
            "/framework/theory-of-change/#theory-of-change",
        ),
        (
            "co-production interventions",
            "From the document",
            "Beyond the Data: One Year On: Co-production",
            "/framework/one-year-on/#priority",
        ),
        (
            "protected characteristic",
            "From the document",
            "Legislation: Equality Act 2010",
            "/framework/duties-and-strategies/#duty",
        ),
        (
            "the Mayor, the London Health Board",
            "From the document",
            "Related strategies: Health Inequalities Strategy (HIS)",
            "/framework/duties-and-strategies/#strategy",
        ),
        (
            "asian community representative",
            "From the document",
            "What Londoners said",
            "/framework/#quote",
        ),
    ],
)
def test_search_finds_every_kind(
    london_framework: Framework, words: str, kind: str, title: str | None, url: str
) -> None:
    found = find(london_framework, words, kind)
    assert url in [result.url for result in found]
    result = next(result for result in found if result.url == url)
    assert title is None or result.title == title
    assert "<mark>" in result.excerpt


def test_every_result_leads_to_a_page_that_has_its_anchor(
    london_framework: Framework, client: Client
) -> None:
    urls = {result.url for result in search(london_framework, "health")}
    assert len(urls) > 50
    pages: dict[str, str] = {}
    for url in urls:
        page, _, anchor = url.partition("#")
        if page not in pages:
            pages[page] = client.get(page).content.decode()
        assert not anchor or f'id="{anchor}"' in pages[page], url


def test_search_wants_all_words_whatever_their_case_and_order(
    london_framework: Framework,
) -> None:
    one = [result.url for result in search(london_framework, "WAGE living")]
    assert one == [result.url for result in search(london_framework, "living wage")]
    assert search(london_framework, "living wage xyzzy") == []


def test_search_takes_typographic_quotes_for_plain_ones(london_framework: Framework) -> None:
    plain = {result.url for result in search(london_framework, "london's")}
    assert plain
    assert plain == {result.url for result in search(london_framework, "London’s")}


def test_search_finds_an_item_by_its_code_first(london_framework: Framework) -> None:
    assert search(london_framework, "w3")[0].title.startswith("W3 ")


@pytest.mark.parametrize("words", ["", "   ", "%_", "'; drop table", "\\"])
def test_search_for_nothing_or_signs_finds_nothing(london_framework: Framework, words: str) -> None:
    assert search(london_framework, words) == []


def test_search_leaves_out_words_beyond_ten(london_framework: Framework) -> None:
    assert search(london_framework, "a b c d e f g h i l xyzzy")


def test_excerpt_is_quoted_before_it_is_ours(london_framework: Framework) -> None:
    result = find(london_framework, "london living wage", "Recommended action")[0]
    assert not result.is_ours
    assert "contracted organisations" in result.excerpt
    result = find(london_framework, "porters", "Recommended action")[0]
    assert result.is_ours
    assert "<mark>porters</mark>" in result.excerpt


def test_executive_summary_wording_is_searched(london_framework: Framework) -> None:
    found = find(london_framework, "Workforce Commitment: to support", "Commitment")
    assert [result.title for result in found] == ["Workforce"]


def test_excerpt_is_escaped(london_framework: Framework) -> None:
    Definition.objects.filter(slug="racism").update(text="<script>alert('needle')</script>")
    result = find(london_framework, "needle", "Definition")[0]
    assert "<script" not in result.excerpt
    assert "&lt;script&gt;" in result.excerpt


def test_search_stays_within_its_version(
    london_framework: Framework, second: Folder, at: dt.datetime, django_assert_num_queries: Any
) -> None:
    other = load_framework(folder=second.path, at=at)
    Definition.objects.filter(framework=other, slug="racism").update(text="Only in the second")
    assert search(london_framework, "only in the second") == []
    result = search(other, "only in the second")[0]
    assert result.url == "/framework/definitions/?version=london-2#racism"
    with django_assert_num_queries(3):
        search(london_framework, "the")
