"""Where the files lie that decide how a report looks."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FONTS = ROOT / "static" / "fonts"
STYLESHEET = ROOT / "static" / "print.css"
DRAFT_STYLESHEET = ROOT / "static" / "print-draft.css"
CJK_FOLDER = Path("/usr/share/fonts/opentype/noto")
CJK_FONT = CJK_FOLDER / "NotoSansCJK-Regular.ttc"
CJK_FILES = (CJK_FOLDER / "NotoSansCJK-Bold.ttc", CJK_FONT)
"""Debian's fonts-noto-cjk, where it is installed."""
