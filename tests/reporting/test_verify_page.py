"""The public page: genuine, superseded, withheld, unknown; no secret is told."""

import hashlib
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assessments.models import Release
from portal import jobs
from portal.models import AuditEvent, Job
from reporting.forms import VerifyForm
from reporting.forms import verify as words
from reporting.models import Report
from reporting.services import make_report, redact_report, save_cover
from tests import factories
from tests.reporting.test_services import FILLED

pytestmark = pytest.mark.django_db

URL = "/verify/"


@pytest.fixture(autouse=True)
def limits_forgotten():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def snapshot(assessment, lead, sponsor):
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor)


def make(snapshot, at, version=1):
    job = Job.objects.get(dedupe_key=f"board-paper:{snapshot.pk}:{version}")
    return make_report(job=jobs.claim(job.pk, worker="test", at=at), at=at)


@pytest.fixture
def report(snapshot, at):
    return make(snapshot, at)


@pytest.fixture
def reissued(report, snapshot, lead, at):
    """The paper with another cover: the version that supersedes the first."""
    save_cover(assessment=snapshot.assessment, version=0, by=lead, at=at, **FILLED)
    return make(snapshot, at, version=2)


def release(snapshot, at):
    Release.objects.create(snapshot=snapshot, cause=Release.Cause.BOARD_DATE, at=at)


def pdf_of(report, change=b""):
    return SimpleUploadedFile("paper.pdf", bytes(report.bytes.pdf) + change)


def text(response):
    page = response.content.decode()
    return " ".join(page[page.index("<main") : page.index("</main>")].split())


def told(page):
    """The verdict alone."""
    return page[page.index('role="status"') : page.index("Check another")]


def test_page_is_open_to_everybody_and_kept_by_nobody(client):
    response = client.get(URL)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert "Find out whether" in text(response)


def test_file_is_genuine_before_its_release_too(client, report):
    page = text(client.post(URL, {"file": pdf_of(report)}))
    assert "Genuine" in page
    assert f"<strong>{report.reference}</strong> was made by this portal on 16 November" in page
    assert "The file is unchanged. No newer version is known." in page


def test_changed_file_is_unknown(client, report):
    page = text(client.post(URL, {"file": pdf_of(report, b" ")}))
    assert "Unknown" in page
    assert "it has been changed since" in page
    assert report.reference not in page


def test_hash_is_as_good_as_the_file(client, report):
    page = text(client.post(URL, {"reference": f" {report.digest.upper()} "}))
    assert "Genuine" in page


def test_reference_of_a_released_paper_is_genuine_by_its_printed_address(
    client, report, snapshot, at
):
    release(snapshot, at)
    page = text(client.get(URL, {"reference": report.reference}))
    assert "Genuine" in page
    assert "The file is unchanged" not in page
    assert "Genuine" in text(client.get(URL, {"reference": f"{report.reference}.pdf"}))


def test_reference_of_what_is_not_released_is_as_unknown_as_one_that_never_was(client, report):
    held_back = text(client.get(URL, {"reference": report.reference}))
    never_was = text(client.get(URL, {"reference": report.reference.replace("v1", "v9")}))
    assert told(held_back) == told(never_was)
    assert "No published paper has this reference" in held_back


@pytest.mark.parametrize(("role", "tag"), [("board", "Genuine"), ("heg", "Unknown")])
def test_reference_is_confirmed_to_whoever_may_read_the_paper(client, report, role, tag):
    place = report.snapshot.assessment.organisation if role == "board" else None
    client.force_login(factories.user_with(role, place))
    assert tag in text(client.get(URL, {"reference": report.reference}))


def test_superseded_paper_names_the_newer_version_and_its_date(client, report, reissued):
    page = text(client.post(URL, {"file": pdf_of(report)}))
    assert "Superseded" in page
    assert f"superseded by <strong>{reissued.reference}</strong>, made on 16 November 2026" in page
    assert "Genuine" in text(client.post(URL, {"file": pdf_of(reissued)}))


