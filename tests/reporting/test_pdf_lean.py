"""Shows that printing in Chinese, Japanese and Korean does not cost the memory of their fonts."""

import subprocess
import sys

import pytest
from fontTools.ttLib import TTFont

from reporting import pdf
from reporting.pdf import characters, lean
from reporting.pdf.places import CJK_FONT, ROOT

MOST_MEBIBYTES = 140
# Not getrusage, whose peak begins with that of the process that started this one.
PEAK = """
import datetime, pathlib
from reporting import pdf
from tests.reporting import sample
at = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
pdf.warm()
pages = pdf.render(
    sample.sample_report(), title="T", reference="R", created_at=at, attachments=()
).pages
status = pathlib.Path("/proc/self/status").read_text()
print(pages, int(status.partition("VmHWM:")[2].split()[0]) // 1024)
"""
needs_cjk = pytest.mark.skipif(not pdf.cjk_available(), reason="fonts-noto-cjk is not installed")


@needs_cjk
def test_worker_keeps_to_its_memory_with_every_script():
    done = subprocess.run(
        [sys.executable, "-c", PEAK],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    pages, peak = map(int, done.stdout.split())
    assert pages >= 14
    assert peak <= MOST_MEBIBYTES


@needs_cjk
def test_large_font_draws_what_its_own_best_table_lists():
    with TTFont(CJK_FONT, fontNumber=0, lazy=True) as font:
        listed = frozenset(font.getBestCmap())
    assert characters._large_font_points(CJK_FONT) == listed - characters.UNDRAWABLE
    characters._large_font_points.cache_clear()


def test_font_content_is_read_when_asked_and_then_kept(monkeypatch):
    pdf.warm()
    from weasyprint.text import fonts

    asked = []
    monkeypatch.setattr(fonts, "get_hb_object_data", lambda *a: asked.append(a) or b"OTTO")

    class Font:
        file_content = lean._WhenAsked()

    font = Font()
    font.file_content = lean._Content("face")
    assert asked == []
    assert (font.file_content, font.file_content) == (b"OTTO", b"OTTO")
    assert asked == [("face", None, None)]
    font.file_content = b"subset"
    assert font.file_content == b"subset"
    assert lean._Content("face", "png", 7)
    assert asked[1:] == [("face", "png", 7)]


def test_fonts_of_the_engine_are_read_late():
    pdf.warm()
    from weasyprint.pdf import fonts

    assert fonts.get_hb_object_data is lean._Content
    assert isinstance(fonts.Font.__dict__["file_content"], lean._WhenAsked)
