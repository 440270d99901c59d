"""Shows that the PDF lint finds each fault it is there for."""

from datetime import UTC, datetime

import pytest

from reporting import pdf
from tests.reporting import sample
from tests.reporting.pdf_lint import lint

FAULTS = {
    "a link without words": '<h1>One</h1><p>See <a href="https://www.example.org/"></a> here</p>',
    "a table without header cells": "<h1>One</h1><table><tr><td>1</td></tr></table>",
    "a figure without text": '<h1>One</h1><p><svg xmlns="http://www.w3.org/2000/svg" width="9" '
    'height="9"><rect width="9" height="9"/></svg></p>',
    "the first heading is not a level 1": "<h2>Two</h2><p>Words</p>",
    "a heading of level 3 follows one of level 1": "<h1>One</h1><h3>Three</h3><p>Words</p>",
    "an empty heading": "<h1>One</h1><h2></h2><p>Words</p>",
    "no bookmarks": "<p>Words</p>",
    "a link says only click here": '<h1>One</h1><p><a href="https://x.org/">Click here.</a></p>',
    "a link says only here": '<h1>One</h1><p>It is <a href="https://x.org/"><b>here</b></a>.</p>',
    "a link is a bare address: https://x.org/a?b": (
        '<h1>One</h1><p><a href="https://x.org/a?b">https://x.org/a?b</a></p>'
    ),
}


def render(html: str, title: str = sample.TITLE) -> bytes:
    return pdf.render(
        html,
        title=title,
        reference=sample.REFERENCE,
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
        attachments=(),
    ).pdf


@pytest.mark.parametrize("fault", FAULTS)
def test_lint_names_the_fault(fault):
    assert fault in lint(render(sample.document(FAULTS[fault])), sample.REFERENCE)


def test_lint_names_missing_title_and_language():
    html = sample.document("<h1>One</h1>").replace('lang="en-GB"', 'lang="fr"')
    assert lint(render(html, title=" "), sample.REFERENCE)[:2] == [
        "no title",
        "language is not en-GB",
    ]


def test_lint_names_page_without_reference():
    html = '<html lang="en-GB"><title>x</title><h1>One</h1><p style="break-before: page">Two</p>'
    assert lint(render(html), "REF-1") == [
        "page 1 does not show REF-1",
        "page 2 does not show REF-1",
    ]


def test_lint_is_silent_on_a_sound_file():
    html = sample.document(
        '<h1>One</h1><p><a href="https://www.example.org/">An example</a>, '
        '<a href="https://www.example.org/">the plan at https://www.example.org/</a>.</p>'
        '<table><tr><th scope="row">1</th><td>2</td></tr></table>'
    )
    assert lint(render(html), sample.REFERENCE) == []
