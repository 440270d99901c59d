"""Printed pages look as they did when somebody last looked at them."""

import pytest
from PIL import Image, ImageChops

from tests.reporting.pages import PAGES, REFERENCE, board_paper, difference, full_report

MOST_BYTES = 40_000


@pytest.fixture(scope="module")
def printed():
    return board_paper() | full_report()


def kept(name):
    with Image.open(REFERENCE / f"{name}.png") as picture:
        return picture.convert("L")


@pytest.mark.parametrize("name", PAGES)
def test_page_looks_as_it_did(printed, name):
    assert difference(printed[name], kept(name)) == ""


def test_pictures_kept_are_small_and_no_others():
    assert {path.stem for path in REFERENCE.glob("*.png")} == set(PAGES)
    assert all(path.stat().st_size < MOST_BYTES for path in REFERENCE.glob("*.png"))


BROKEN = {
    "tables without their widths": ('class="w-', 'class="x-', "summary"),
    "rows that lost their shading": ("cell level", "level", "heatmap"),
    "a cover without its title": ("<h1>", "<p>", "cover"),
    "a box that became plain text": ('class="callout callout-ask"', "", "page-one"),
    "a page that breaks elsewhere": (
        '<section class="chapter" id="steps">',
        '<section id="steps">',
        "steps",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_layout_is_seen(fault):
    right, wrong, name = BROKEN[fault]

    def change(html):
        assert right in html
        return html.replace(right, wrong)

    assert difference(board_paper(change)[name], kept(name))


@pytest.mark.parametrize("name", PAGES)
def test_edges_of_letters_do_not_count(printed, name):
    """What another version of the drawing library does: every edge a little softer, and shifted."""
    picture = printed[name]
    softer = picture.resize((picture.width * 2, picture.height * 2)).resize(picture.size)
    shifted = ImageChops.offset(picture, 1, 0)
    assert difference(Image.blend(softer, shifted, 0.4), kept(name)) == ""


def test_page_of_another_size_is_seen(printed):
    assert "pixels and not" in difference(printed["cover"].crop((0, 0, 90, 90)), kept("cover"))
