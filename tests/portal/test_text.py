"""The one gate for typed text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import clean_text, count_words, has_visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\vfour\ffive", "one\ntwo\nthree\nfour\nfive"),
        ("a\u2028b\u2029c", "a\nb\nc"),
        ("  outer  ", "outer"),
        ("a\x00b\x1bc\x7fd\x85e", "abcde"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufdd0b\uffffc\U0001fffed", "abcd"),
        ("e\u0301", "\u00e9"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\u200fمرحبا", "\u200fمرحبا"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("ক্\u200dষ", "ক্\u200dষ"),
    ],
)
def test_clean_text_keeps_what_a_page_can_show(typed, kept):
    assert clean_text(typed) == kept


@given(st.text())
def test_clean_text_is_settled_normal_and_free_of_controls(text):
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\t\n" for c in clean)
    clean.encode()


@pytest.mark.parametrize(
    "text", ["", " \n\t", "\u200b\u200d\ufeff", "\u3164\u2800", "\u034f\ufe0f"]
)
def test_has_visible_finds_nothing_in_blanks(text):
    assert not has_visible(text)


@pytest.mark.parametrize("text", ["a", "\u200bא", "👍", "—"])
def test_has_visible_finds_what_can_be_seen(text):
    assert has_visible(text)


def test_count_words_counts_runs_between_white_space():
    assert count_words("") == 0
    assert count_words("  one  two\nthree-four\t5 ") == 4
