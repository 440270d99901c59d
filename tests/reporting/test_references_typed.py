"""References typed in every text that reaches a paper are printed as words and never followed."""

import io
import itertools
import json
import re
import socket
import threading

import pikepdf
import pytest

from reporting.queries.reports import KINDS
from tests.faults.processes import wait_for
from tests.reporting import packs, snapshots, test_packs_documents, test_pdf_closed, test_twins
from tests.reporting.sources import COVER
from tests.reporting.test_pdf import words
from tests.reporting.test_pdf_closed import HOSTILE

SHORT = {"minute_reference", "board_assurance_reference", "file_name", "unit", "url", "agenda_item"}
"""Typed texts that may be one word; whatever else has two words may have been typed."""
SECRET = "CANARY-OF-A-FILE"


class Listener:
    """Counts whoever connects to a port on loopback."""

    def __init__(self):
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                self.socket.accept()[0].close()
            except OSError:
                return
            self.connections += 1


@pytest.fixture
def listener():
    listener = Listener()
    yield listener
    listener.socket.close()


@pytest.fixture
def references(listener, tmp_path):
    """Each way to refer to something, by turns, with each kind of address."""
    secret = tmp_path / "secret.svg"
    secret.write_text(f"<svg xmlns='http://www.w3.org/2000/svg'><text>{SECRET}</text></svg>")
    places = (
        f"http://{listener.address}/x", f"//{listener.address}/x", f"ftp://{listener.address}/x",
        f"gopher://{listener.address}/x", secret.as_uri(), str(secret),
        f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='http://{listener.address}/x'/></svg>",
    )  # fmt: skip
    ways = [*HOSTILE, '<meta http-equiv="refresh" content="0; url={}">', "{}"]
    pairs = itertools.product(places, ways)
    return itertools.cycle(way.format(*[place] * way.count("{}")) for place, way in pairs)


def hostile(part, references, key=""):
    """The same document with a reference behind every text that somebody may have typed."""
    if isinstance(part, dict):
        return {name: hostile(value, references, name) for name, value in part.items()}
    if isinstance(part, list):
        return [hostile(value, references, key) for value in part]
    is_typed = isinstance(part, str) and (key in SHORT or " " in part)
    return f"{part} {next(references)}" if is_typed else part


def letters(text):
    return re.sub(r"\W+", "", text)


def assert_followed_nowhere(print_it, listener):
    """Printed while everything that is opened or called is noted."""
    test_pdf_closed.watched.clear()
    test_pdf_closed.watching = True
    try:
        rendered = print_it()
    finally:
        test_pdf_closed.watching = False
    opened = [line for line in test_pdf_closed.watched if "secret" in line]
    harmless = ("open ", "urllib.Request 'data:")  # what is attached is in a data address
    called = [line for line in test_pdf_closed.watched if not line.startswith(harmless)]
    assert (opened, called, listener.connections) == ([], [], 0)
    text = words(rendered)
    assert SECRET not in text
    assert letters(listener.address) in letters(text)
    with pikepdf.open(io.BytesIO(rendered.pdf)) as document:
        assert not any(name.startswith("secret") for name in document.attachments)


@pytest.mark.parametrize("kind", KINDS)
def test_papers_follow_nothing(kind, references, listener):
    document = snapshots.with_every_action_rated(snapshots.with_asks(snapshots.complete()))
    document, cover = hostile(document, references), hostile(COVER, references)
    assert json.dumps(document).count(listener.address) > 300
    assert_followed_nowhere(lambda: test_twins.printed(document, kind, cover=cover)[2], listener)


def test_london_pack_follows_nothing(references, listener, london_framework):
    facts = packs.facts_of(packs.lay_out(*packs.SYSTEMS[:2]), packs.STANDING)
    facts = type(facts)(
        hostile(facts.document, references), hostile(facts.standing, references), facts.identity
    )
    assert_followed_nowhere(lambda: test_packs_documents.printed(facts)[2], listener)


def test_listener_counts(listener):
    host, port = listener.address.split(":")
    socket.create_connection((host, int(port))).close()
    wait_for("the connection is counted", lambda: listener.connections == 1, within=10)