def test_newer_record_is_no_secret_only_once_it_is_released(client, report, snapshot, at):
    """The next version may come of another signature, which nobody outside knows of yet."""
    newer = factories.a.Snapshot.objects.create(
        assessment=snapshot.assessment, version=2, document=snapshot.document, digest="0" * 64,
        signed_off_at=at, signed_by=snapshot.signed_by, framework_version="small-1",
        scoring_version="1", software_version="test",
    )  # fmt: skip
    Report.objects.create(
        reference="another-v2", kind=report.kind, snapshot=newer, version=2, made_at=at, pages=1,
        size=1, digest="1" * 64,
    )  # fmt: skip
    assert "Genuine" in text(client.post(URL, {"file": pdf_of(report)}))
    release(newer, at)
    assert "another-v2" in text(client.post(URL, {"file": pdf_of(report)}))


def test_withheld_paper_says_so_and_gives_no_reason(client, report, lead, at):
    sent = pdf_of(report)
    redact_report(report=report, reason="It names a nurse.", by=lead, at=at)
    page = text(client.post(URL, {"file": sent}))
    assert "was withheld on 16 November 2026" in page
    assert "nurse" not in page


def test_withheld_paper_names_what_superseded_it(client, report, reissued, lead, at):
    sent = pdf_of(report)
    redact_report(report=report, reason="It names a nurse.", by=lead, at=at)
    assert f"superseded by <strong>{reissued.reference}" in text(client.post(URL, {"file": sent}))


def test_page_tells_nothing_of_the_organisation(client, report, system):
    page = text(client.post(URL, {"file": pdf_of(report)}))
    assert system.name not in page
    assert system.short_name not in page


def test_checking_writes_nothing(client, report, tmp_path, settings):
    settings.MEDIA_ROOT = settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    events = AuditEvent.objects.count()
    client.post(URL, {"file": SimpleUploadedFile("big.pdf", b"x" * 4_000_000)})
    assert list(Path(tmp_path).iterdir()) == []
    assert AuditEvent.objects.count() == events


def test_too_many_checks_are_refused_for_a_while(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"verify": "2/m/ip"}
    statuses = [client.get(URL).status_code for _visit in range(3)]
    assert statuses == [200, 200, 429]
    assert "Too many attempts" in client.get(URL).content.decode()


def test_sending_needs_the_pages_token(report):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(URL, {"file": pdf_of(report)}).status_code == 403
    strict.get(URL)
    token = strict.cookies["csrftoken"].value
    sent = {"file": pdf_of(report), "csrfmiddlewaretoken": token}
    assert "Genuine" in text(strict.post(URL, sent))


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, words.NOTHING),
        ({"reference": "a/b"}, words.NO_REFERENCE),
        ({"reference": "é" * 300}, words.NO_REFERENCE),
        ({"file": SimpleUploadedFile("p.pdf", b"")}, "The selected file is empty"),
        ({"file": SimpleUploadedFile("p.pdf", b"x"), "reference": "a-v1"}, words.BOTH),
    ],
    ids=["nothing", "no-reference", "too-long", "empty", "both"],
)
def test_what_cannot_be_checked_is_told_beside_its_field(client, sent, sentence):
    page = text(client.post(URL, sent))
    assert page.count(sentence) == 2
    assert "Unknown" not in page


def test_file_that_is_too_large_is_refused_with_the_limit(client, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    large = SimpleUploadedFile("p.pdf", b"x" * (1024 * 1024 + 1))
    assert "The selected file must be 1 MB or smaller" in text(client.post(URL, {"file": large}))


def test_no_other_method_is_answered(client):
    assert client.put(URL).status_code == 405


def test_printed_address_is_the_pages(report, settings):
    assert reverse("reporting:verify") == URL
    assert VerifyForm({"reference": report.reference}, {}).is_valid()
    assert hashlib.sha256(bytes(report.bytes.pdf)).hexdigest() == report.digest
