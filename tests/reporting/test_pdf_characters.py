"""Shows what becomes of characters that no font can draw."""

from pathlib import Path

import pytest

from reporting import pdf
from reporting.pdf import characters
from tests.reporting.test_pdf import page, render, words


def test_uncovered_characters_are_spelt_out_in_text_only():
    result = render(page('<p title="\U0001f9ff">a\U0001f9ffb <b>\u0378</b>c&#x1F9FF;</p>'))
    assert "a[U+1F9FF]b [U+0378]c[U+1F9FF]" in words(result)


def test_uncovered_character_in_a_drawing_is_spelt_out():
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="20">'
        "<title>T \U0001f9ff</title>"
        '<text x="1" y="12">\U0001f9ff</text></svg>'
    )
    assert "[U+1F9FF]" in words(render(page(drawing)))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Plain words, é and ệ", "Plain words, é and ệ"),
        ("العربية বাংলা 种族 한국 ✓ 🙂", "العربية বাংলা 种族 한국 ✓ 🙂"),
        ("tab\tline\n", "tab\tline\n"),
        ("\U0001f9ff", "[U+1F9FF]"),
        ("\x07", "[U+0007]"),
        ("\ud800", "[U+D800]"),
        ("\u0301", "\u0301"),
        ("1\U000e0031", "1"),
        ("a\u2028b\u2029c\x0bd\x0ce", "a\nb\nc\nd\ne"),
        ("\ue000", "[U+E000]"),
        ("a\ufff9b", "ab"),
        ("क\u200dष", "क\u200dष"),
    ],
)
def test_replace_uncovered(text, printed):
    if not pdf.cjk_available():
        printed = printed.replace("种族 한국", "[U+79CD][U+65CF] [U+D55C][U+AD6D]")
    assert pdf.replace_uncovered(text) == printed


def test_replace_uncovered_without_the_chinese_font(monkeypatch):
    monkeypatch.setattr(characters, "CJK_FONT", Path("/nowhere/else.ttc"))
    assert pdf.replace_uncovered("种 ✓") == "[U+79CD] ✓"


def test_text_in_scripts_and_styles_is_left_alone():
    html = page(
        "<p>x</p><style>/* \U0001f9ff */ p { color: red }</style><script>\U0001f9ff</script>"
    )
    assert "[U+1F9FF]" not in words(render(html))
