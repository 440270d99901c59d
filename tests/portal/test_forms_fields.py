"""The fields that every app's forms are made of: what they clean, refuse, and in which words."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from portal.forms.fields import VERSION_MISSING, OneLine, TypedText, choice_field, version_field

INVISIBLE = ["\u200b\u200d", "\u3164", "\x00"]
WORDS = {"label": "Why? (optional)", "limit": 5, "empty": "Enter why"}


def refusal(field, value):
    with pytest.raises(ValidationError) as refused:
        field.clean(value)
    return refused.value.messages


def test_typed_text_is_cleaned_and_keeps_its_lines():
    assert TypedText(**WORDS | {"limit": 9}).clean(" a\x07\r\nb\x0bc ") == "a\nb\nc"


@pytest.mark.parametrize("text", INVISIBLE)
@pytest.mark.parametrize("required", [True, False])
def test_typed_text_that_nobody_can_see_is_refused_in_its_own_words(text, required):
    assert refusal(TypedText(**WORDS, required=required), text) == ["Enter why"]


@pytest.mark.parametrize("text", ["", "  \r\n "])
def test_typed_text_may_be_left_empty_where_it_is_optional(text):
    assert TypedText(**WORDS, required=False).clean(text) == ""


def test_typed_text_counts_a_line_break_once():
    assert TypedText(**WORDS).clean("ab\r\ncd") == "ab\ncd"


@pytest.mark.parametrize(
    ("too_long", "told"),
    [
        ("", "Why? must be 5 characters or fewer"),
        (
            "The reason must be {limit} characters or fewer",
            "The reason must be 5 characters or fewer",
        ),
    ],
)
def test_typed_text_says_what_is_too_long(too_long, told):
    assert refusal(TypedText(**WORDS, too_long=too_long), "abcdef") == [told]


def test_typed_text_has_as_many_rows_as_asked_for():
    assert isinstance(TypedText(**WORDS).widget, forms.TextInput)
    assert TypedText(**WORDS, rows=4).widget.attrs["rows"] == 4


def test_one_line_makes_every_gap_one_space_before_it_counts():
    assert OneLine(label="Name", limit=3).clean(" a \r\n\t b") == "a b"


def test_one_line_is_asked_for_only_where_it_says_so():
    assert refusal(OneLine(label="Name", missing="Enter a name", limit=9), " ") == ["Enter a name"]
    assert OneLine(label="Name (optional)", limit=9).clean("") == ""


@pytest.mark.parametrize("text", INVISIBLE)
def test_one_line_that_nobody_can_see_is_refused(text):
    field = OneLine(label="Job title (optional)", limit=9)
    assert refusal(field, text) == ["Job title must include words that can be read"]


@pytest.mark.parametrize("version", [None, "", "-1", "x", "9" * 30])
def test_version_that_is_none_is_refused(version):
    assert refusal(version_field(), version) == [VERSION_MISSING]


def test_version_is_a_number():
    assert version_field().clean("3") == 3


@pytest.mark.parametrize("choice", ["", "c"])
def test_choice_of_nothing_and_of_nonsense_get_the_same_sentence(choice):
    field = choice_field("Which?", [("a", "A"), ("b", "B")], "Select one")
    assert refusal(field, choice) == ["Select one"]
    assert field.clean("b") == "b"
