from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils.html import strip_tags

from commitments.models import Framework, Item
from commitments.services import load_framework, make_current
from tests.commitments.conftest import Folder

PAGES = [
    "",
    "leadership/",
    "data/",
    "L1/",
    "E1/",
    "P3/",
    "levels/",
    "case-examples/",
    "definitions/",
    "statement/",
    "theory-of-change/",
    "one-year-on/",
    "duties-and-strategies/",
    "search/",
    "search/?q=the",
    "search/?q=xyzzy",
]


def html(client: Client, page: str = "") -> str:
    response = client.get(f"/framework/{page}")
    assert response.status_code == 200
    return response.content.decode()


def words(client: Client, page: str = "") -> str:
    """What a reader reads, in one line."""
    main = html(client, page).split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", unescape(strip_tags("<" + main)))


@pytest.mark.parametrize("path", PAGES)
def test_page_is_public_and_asks_little_of_the_database(
    london_framework: Framework, client: Client, path: str, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        drawn = html(client, path)
    assert drawn.count("<h1") == 1
    title = re.search(r"<title>(.*?) – ", drawn, re.DOTALL)
    assert title
    assert title.group(1).strip()


@pytest.mark.parametrize("path", ["", "leadership/", "L1/", "search/?q=the"])
def test_page_is_the_same_for_someone_signed_in(
    london_framework: Framework,
    client: Client,
    lead: Any,
    path: str,
    django_assert_max_num_queries: Any,
) -> None:
    client.force_login(lead)
    html(client, path)  # the first request of a session also stores when it was made
    with django_assert_max_num_queries(12):
        assert lead.email in html(client, path)


def test_every_section_and_item_has_a_page(london_framework: Framework, client: Client) -> None:
    for section in london_framework.sections.all():
        assert section.title in html(client, f"{section.slug}/")
    for item in Item.objects.all():
        page = words(client, f"{item.code}/")
        assert item.shown_wording in page
        assert item.plain in page
        for descriptor in item.descriptors.all():
            assert descriptor.means in page
            assert descriptor.evidence in page


def test_overview_leads_everywhere(london_framework: Framework, client: Client) -> None:
    drawn = html(client)
    for section in london_framework.sections.all():
        assert f'href="{section.get_absolute_url()}"' in drawn
    for page in PAGES[6:13]:
        assert f'href="/framework/{page}"' in drawn
    read = words(client)
    for name in ("vision", "purpose", "starting_point", "why", "unheard", "quote"):
        for passage in london_framework.passages.filter(kind=name):
            assert passage.text in read


def test_official_wording_carries_no_links(london_framework: Framework, client: Client) -> None:
    for page in ("leadership/", "L5/", "E1/", "definitions/", "theory-of-change/"):
        quotes = re.findall(r"<blockquote>.*?</blockquote>", html(client, page), re.DOTALL)
        assert quotes
        assert not [quote for quote in quotes if "<a " in quote]


def test_terms_are_linked_in_our_own_texts_once(
    london_framework: Framework, client: Client
) -> None:
    page = html(client, "L1/")
    assert page.count('href="/framework/definitions/#racism"') == 1
    assert "Written for this portal; not part of the framework." in page


def test_summary_wording_is_shown_where_it_differs_in_substance(
    london_framework: Framework, client: Client
) -> None:
    for item in Item.objects.filter(difference="substance"):
        page = words(client, f"{item.code}/")
        assert item.summary_wording in page
        assert "The executive summary says it otherwise." in page


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("C1", "The executive summary has the same words with other punctuation."),
        ("C5", "The executive summary has the same words with other punctuation."),
        ("E1", "The executive summary has the same words but for an article"),
    ],
)
def test_smaller_differences_are_one_line(
    london_framework: Framework, client: Client, code: str, line: str
) -> None:
    page = words(client, f"{code}/")
    assert line in page
    assert Item.objects.get(code=code).summary_wording not in page


def test_item_with_one_wording_says_nothing_of_the_summary(
    london_framework: Framework, client: Client
) -> None:
    assert "executive summary" not in words(client, "L2/").lower()


def test_l1_shows_promises_already_made(london_framework: Framework, client: Client) -> None:
    page = words(client, "L1/")
    assert "Promises already made" in page
    assert "We are deeply proud to serve" in page
    assert "Promises already made" not in words(client, "L2/")


