"""Uploads as they come over the network: as large as is allowed, one byte more, and cut short."""

import socket

import psutil
import pytest

from assessments.uploads import largest
from tests.faults.processes import wait_for
from tests.faults.uploading import ADD, FACTS, pdf, rows, stored, upload

pytestmark = pytest.mark.faults
MOST = 25 * 1024 * 1024
BOUNDARY = "a-boundary-of-ours"


@pytest.fixture
def lead(town):
    return town.person("upload", "lead")


def test_largest_file_is_taken_and_one_byte_more_is_refused_with_the_reason(town, lead):
    assert upload(lead, pdf(MOST), title="The largest").status_code == 302
    ((name, size),) = rows(town, "The largest")
    assert size == MOST
    assert (town.portal.folder / "media" / name).read_bytes() == pdf(MOST)
    before = stored(town)
    refused = upload(lead, pdf(MOST) + b"\n", title="One byte too large")
    assert refused.status_code == 422
    assert f"The selected file must be {largest()} or smaller" in refused.text
    assert 'value="One byte too large"' in refused.text
    assert rows(town, "One byte too large") == []
    assert stored(town) == before


def test_body_that_is_cut_half_way_leaves_nothing_and_the_next_request_is_answered(town, lead):
    before = stored(town)
    for fields_last in (False, True):
        lead.form(ADD)
        send_half(town, lead, body(lead.token, "Cut short", fields_last=fields_last))
    assert upload(lead, pdf(1000), title="After the cut").status_code == 302
    assert rows(town, "Cut short") == []
    assert len(stored(town)) == len(before) + 1
    held = [one for one in town.portal.folder.rglob("*.upload*") if one.is_file()]
    assert held == []


def body(token, title, *, fields_last):
    """What a browser sends; with the fields last, half of it is the file alone."""
    facts = FACTS | {"title": title, "csrfmiddlewaretoken": token}
    fields = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in facts.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n'
    file = [f"{head}Content-Type: application/pdf\r\n\r\n".encode(), pdf(4_000_000), b"\r\n"]
    parts = [*file, *fields] if fields_last else [*fields, *file]
    return b"".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def send_half(town, lead, content):
    """Half of the body, and then the line is gone."""
    cookies = "; ".join(f"{one.name}={one.value}" for one in lead.browser.cookies)
    lines = (
        f"POST {ADD} HTTP/1.1", f"Host: 127.0.0.1:{town.portal.site_port}",
        f"Cookie: {cookies}", f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {len(content)}", "", "",
    )  # fmt: skip
    with socket.create_connection(("127.0.0.1", town.portal.site_port), timeout=20) as line:
        line.sendall("\r\n".join(lines).encode() + content[: len(content) // 2])


@pytest.mark.long
def test_memory_of_the_web_server_does_not_grow_by_several_files(town, lead):
    """Each file is in memory once while it is looked into, and let go.

    Measured once every process has had a file: the first one makes room that is kept.
    """
    for turn in range(8):
        upload(lead, pdf(MOST - turn), title=f"Before anything is measured, {turn}")
    before = memory(town)
    peak = 0
    for turn in range(8):
        assert upload(lead, pdf(MOST - turn), title=f"File {turn}").status_code == 302
        peak = max(peak, memory(town))
    assert peak - before < 3 * MOST
    wait_for("memory is given back", lambda: memory(town) - before < 2 * MOST, within=20)


def memory(town):
    """Bytes that the web server's processes have to themselves."""
    (web,) = town.portal.processes
    master = psutil.Process(web.id)
    return sum(one.memory_info().rss for one in [master, *master.children()])
