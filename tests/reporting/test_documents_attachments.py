"""The figures attached to a PDF: one row an item, one a measure, safe in a spreadsheet."""

import csv
import io
import json

from reporting.documents import attachments
from tests.reporting import snapshots
from tests.reporting.sources import source


def read(file):
    return list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"))))


def test_levels_measures_and_json_are_attached():
    files = attachments(source())
    assert [file.name for file in files] == [
        "2026-nel-board-paper-v1-levels.csv",
        "2026-nel-board-paper-v1-measures.csv",
        "2026-nel-board-paper-v1.json",
    ]
    assert files[0].data.startswith(b"\xef\xbb\xbf")


def test_level_rows_follow_the_framework():
    rows = read(attachments(source())[0])
    assert len(rows) == 38
    e4 = next(row for row in rows if row["code"] == "E4")
    assert (e4["level"], e4["level_name"], e4["evidence_a"], e4["movement"]) == (
        "4", "Making a difference", "1", "up",
    )  # fmt: skip


def test_what_is_not_assessed_has_no_level():
    rows = read(attachments(source(snapshots.partial()))[0])
    l2 = next(row for row in rows if row["code"] == "L2")
    assert (l2["level"], l2["level_name"], l2["applicable"]) == ("", "", "True")


def test_without_a_plan_no_measures_are_attached():
    assert len(attachments(source(snapshots.partial()))) == 2


def test_json_carries_the_same_rows_and_the_record():
    files = attachments(source())
    content = json.loads(files[2].data)
    assert content["snapshot_sha256"] == "a3f0" * 16
    assert [str(row["level"]) for row in content["items"]] == [
        row["level"] for row in read(files[0])
    ]
    assert [row["latest"] for row in content["measures"]] == [
        row["latest"] for row in read(files[1])
    ]


def test_typed_text_cannot_run_as_a_formula():
    document = snapshots.complete()
    document["plan"]["measures"][0]["name"] = "=HYPERLINK(1)"
    assert read(attachments(source(document))[1])[0]["name"] == "'=HYPERLINK(1)"
