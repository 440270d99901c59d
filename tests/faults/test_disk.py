"""The disk is full: uploads and backups are refused in plain words, everything else goes on.

`disk.py` says what the full disk is on a machine where nobody may mount one.
"""

import subprocess
import sys

import pytest
import requests

from assessments.uploads import NO_ROOM
from tests.faults.installation import ROOT
from tests.faults.people import Ledger, address
from tests.faults.uploading import LIBRARY, pdf, rows, upload

pytestmark = pytest.mark.faults
SMALL, LARGE = 100_000, 3 * 1024 * 1024
"""More than the full disk takes, and more than is held in memory while it is looked into."""


def disk_of(portal):
    """What `/healthz/ready` says of the disk."""
    checks = requests.get(f"{portal.site}/healthz/ready", timeout=20).json()["checks"]
    return checks["disk"]


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_upload_finds_no_room_and_the_rest_goes_on(village, disk, size):
    """The media folder and the folder for temporary files are both on the full disk."""
    portal = village.portal
    portal.changed |= {"MEDIA_ROOT": str(disk.folder / "media"), "TMPDIR": str(disk.folder)}
    web = portal.web()
    disk.fill(web.id)
    lead = village.person("upload", "lead")
    refused = upload(lead, pdf(size), title="Typed with care")
    assert refused.status_code == 422
    assert NO_ROOM in refused.text
    assert 'value="Typed with care"' in refused.text
    assert rows(village, "Typed with care") == []
    assert disk.files() == []

    ledger = Ledger(portal)
    form = lead.form(address("upload", "L1"))
    assert ledger.save(lead, "upload", "L1", "Saved beside a full disk.", form) == 302
    ledger.assert_whole()
    if disk.is_real:
        assert disk_of(portal).startswith("Unavailable: only 0 MiB")

    disk.make_room()
    assert upload(lead, pdf(size), title="Typed with care").status_code == 302
    ((name, length),) = rows(village, "Typed with care")
    assert (disk.folder / "media" / name).read_bytes() == pdf(size)
    assert length == size
    assert disk_of(portal) == "ok"
    assert lead.get(LIBRARY).status_code == 200


def back_up(portal, disk, path):
    """The command as an operator calls it, on a disk that may be full."""
    limit = "" if disk.is_real else "ulimit -f 64; "
    command = f'{limit}exec "$0" manage.py backup "$1"'
    return subprocess.run(
        ["bash", "-c", command, sys.executable, str(path)],
        cwd=ROOT, env=portal.environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.long
def test_backup_finds_no_room_and_leaves_none_that_looks_like_one(village, disk):
    path = disk.folder / "one.tar"
    disk.fill()
    tried = back_up(village.portal, disk, path)
    assert tried.returncode != 0
    assert f"No backup was made at {path}: " in tried.stderr
    assert "Traceback" not in tried.stderr
    assert list(disk.folder.iterdir()) == []

    disk.make_room()
    village.portal.manage("backup", str(path))
    assert path.stat().st_size > LARGE // 10


@pytest.mark.long
def test_worker_makes_papers_though_its_own_disk_is_full(portal, disk):
    portal.changed |= {"MEDIA_ROOT": str(disk.folder / "media"), "TMPDIR": str(disk.folder)}
    ids = portal.ask_for_papers(2)
    disk.fill(portal.worker().id)
    portal.wait_until_done(2)
    portal.assert_each_made_once(ids)
    assert disk.files() == []
