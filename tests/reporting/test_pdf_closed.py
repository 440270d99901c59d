"""Shows that printing opens neither network nor disk, whatever a document refers to."""

import io
import sys

import pikepdf
import pytest

from tests.reporting import sample
from tests.reporting.pdf_lint import lint
from tests.reporting.test_pdf import FILES, page, render, words

HOSTILE = [
    '<img src="{}" alt="x">',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<iframe src="{}"></iframe>',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    "<style>@import url('{}');</style>",
    "<style>@font-face {{ font-family: x; src: url('{}') }} p {{ font-family: x }}</style>",
    "<style>p {{ background-image: url('{}'); }}</style>",
    "<style>p::before {{ content: url('{}'); }}</style>",
    "<style>li {{ list-style-image: url('{}'); }}</style><ul><li>x</li></ul>",
    "<style>@color-profile --x {{ src: url('{}'); }}</style>",
    "<p style=\"background: url('{}')\">x</p>",
    '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="{}"/></svg>',
    '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><use href="{}#x"/></svg>',
    "<svg xmlns='http://www.w3.org/2000/svg'><title>x</title><style>@import '{}';</style></svg>",
    '<base href="{}"><img src="x.png" alt="x">',
    '<img srcset="{}" src="{}" alt="x">',
]

watched: list[str] = []
watching = False


def watch(event, arguments):
    """Note what Python opens or calls while a hostile page is printed."""
    if watching and event in {"open", "socket.connect", "socket.getaddrinfo", "urllib.Request"}:
        watched.append(f"{event} {arguments[0]!r}")


sys.addaudithook(watch)


@pytest.mark.parametrize("markup", HOSTILE)
def test_no_reference_is_ever_opened(markup, tmp_path):
    global watching
    secret = tmp_path / "secret.svg"
    secret.write_text("<svg xmlns='http://www.w3.org/2000/svg'><text>CANARY</text></svg>")
    addresses = [
        secret.as_uri(),
        str(secret),
        "http://127.0.0.1:9/x",
        "//127.0.0.1:9/x",
        "ftp://x/y",
    ]
    html = page("<p>x</p>" + "".join(markup.format(a, a) for a in addresses))
    render(html)  # what the libraries read once, they have read
    watched.clear()
    watching = True
    try:
        result = render(html)
    finally:
        watching = False
    touched = [line for line in watched if "secret" in line or "open " not in line]
    assert [line for line in touched if "data:" not in line] == []
    assert "CANARY" not in words(result)
    with pikepdf.open(io.BytesIO(result.pdf)) as document:
        assert set(document.attachments) == {item.name for item in FILES}


def test_data_address_is_drawn():
    picture = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E"
    )
    result = render(page(f'<p><img src="{picture}" alt="A picture"></p>'))
    assert lint(result.pdf, sample.REFERENCE) == []
    assert b"A picture" in pikepdf_text(result)


def pikepdf_text(result):
    """The file with everything unpacked, to search in."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(result.pdf)) as document:
        document.save(
            target,
            compress_streams=False,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        )
    return target.getvalue()
