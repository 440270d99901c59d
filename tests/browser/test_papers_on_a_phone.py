"""The papers' own page fits a phone, whatever is written in it; drawings scroll in their frames."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from portal.text import settle
from reporting.documents import paper
from tests.browser.test_kitchen import sideways
from tests.reporting import snapshots
from tests.reporting.sources import source

pytestmark = pytest.mark.browser

STATIC = Path(settings.BASE_DIR) / "static"
SHEETS = ("nhsuk-frontend-10.6.1/nhsuk-frontend.min.css", "portal.css", "report.css")
PHONE = {"width": 375, "height": 800}
BETWEEN_THE_MARGINS = {"width": 718, "height": 1047}
"""Of a sheet of A4, in pixels."""
SMALLEST_LETTERS = 16
"""Pixels from the top of a letter's box to its foot."""
PAGE = (
    '<!doctype html><html lang="en-GB"><meta name="viewport" content="width=device-width">'
    '<title>Paper</title><style>{}</style><body><div class="nhsuk-width-container">'
    '<main class="nhsuk-main-wrapper"><article class="report">{}</article></main></div>'
)


@pytest.mark.parametrize("kind", ["board-paper", "full-report"])
@pytest.mark.parametrize("document", [snapshots.complete, snapshots.with_unbroken_text])
def test_paper_fits_a_phone(page, document, kind):
    show(page, document(), kind)
    assert page.locator("h2").count() > 5
    assert sideways(page) == 0


def show(page, document, kind):
    body = render_to_string(
        "reporting/parts/body.html", {"paper": paper(source(document, kind=kind))}
    )
    styles = "".join((STATIC / name).read_text() for name in SHEETS)
    page.set_viewport_size(PHONE)
    page.set_content(PAGE.format(styles, settle(body)))


def test_drawings_keep_readable_letters_on_a_phone_and_scroll_by_the_keyboard(page):
    show(page, snapshots.with_ratings(snapshots.complete()), "full-report")
    heights = page.locator("figure text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().height)"
    )
    assert min(heights) >= SMALLEST_LETTERS
    frame = page.locator(".chart-scroll").first
    frame.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("frame => frame.scrollLeft > 0", arg=frame.element_handle())


@pytest.mark.parametrize("kind", ["board-paper", "full-report"])
def test_page_of_a_paper_is_printed_whole_with_its_shades(page, kind):
    show(page, snapshots.with_ratings(snapshots.complete()), kind)
    page.emulate_media(media="print")
    page.set_viewport_size(BETWEEN_THE_MARGINS)
    assert sideways(page) == 0
    shade = page.locator("td.level-3").first
    assert shade.evaluate("cell => getComputedStyle(cell).printColorAdjust") == "exact"
