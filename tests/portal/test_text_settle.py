"""What a typed text may not do to its neighbours: pile up, run off the line, turn them round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.text import MOST_JOINED, MOST_MARKS, settle

MARK, JOINER = "\u0301", "\u200d"
MARKUP = st.text(
    st.sampled_from(
        "ab <>&\n" + MARK + "\u093f\u0e31" + JOINER + "👨\u202a\u202c\u202e\u2066\u2069"
    )
)


def test_marks_piled_higher_than_a_line_are_counted():
    assert (
        settle(f"<p>a{MARK * 5000}b</p>") == f"<p>a{MARK * MOST_MARKS}[and 4,992 more marks]b</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "é ệ ḯ" + MARK * MOST_MARKS,
        "ก็ที่ผู้ใหญ่",
        "क्षत्रिय नस्लवाद",
        "בְּרֵאשִׁ֖ית",
        f"a{MARK}" * 500,
        "👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿👩🏿‍🤝‍👩🏻",
        "<p>\u202eabc\u202c \u2067x\u2069</p>",
    ],
)
def test_what_people_write_is_left_alone(text):
    assert settle(text) == text


def test_long_chain_of_joined_characters_may_break():
    settled = settle(f"<p>{('👨' + JOINER) * 50}👨</p>")
    assert settled.count("👨") == 51
    pieces = settled.split("👨👨")
    assert len(pieces) == 5
    assert all(piece.count(JOINER) < MOST_JOINED for piece in pieces)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("\u202eabc", "\u202eabc\u202c"),
        ("\u2067a\u202bb", "\u2067a\u202bb\u202c\u2069"),
        ("\u2067a\u202bb\u2069", "\u2067a\u202bb\u2069"),
        ("\u202aa\u2069\u202c", "\u202aa\u2069\u202c"),
        ("\u2069\u202ca\u2068", "\u2069\u202ca\u2068\u2069"),
    ],
)
def test_direction_is_turned_back_where_the_text_ends(text, closed):
    assert settle(f"<li>{text}</li><p>by 5 May</p>") == f"<li>{closed}</li><p>by 5 May</p>"


def test_attributes_are_left_as_they_are():
    assert settle('<td data-label="\u202ex">y</td>') == '<td data-label="\u202ex">y</td>'


@given(MARKUP)
def test_settling_twice_is_settling_once(markup):
    assert settle(settle(markup)) == settle(markup)
