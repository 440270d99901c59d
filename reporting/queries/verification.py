"""Hashes everything frozen again, one thing at a time, and names what differs or is missing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.storage import default_storage

from assessments.models import Evidence, FrozenItem, FrozenSection, Snapshot, Withheld
from portal.audit import PORTAL
from portal.models import AuditEvent
from reporting.models import Pack, Report, ReportBytes

DIFFERS, MISSING, STILL_THERE = "differs", "is missing", "was withheld and is still there"
CHUNK = 20


@dataclass(frozen=True)
class Difference:
    """One thing that is not what was recorded. `kind` says which part of it."""

    kind: str
    name: str
    problem: str
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.problem}"


def differences(checked: Counter[str]) -> Iterator[Difference]:
    """Everything wrong, papers first; counts in `checked` what was looked at, by kind."""
    withheld = _withheld()
    yield from _papers(checked, withheld[Withheld.What.REPORT])
    yield from _records(checked, withheld[Withheld.What.SNAPSHOT])
    yield from _packs(checked, withheld[Withheld.What.PACK])
    yield from _files(checked)


def _papers(checked: Counter[str], withheld: Mapping[str, str]) -> Iterator[Difference]:
    places = ("pk", "reference", "digest", "snapshot__assessment__organisation__slug")
    for key, name, digest, chain in (
        Report.objects.order_by("pk").values_list(*places).iterator(chunk_size=CHUNK)
    ):
        checked["papers"] += 1
        stored = ReportBytes.objects.filter(report=key).values_list("pdf", "html").first()
        if stored is None:
            yield Difference("paper", name, MISSING, digest)
        elif name in withheld:
            checked["withheld"] += 1
            if any(stored):
                yield Difference("paper", name, STILL_THERE)
        else:
            yield from _paper(name, bytes(stored[0]), stored[1], digest, _told(key, chain))


def _paper(
    name: str, pdf: bytes, page: str, digest: str, told: dict[str, Any]
) -> Iterator[Difference]:
    """The file against its row, and both against what the log was told when it was made."""
    found = hashlib.sha256(pdf).hexdigest()
    expected = told.get("digest", digest)
    if found != digest or found != expected:
        yield Difference("paper", name, DIFFERS, expected, found)
    found = hashlib.sha256(page.encode()).hexdigest()
    expected = told.get("page_digest", found)
    if found != expected:
        yield Difference("page of paper", name, DIFFERS, expected, found)


def _told(key: int, chain: str | None) -> dict[str, Any]:
    target = f"{Report._meta.label_lower}:{key}"
    events = AuditEvent.objects.filter(chain=chain or PORTAL, target=target, verb="report-made")
    return events.values_list("detail", flat=True).first() or {}


def _packs(checked: Counter[str], rewritten: Mapping[str, str]) -> Iterator[Difference]:
    for pack in Pack.objects.select_related("cycle").order_by("pk").iterator(chunk_size=1):
        checked["packs"] += 1
        checked["withheld"] += str(pack) in rewritten
        expected = rewritten.get(str(pack), pack.digest)
        found = hashlib.sha256(pack.document.encode()).hexdigest()
        if found != expected:
            yield Difference("record of", str(pack), DIFFERS, expected, found)


def _records(checked: Counter[str], rewritten: Mapping[str, str]) -> Iterator[Difference]:
    snapshots = Snapshot.objects.select_related("assessment__cycle", "assessment__organisation")
    for snapshot in snapshots.order_by("pk").iterator(chunk_size=1):
        checked["records"] += 1
        name = snapshot.reference
        checked["withheld"] += name in rewritten
        expected = rewritten.get(name, snapshot.digest)
        found = hashlib.sha256(snapshot.document.encode()).hexdigest()
        if found != expected:
            yield Difference("record", name, DIFFERS, expected, found)
        elif not _rows_agree(snapshot):
            yield Difference("rows of record", name, DIFFERS)


def _rows_agree(snapshot: Snapshot) -> bool:
    """Whether the rows that the comparison reads say what the document says."""
    sections = json.loads(snapshot.document)["sections"]
    items = FrozenItem.objects.filter(snapshot=snapshot).order_by("order")
    rolled = FrozenSection.objects.filter(snapshot=snapshot).order_by("order")
    said = [
        (item["code"], item["level"], item["applicable"], item["coverage"])
        for section in sections
        for item in section["items"]
    ]
    summed = [
        (section["code"], *(section["roll_up"][name] for name in ("typical", "lowest", "counts")))
        for section in sections
    ]
    shown = items.values_list("code", "level", "is_applicable", "coverage")
    totals = rolled.values_list("section_code", "typical", "lowest", "counts")
    return said == list(shown) and summed == list(totals)


def _files(checked: Counter[str]) -> Iterator[Difference]:
    uploaded = Evidence.objects.exclude(file="").order_by("pk")
    for stored, expected in uploaded.values_list("file", "file_digest").iterator(chunk_size=CHUNK):
        checked["files"] += 1
        try:
            with default_storage.open(stored) as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            yield Difference("file", stored, MISSING, expected)
        else:
            if found != expected:
                yield Difference("file", stored, DIFFERS, expected, found)


def _withheld() -> dict[str, dict[str, str]]:
    """By what it is and by name, the hash of what a redaction left; redactions are few."""
    left: dict[str, dict[str, str]] = defaultdict(dict)
    for what, name, digest in Withheld.objects.order_by("pk").values_list("what", "name", "left"):
        left[what][name] = digest
    return left
