"""Sends evidence files over HTTP as a page's form does, and looks for what was kept of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import requests

from tests.assessments.files import PDF
from tests.faults.people import Person, Town

LIBRARY = "/evidence/upload/"
ADD = f"{LIBRARY}add/"
FACTS = {
    "kind": "file", "version": "0",
    "dated_on_day": "1", "dated_on_month": "9", "dated_on_year": "2026",
}  # fmt: skip


def pdf(size: int) -> bytes:
    """A PDF of exactly so many bytes."""
    return PDF[:9] + b"%" * (size - len(PDF)) + PDF[9:]


def upload(person: Person, content: bytes, *, title: str) -> requests.Response:
    """Send the form of new evidence with this file."""
    person.form(ADD)
    files = {"file": ("minutes.pdf", content, "application/pdf")}
    return person.post(ADD, FACTS | {"title": title}, files)


def rows(town: Town, title: str) -> list[tuple[Any, ...]]:
    """Name and size of each file that is kept under this title."""
    query = "SELECT file, file_size FROM assessments_evidence WHERE title = %s"
    return town.portal.ask(query, [title])


def stored(town: Town) -> list[Path]:
    """Every file below the media folder."""
    return [one for one in (town.portal.folder / "media").rglob("*") if one.is_file()]
