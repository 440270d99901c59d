from __future__ import annotations

import pytest
from django.utils.safestring import SafeString, mark_safe
from hypothesis import given
from hypothesis import strategies as st

from commitments.text import (
    EXCERPT,
    Glossary,
    excerpt,
    occurring,
    plain,
    search_words,
    source_markup,
)

TERMS = [
    ("Racism", "/d/#racism"),
    ("Anti-racism", "/d/#anti-racism"),
    ("Structural racism", "/d/#structural-racism"),
    ("Health equity", "/d/?version=2&x#health-equity"),
]


def link(text: str) -> str:
    return Glossary(TERMS).link(text)


def test_term_is_linked_where_it_first_occurs() -> None:
    assert (
        link("Racism and racism") == '<a class="nhsuk-link" href="/d/#racism">Racism</a> and racism'
    )


def test_term_keeps_the_letters_it_has() -> None:
    assert ">RACISM</a>" in link("RACISM")


def test_longest_term_comes_first() -> None:
    linked = link("structural racism, then racism")
    assert 'href="/d/#structural-racism">structural racism</a>, then' in linked
    assert linked.endswith('href="/d/#racism">racism</a>')


@pytest.mark.parametrize("text", ["anti-racist", "racisms", "multiracism", "non-racism", "racist"])
def test_part_of_a_word_is_no_term(text: str) -> None:
    assert link(text) == text


def test_anti_racism_is_not_racism() -> None:
    assert link("anti-racism") == '<a class="nhsuk-link" href="/d/#anti-racism">anti-racism</a>'


def test_one_glossary_links_once_on_a_page() -> None:
    glossary = Glossary(TERMS)
    assert "<a" in glossary.link("racism here")
    assert glossary.link("racism there") == "racism there"


def test_address_is_escaped() -> None:
    assert 'href="/d/?version=2&amp;x#health-equity"' in link("health equity")


def test_text_is_escaped_before_it_is_linked() -> None:
    linked = link('<b title="racism">racism & co</b>')
    assert linked.startswith("&lt;b title=&quot;<a ")
    assert linked.endswith("racism &amp; co&lt;/b&gt;")
    assert isinstance(linked, SafeString)


def test_nothing_is_linked_inside_tags_or_links() -> None:
    markup = mark_safe('<p title="racism"><a href="#x">racism <b>racism</b></a> racism</p>')
    assert link(markup) == (
        '<p title="racism"><a href="#x">racism <b>racism</b></a> '
        '<a class="nhsuk-link" href="/d/#racism">racism</a></p>'
    )


def test_glossary_without_terms_only_escapes() -> None:
    assert Glossary([]).link("a < b racism") == "a &lt; b racism"


def test_occurring_terms_stand_as_words() -> None:
    terms = ["Racism", "Health inequalities", "Health equity"]
    assert occurring("Ethnic health inequalities and anti-racism", terms) == {"Health inequalities"}


def test_search_words_are_small_and_stand_once() -> None:
    assert search_words("  Board’s  board BOARD\tboard's ") == ["board's", "board"]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("İstanbul – “Board”", 'İstanbul - "board"'), ("ÉCOLE—x", "école-x"), ("it’s", "it's")],
)
def test_plain_text_is_as_long_as_the_text(typed: str, folded: str) -> None:
    assert plain(typed) == folded
    assert len(plain(typed)) == len(typed)


@given(st.text())
def test_plain_never_moves_a_letter(text: str) -> None:
    assert len(plain(text)) == len(text)


def test_excerpt_marks_every_word_and_escapes_the_rest() -> None:
    found = excerpt("Tom & Board's <b>board</b>", ["board's", "board"])
    assert found == ("Tom &amp; <mark>Board&#x27;s</mark> &lt;b&gt;<mark>board</mark>&lt;/b&gt;")
    assert isinstance(found, SafeString)


def test_excerpt_marks_a_longer_word_whole() -> None:
    assert excerpt("commissioning", ["commission", "commissioning"]) == "<mark>commissioning</mark>"


def test_excerpt_of_a_long_text_begins_and_ends_between_words() -> None:
    text = "before " * 80 + "needle " + "after " * 80
    found = excerpt(text.strip(), ["needle"])
    assert found.startswith("… before ")
    assert found.endswith(" after …")
    assert "<mark>needle</mark>" in found
    assert len(found) < EXCERPT + 60


def test_excerpt_without_the_words_is_the_beginning() -> None:
    assert excerpt("word " * 100, ["absent"]).startswith("word word")


def test_excerpt_of_one_endless_word_is_that_word() -> None:
    assert len(excerpt("x" * 500, ["absent"])) == 500


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("MacPherson Report (1999)", "MacPherson Report (1999)"),
        (
            "<https://www.kingsfund.org.uk/publications/x>",
            '<a class="nhsuk-link" href="https://www.kingsfund.org.uk/publications/x">'
            "www.kingsfund.org.uk</a>",
        ),
        (
            "https://www.who.int/health-topics/health-equity#tab=tab\\_1",
            '<a class="nhsuk-link" href="https://www.who.int/health-topics/health-equity#tab=tab_1">'
            "www.who.int</a>",
        ),
        ("<script>", "&lt;script&gt;"),
        ("javascript:alert(1)", "javascript:alert(1)"),
    ],
)
def test_source_note_is_tidied_on_display(source: str, shown: str) -> None:
    assert source_markup(source) == shown