def test_enabler_says_what_the_framework_does_not_name(
    london_framework: Framework, client: Client
) -> None:
    assert "names no mechanisms" in words(client, "governance/")
    assert "names no mechanisms" not in words(client, "workforce/")


def test_case_example_says_where_it_belongs_and_leads(
    london_framework: Framework, client: Client
) -> None:
    page = words(client, "case-examples/")
    names = "Workforce, Health Equity focused programmes and service delivery, Wider determinants"
    assert f"Commitments: {names}" in page
    assert "without an address" in page
    assert 'href="https://slam.nhs.uk"' in html(client, "case-examples/")


def test_definitions_show_their_sources_tidily(london_framework: Framework, client: Client) -> None:
    drawn, page = html(client, "definitions/"), words(client, "definitions/")
    assert 'href="https://www.who.int/health-topics/health-equity#tab=tab_1"' in drawn
    assert "ibid (the source of the definition before)" in page
    assert "<https" not in page


def test_search_marks_what_it_found(london_framework: Framework, client: Client) -> None:
    assert "<mark>living</mark> <mark>wage</mark>" in html(client, "search/?q=living+wage")
    assert "written for this portal:" in words(client, "search/?q=porters")


def test_search_shows_no_more_than_fifty(london_framework: Framework, client: Client) -> None:
    page = words(client, "search/?q=the")
    assert "These are the first 50." in page
    assert html(client, "search/?q=the").count("<li>\n        <p") == 50
    assert "These are the first" not in words(client, "search/?q=phenotypic")
    assert "1 result for “phenotypic”" in words(client, "search/?q=phenotypic")


def test_search_says_when_nothing_is_found(london_framework: Framework, client: Client) -> None:
    assert "Nothing found for “xyzzy”" in words(client, "search/?q=xyzzy")


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", '"><img src=x>', "{{ 7 }}"])
def test_search_escapes_what_was_typed(
    london_framework: Framework, client: Client, typed: str
) -> None:
    response = client.get("/framework/search/", {"q": typed})
    drawn = response.content.decode()
    assert typed == response.context["words"]
    assert "<script>alert" not in drawn
    assert "<img" not in drawn


@pytest.mark.parametrize("typed", ["\x00", "a" * 10_000, "\ud800x"])
def test_search_bears_anything(london_framework: Framework, client: Client, typed: str) -> None:
    query = typed.encode("utf-8", "replace").decode()
    response = client.get("/framework/search/", {"q": query})
    assert response.status_code == 200
    assert len(response.context["words"]) <= 100


@pytest.mark.parametrize("path", ["treasury/", "Z9/", "L6/", "l1/", "L123/", "?version=none"])
def test_unknown_page_is_not_found(london_framework: Framework, client: Client, path: str) -> None:
    assert client.get(f"/framework/{path}").status_code == 404


def test_version_of_invisible_letters_is_the_current_one(
    london_framework: Framework, client: Client
) -> None:
    assert "You are reading" not in words(client, "L1/?version=%00")


def test_nothing_is_there_before_a_framework_is_loaded(db: None, client: Client) -> None:
    assert client.get("/framework/").status_code == 404


def test_pages_only_read(london_framework: Framework, client: Client) -> None:
    assert client.post("/framework/L1/").status_code == 405


def test_other_version_is_shown_with_links_that_stay_in_it(
    london_framework: Framework, second: Folder, at: dt.datetime, client: Client
) -> None:
    load_framework(folder=second.path, at=at)
    assert "Second version" in words(client)
    for page in ("", "L1/", "workforce/", "case-examples/", "search/?q=living&"):
        query = "version=london-2" if page.endswith("&") else "?version=london-2"
        drawn = html(client, page + query)
        assert "You are reading Second version." in drawn
        main = drawn.split("<main", 1)[1].split("</main>")[0]
        links = re.findall(r'href="(/framework/[^"]+)"', main)
        assert all("version=london-2" in link for link in links)
    assert 'name="version" value="london-2"' in html(client, "search/?version=london-2")


def test_version_made_current_needs_no_name(
    london_framework: Framework, second: Folder, at: dt.datetime, client: Client
) -> None:
    version = load_framework(folder=second.path, at=at)
    make_current(framework=version, by=None, at=at)
    assert "You are reading" not in words(client, "L1/")
    assert "You are reading London strategic framework" in words(client, "L1/?version=london-1")
    assert "Second version (this one), in use now" in words(client)
