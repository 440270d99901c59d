"""Files that a spreadsheet opens as text."""

import pytest

from reporting.exports import plain


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "\t=1", "＝1"])
def test_plain_disarms_what_a_spreadsheet_would_run(text):
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Words", "a=b", 3, ""])
def test_plain_leaves_other_text_alone(value):
    assert plain(value) == str(value)
