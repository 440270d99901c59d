"""Turns pages of the sample report into small grey pictures and compares them with those kept.

    python -m tests.reporting.pages       # renews the pictures that are kept

Look at every renewed picture before it is committed: from then on it is what is right.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from reporting import pdf
from tests.reporting import sample

REFERENCE = Path(__file__).parent / "reference"
PAGES = {1: "cover", 2: "page-one", 3: "summary", 4: "heatmap", 6: "commitment", 10: "steps"}
DOTS_AN_INCH = 45
BLOCK = 9
"""Pixels to a block. Blocks are compared, so that the edges of letters do not count."""
MOST_IN_A_BLOCK = 32
MOST_ON_AVERAGE = 1.5
"""Levels of grey, of 255. A line of text that moves by its height changes a block by 60."""


def rendered(html: str | None = None) -> bytes:
    """The sample report, or another document in its place."""
    return pdf.render(
        html or sample.sample_report(),
        title=sample.TITLE,
        reference=sample.REFERENCE,
        created_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
        attachments=(),
    ).pdf


def pictures(data: bytes) -> dict[str, Image.Image]:
    """The chosen pages of a file, grey and small, by name."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.pdf"
        path.write_bytes(data)
        made = {}
        for number, name in PAGES.items():
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
    for name, picture in pictures(rendered()).items():
        path = REFERENCE / f"{name}.png"
        picture.quantize(16).save(path, optimize=True)
        sys.stdout.write(f"{path.name}, {path.stat().st_size // 1024} KiB\n")


if __name__ == "__main__":
    main()
