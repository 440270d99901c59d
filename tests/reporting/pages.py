"""Turns pages of real papers into small grey pictures and compares them with those kept.

    python -m tests.reporting.pages       # renews the pictures that are kept

Look at every renewed picture before it is committed: from then on it is what is right.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import django
from django.template.loader import render_to_string
from PIL import Image, ImageChops, ImageStat

from reporting import pdf
from reporting.documents import paper
from tests.reporting import snapshots
from tests.reporting.sources import source

REFERENCE = Path(__file__).parent / "reference"
BOARD_PAGES = {1: "cover", 2: "page-one", 3: "summary", 4: "heatmap", 6: "commitment", 10: "steps"}
FULL_PAGES = {5: "picture", 8: "dumbbells"}
PAGES = (*BOARD_PAGES.values(), *FULL_PAGES.values())
DOTS_AN_INCH = 45
BLOCK = 9
"""Pixels to a block. Blocks are compared, so that the edges of letters do not count."""
MOST_IN_A_BLOCK = 32
MOST_ON_AVERAGE = 1.5
"""Levels of grey, of 255. A line of text that moves by its height changes a block by 60."""


def board_paper(change: Callable[[str], str] = str) -> dict[str, Image.Image]:
    """The chosen pages of a Board paper, its page changed beforehand."""
    return pictures(_printed("board-paper", snapshots.complete(), change), BOARD_PAGES)


def full_report() -> dict[str, Image.Image]:
    """Pages that only the full report has, of a system whose communities have rated it."""
    document = snapshots.with_ratings(snapshots.complete())
    return pictures(_printed("full-report", document, str), FULL_PAGES)


def _printed(kind: str, document: dict[str, object], change: Callable[[str], str]) -> bytes:
    page = paper(source(document, kind=kind))
    body = render_to_string("reporting/parts/body.html", {"paper": page})
    html = render_to_string("reporting/print/document.html", {"paper": page, "body": body})
    return pdf.render(
        change(html),
        title=page.title,
        reference=page.reference,
        created_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        attachments=(),
    ).pdf


def pictures(data: bytes, pages: Mapping[int, str]) -> dict[str, Image.Image]:
    """These pages of a file, grey and small, by name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"
        path.write_bytes(data)
        made = {}
        for number, name in pages.items():
            only = ["-f", str(number), "-l", str(number), "-singlefile"]
            size = ["-r", str(DOTS_AN_INCH), "-gray", "-png"]
            command = ["pdftoppm", *only, *size, str(path), str(Path(folder) / name)]
            subprocess.run(command, check=True, capture_output=True, timeout=60)
            with Image.open(Path(folder) / f"{name}.png") as picture:
                made[name] = picture.convert("L")
    return made


def difference(picture: Image.Image, kept: Image.Image) -> str:
    """What is wrong with a picture beside the one kept; empty where they look alike."""
    if picture.size != kept.size:
        return f"{picture.size} pixels and not {kept.size}"
    blocks = (picture.width // BLOCK, picture.height // BLOCK)
    apart = ImageChops.difference(
        *(one.resize(blocks, Image.Resampling.BOX) for one in (picture, kept))
    )
    average, (_, most) = ImageStat.Stat(apart).mean[0], apart.getextrema()
    if most <= MOST_IN_A_BLOCK and average <= MOST_ON_AVERAGE:
        return ""
    x, y = next(
        (place % blocks[0], place // blocks[0])
        for place, value in enumerate(apart.tobytes())
        if value == most
    )
    return (
        f"differs by {average:.1f} on average and by {most} at {100 * x // blocks[0]} % from the "
        f"left, {100 * y // blocks[1]} % from the top"
    )


def main() -> None:
    """Renew the pictures."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    for name, picture in (board_paper() | full_report()).items():
        path = REFERENCE / f"{name}.png"
        picture.quantize(16).save(path, optimize=True)
        sys.stdout.write(f"{path.name}, {path.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
