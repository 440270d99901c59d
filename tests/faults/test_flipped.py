"""One byte of what is frozen is changed behind the portal's back: it is found, and named."""

import json
import subprocess
import sys

import psycopg2
import pytest

from tests.faults.installation import ROOT
from tests.faults.uploading import pdf, rows, upload

pytestmark = pytest.mark.faults
FLIP = """
ALTER TABLE reporting_reportbytes DISABLE TRIGGER ALL;
UPDATE reporting_reportbytes SET pdf = set_byte(pdf, 1000, get_byte(pdf, 1000) # 1);
ALTER TABLE reporting_reportbytes ENABLE TRIGGER ALL;
"""
UPDATE = "UPDATE reporting_reportbytes SET pdf = ''"


def verify(portal):
    """Exit code of the command, and what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", "verify_reports", "--json"],
        cwd=ROOT, env=portal.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    told = json.loads(done.stdout)
    assert told["checked"]["papers"] == told["checked"]["files"] == 1
    return done.returncode, [
        (one["kind"], one["name"], one["problem"]) for one in told["differences"]
    ]


def test_flipped_bytes_are_found_by_name(village):
    portal = village.portal
    portal.ask("DELETE FROM portal_job WHERE id <> (SELECT min(id) FROM portal_job)")
    portal.manage("run_jobs")
    portal.web()
    assert upload(village.person("upload", "lead"), pdf(5000), title="Kept").status_code == 302
    ((file, _size),) = rows(village, "Kept")
    ((reference,),) = portal.ask("SELECT reference FROM reporting_report")
    code, before = verify(portal)

    with pytest.raises(psycopg2.errors.RaiseException):
        portal.ask(UPDATE)
    portal.ask(FLIP)
    stored = portal.folder / "media" / file
    content = bytearray(stored.read_bytes())
    content[2000] ^= 1
    stored.write_bytes(content)

    found = [("paper", reference, "differs"), ("file", file, "differs")]
    assert (code, before) == (0, [])
    assert verify(portal) == (1, found)
