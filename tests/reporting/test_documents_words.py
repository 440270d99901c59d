"""Dates, lists, counts and first sentences in words."""

import pytest

from reporting.documents import words


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("One thing. Another thing.", "One thing."),
        ("Led by Dr. Ahmed in Newham. Then more.", "Led by Dr. Ahmed in Newham."),
        ("It rose to 52.6% this year. And then.", "It rose to 52.6% this year."),
        ("They said “no.” Then they left.", "They said “no.”"),
        ("First line\nSecond line", "First line"),
        ("No end", "No end"),
        ("", ""),
    ],
)
def test_first_sentence_ends_where_a_reader_would_end_it(text, first):
    assert words.first_sentence(text, 200) == first


def test_first_sentence_is_cut_at_a_word_with_an_ellipsis():
    assert words.first_sentence("Many long words, without end", 20) == "Many long words…"


def test_text_without_spaces_is_cut_anywhere():
    assert words.shortened("x" * 50, 10) == "x" * 9 + "…"


def test_days_without_a_date_are_empty():
    assert words.day(None) == words.short_day(None) == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("This has gone down. Contracts were let without it. More.",
         "This has gone down. Contracts were let without it."),
        ("This has gone down", "This has gone down"),
        ("This has gone down\nMore.", "This has gone down"),
        (f"{'Long ' * 12}enough. More.", f"{'Long ' * 12}enough."),
        (f"Short. {'Long ' * 20}.", "Short."),
    ],
)  # fmt: skip
def test_opening_takes_the_next_sentence_where_the_first_says_little(text, told):
    assert words.opening(text, 90) == told


def test_short_day():
    assert words.short_day("2027-03-05") == "5 Mar 2027"


@pytest.mark.parametrize(
    ("given", "told"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_joined(given, told):
    assert words.joined(given) == told


def test_counted_in_the_singular_the_plural_and_none():
    assert [words.counted(n, "step") for n in (0, 1, 2)] == ["no steps", "1 step", "2 steps"]
    assert words.counted(2, "enquiry", "enquiries") == "2 enquiries"


def test_sentence_ends_once():
    assert [words.sentence(text) for text in ("", "a", "a.", "a…")] == ["", "a.", "a.", "a…"]


def test_figure_without_a_value_is_empty():
    assert words.figure(None, "%") == ""


def test_signing_late_at_night_counts_as_london_does():
    assert str(words.london_date("2026-07-01T23:30:00+00:00")) == "2026-07-02"
