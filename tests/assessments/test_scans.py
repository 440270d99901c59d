"""The virus scanner: a program of its own that the worker calls, and what its word does."""

import sys

import pytest

from assessments import models as a
from assessments import services
from assessments.uploads import ScannerBroken, inspect, is_clean, store_upload
from portal import jobs
from portal.models import AuditEvent, Job, Message
from portal.tasks import do_job
from tests import factories
from tests.assessments.files import PDF

pytestmark = pytest.mark.django_db

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
INFECTED = PDF[:9] + b"%" + EICAR + b"\n" + PDF[9:]
SCANNER = """
import sys, time
content = open(sys.argv[-1], "rb").read()
if b"SLOW" in content:
    time.sleep(30)
sys.exit(2 if b"BREAKS" in content else 1 if b"EICAR-STANDARD" in content else 0)
"""


@pytest.fixture
def scanner(settings, tmp_path):
    """A stand-in that knows one virus, run as the real one is."""
    program = tmp_path / "scanner.py"
    program.write_text(SCANNER)
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SCAN_COMMAND = [sys.executable, str(program), "--no-summary"]
    settings.SCAN_SECONDS = 20


def add(system, lead, content=PDF):
    return services.add_evidence(
        organisation=system,
        by=lead,
        at=factories.AT,
        upload=inspect("Pay review.pdf", content),
        title="Pay review",
        kind=a.Evidence.Kind.FILE,
        dated_on=factories.AT.date(),
    )


def download(client, evidence):
    return client.get(f"{evidence.get_absolute_url()}file/", follow=True)


def test_without_a_scanner_a_file_is_there_at_once(client, system, lead, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    evidence = add(system, lead)
    client.force_login(lead)
    assert (evidence.file_scan, Job.objects.count()) == ("none", 0)
    assert download(client, evidence).getvalue() == PDF


def test_file_waits_for_the_scanner_and_is_let_go(client, system, lead, scanner):
    evidence = add(system, lead)
    client.force_login(lead)
    page = download(client, evidence)
    assert "This file cannot be downloaded: being checked for viruses." in page.text
    assert 'file/" download' not in page.text
    library = client.get(f"/evidence/{system.slug}/").text
    assert "(being checked for viruses)" in library

    assert do_job() == f"scan for {system}"
    evidence.refresh_from_db()
    assert evidence.file_scan == "clean"
    assert Job.objects.get().state == Job.State.DONE
    assert download(client, evidence).getvalue() == PDF
    assert not Message.objects.exists()


def test_what_the_scanner_finds_is_withheld_and_its_sender_told(client, system, lead, scanner):
    evidence = add(system, lead, INFECTED)
    do_job()
    client.force_login(lead)
    page = download(client, evidence)
    assert "This file cannot be downloaded: withheld, because a virus was found in it." in page.text
    assert "The virus scanner found something in this file" in page.text
    told = Message.objects.get()
    assert (told.to, told.subject) == (lead.email, "A file that you added is withheld")
    assert evidence.get_absolute_url() in told.body
    event = AuditEvent.objects.get(verb="evidence.scanned")
    assert event.detail == {"state": "withheld", "file_digest": evidence.file_digest}


def test_clean_copy_takes_the_place_of_a_withheld_file(system, lead, scanner):
    evidence = add(system, lead, INFECTED)
    do_job()
    facts = {"title": "Pay review", "kind": a.Evidence.Kind.FILE, "dated_on": evidence.dated_on}
    changed = services.change_evidence(
        evidence=evidence,
        version=evidence.version,
        by=lead,
        at=factories.AT,
        upload=inspect("Pay review.pdf", PDF),
        **facts,
    )
    assert changed.file_scan == "waiting"
    do_job()
    changed.refresh_from_db()
    assert changed.file_scan == "clean"


def test_job_of_a_file_that_was_replaced_decides_nothing(system, lead, scanner, monkeypatch):
    evidence = add(system, lead)

    def replaced_meanwhile(_stored):
        a.Evidence.objects.filter(pk=evidence.pk).update(file="evidence/another.pdf")
        return True

    monkeypatch.setattr("assessments.services.scans.is_clean", replaced_meanwhile)
    do_job()
    evidence.refresh_from_db()
    assert evidence.file_scan == "waiting"
    assert Job.objects.get().state == Job.State.DONE


def test_second_job_of_a_file_that_was_scanned_asks_nobody(system, lead, scanner, settings):
    evidence = add(system, lead)
    do_job()
    settings.SCAN_COMMAND = ["/nowhere"]
    jobs.insert(
        kind="scan", subject_id=evidence.pk, organisation=system, at=factories.AT, version=9
    )
    do_job()
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}


def test_scan_of_a_worker_that_lost_its_lease_is_not_kept(system, lead, scanner):
    evidence = add(system, lead)
    job = Job.objects.get()
    with pytest.raises(jobs.LeaseLost):
        services.scan_file(job=job, at=factories.AT)  # never claimed
    evidence.refresh_from_db()
    assert evidence.file_scan == "waiting"
    assert not AuditEvent.objects.filter(verb="evidence.scanned").exists()


def test_scanner_that_says_nothing_leaves_the_file_in_quarantine(system, lead, scanner):
    evidence = add(system, lead, PDF[:9] + b"%BREAKS\n" + PDF[9:])
    do_job()
    evidence.refresh_from_db()
    job = Job.objects.get()
    assert (evidence.file_scan, job.state) == ("waiting", Job.State.WAITING)
    assert "ScannerBroken" in job.error


@pytest.mark.parametrize(
    ("word", "command", "reason"),
    [
        (b"BREAKS", None, "ended with 2"),
        (b"SLOW", None, "TimeoutExpired"),
        (b"", ["/no/such/scanner"], "FileNotFoundError"),
    ],
)
def test_only_a_clear_word_counts(scanner, settings, word, command, reason):
    settings.SCAN_SECONDS = 3
    settings.SCAN_COMMAND = command or settings.SCAN_COMMAND
    stored = store_upload(inspect("a.pdf", PDF[:9] + b"%" + word + b"\n" + PDF[9:]))
    with pytest.raises(ScannerBroken, match=reason):
        is_clean(stored)
