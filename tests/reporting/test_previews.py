"""Previews of a draft: for whoever asked, watermarked, a quarter of an hour, and no report."""

import datetime as dt
import io

import pypdf
import pytest
import time_machine
from django.core.management import call_command

from assessments.services import AlreadySignedOff, save_answer, send_for_sign_off, sign_off
from portal import jobs, tasks
from portal.models import AuditEvent, Job, Membership
from reporting.models import Preview, Report
from reporting.services import (
    StillBeingMade,
    ask_for_preview,
    make_preview,
    previews,
    sweep_previews,
)
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/reports/2026/north-east-london/preview/"
PDF = "/reports/2026/north-east-london/preview.pdf"


@pytest.fixture(autouse=True)
def clock(at):
    """Pages look at the clock; the tests say what it shows."""
    with time_machine.travel(at, tick=False) as traveller:
        yield traveller


@pytest.fixture
def written(assessment, lead):
    return factories.complete_assessment(assessment, by=lead)


def ask(assessment, by, at, kind="board-paper"):
    return ask_for_preview(assessment=assessment, kind=kind, by=by, at=at)


@pytest.fixture
def preview(written, lead, at):
    """Asked for by the lead, and made."""
    asked = ask(written, lead, at)
    tasks.do_job()
    asked.refresh_from_db()
    return asked


def words(pdf):
    reader = pypdf.PdfReader(io.BytesIO(bytes(pdf)))
    return [page.extract_text() for page in reader.pages]


def test_preview_is_marked_as_a_draft_on_every_page_and_signed_by_nobody(preview, lead):
    pages = words(preview.pdf)
    assert len(pages) == preview.pages
    assert all("Draft preview of 16 November 2026. Not signed off." in page for page in pages)
    assert all("DRAFT" in page.upper() for page in pages)
    cover = " ".join(pages[0].split())
    assert "Not signed off. This is a preview of a draft, and no paper." in cover
    assert "Self-assessed; draft" in cover
    assert "signed off on" not in cover
    assert "Check this paper" not in cover


def test_preview_leaves_no_report_record_or_attachment(preview):
    assert not Report.objects.exists()
    assert not preview.assessment.snapshots.exists()
    assert not pypdf.PdfReader(io.BytesIO(bytes(preview.pdf))).attachments


def test_preview_shows_the_draft_as_it_is_saved_when_it_is_made(written, lead, at):
    asked = ask(written, lead, at, kind="full-report")
    answer = written.answers.get(item__code="L1")
    save_answer(
        answer=answer, level=1, coverage="one", narrative="Said a minute ago.",
        version=answer.version, by=lead, at=at,
    )  # fmt: skip
    tasks.do_job()
    asked.refresh_from_db()
    assert "Said a minute ago." in " ".join(words(asked.pdf))


def test_preview_is_held_for_a_quarter_of_an_hour_from_its_making(preview, at):
    assert (preview.made_at, preview.expires_at) == (at, at + dt.timedelta(minutes=15))
    assert sweep_previews(at=at + dt.timedelta(minutes=14, seconds=59)) == 0
    assert sweep_previews(at=at + dt.timedelta(minutes=15)) == 1
    assert not Preview.objects.exists()
    assert not Job.objects.exists()


def test_every_sweep_takes_old_previews_away(preview, clock, at):
    clock.move_to(at + dt.timedelta(minutes=15))
    call_command("sweep_jobs")
    assert not Preview.objects.exists()


def test_another_preview_takes_the_place_of_the_last(preview, written, lead, at):
    newer = ask(written, lead, at, kind="full-report")
    assert Preview.objects.get() == newer
    assert newer.pdf is None
    assert Job.objects.get().subject_id == newer.pk


def test_one_preview_at_a_time_is_made_for_a_person(written, lead, sponsor, at):
    ask(written, lead, at)
    with pytest.raises(StillBeingMade):
        ask(written, lead, at)
    ask(written, sponsor, at)
    assert Preview.objects.count() == 2


def test_signed_off_assessment_has_papers_and_no_preview(assessment, lead, sponsor, at):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    with pytest.raises(AlreadySignedOff):
        ask(assessment, lead, at)


@pytest.mark.parametrize("change", ["role", "signature", "time"])
def test_preview_is_not_made_for_whom_it_is_not_for_any_more(written, lead, sponsor, at, change):
    ask(written, lead, at)
    if change == "role":
        Membership.objects.filter(user=lead).update(ended_at=at)
    elif change == "signature":
        send_for_sign_off(assessment=written, by=lead, at=at)
        sign_off(assessment=written, by=sponsor, at=at)
    later = at + dt.timedelta(hours=2 if change == "time" else 0)
    job = jobs.claim(Job.objects.get(kind="draft-preview").pk, worker="test", at=later)
    assert make_preview(job=job, at=later) is None
    assert not Preview.objects.exists()
    assert not Job.objects.filter(kind="draft-preview").exists()


def test_preview_is_not_kept_for_whom_it_is_not_for_any_more_when_it_is_printed(
    written, lead, at, monkeypatch
):
    ask(written, lead, at)
    printed = previews.print_document

    def print_while_the_role_ends(*words):
        Membership.objects.filter(user=lead).update(ended_at=at)
        return printed(*words)

    monkeypatch.setattr(previews, "print_document", print_while_the_role_ends)
    tasks.do_job()
    assert not Preview.objects.exists()
    assert not Job.objects.exists()


def test_lost_lease_keeps_nothing(written, lead, at):
    ask(written, lead, at)
    job = jobs.claim(Job.objects.get().pk, worker="test", at=at)
    Job.objects.update(attempts=2)
    with pytest.raises(jobs.LeaseLost):
        make_preview(job=job, at=at)
    assert Preview.objects.get().pdf is None


# Pages


@pytest.mark.parametrize("role", ["lead", "sponsor"])
def test_lead_and_sponsor_ask_wait_and_download(client, written, system, role):
    client.force_login(factories.user_with(role, system))
    assert "Which paper?" in client.get(URL).content.decode()
    client.post(URL, {"kind": "board-paper"})
    waiting = client.get(URL).content.decode()
    assert "Being made" in waiting
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in waiting
    assert client.get(PDF).status_code == 404
    tasks.do_job()
    ready = client.get(URL).content.decode()
    assert "It is deleted at 10:15." in ready
    assert "refresh" not in ready
    response = client.get(PDF)
    assert response.content == bytes(Preview.objects.get().pdf)
    assert response["Content-Disposition"] == (
        'attachment; filename="draft-2026-north-east-london-board-paper.pdf"'
    )
    assert "no-store" in response["Cache-Control"]
    verbs = AuditEvent.objects.filter(verb__startswith="preview").values_list("verb", flat=True)
    assert list(verbs) == ["preview-asked", "preview-downloaded"]


@pytest.mark.parametrize(
    ("role", "status"),
    [("contributor", 403), ("board", 403), ("secretary", 403), ("community", 404), ("heg", 404)],
)
def test_others_neither_ask_nor_read(client, preview, system, role, status):
    place = None if role == "heg" else system
    client.force_login(factories.user_with(role, place))
    assert client.get(URL).status_code == status
    assert client.post(URL, {"kind": "board-paper"}).status_code == status
    assert client.get(PDF).status_code == status


def test_preview_is_for_whoever_asked_alone(client, preview, sponsor):
    client.force_login(sponsor)
    assert "Which paper?" in client.get(URL).content.decode()
    assert client.get(PDF).status_code == 404


def test_preview_stops_being_held_without_any_sweep(client, preview, lead, clock, at):
    client.force_login(lead)
    clock.move_to(at + dt.timedelta(minutes=15))
    assert client.get(PDF).status_code == 404
    assert "Ready" not in client.get(URL).content.decode()


def test_page_says_why_a_preview_could_not_be_made(client, written, lead, at):
    ask(written, lead, at)
    client.force_login(lead)
    Job.objects.update(error="It took too long.")
    assert "It took too long. It will be tried again." in client.get(URL).content.decode()
    Job.objects.update(state=Job.State.FAILED)
    failed = client.get(URL).content.decode()
    assert "It took too long. Ask for it again below." in failed
    client.post(URL, {"kind": "full-report"})
    assert "Being made" in client.get(URL).content.decode()


def test_second_click_asks_for_nothing_more(client, written, lead):
    client.force_login(lead)
    client.post(URL, {"kind": "board-paper"})
    page = client.post(URL, {"kind": "board-paper"}).content.decode()
    assert "Your preview is still being made." in page
    assert Job.objects.count() == 1


def test_kind_that_is_none_is_asked_for_again(client, written, lead):
    client.force_login(lead)
    page = client.post(URL, {"kind": "london-pack"}).content.decode()
    assert "Choose which paper you want to preview." in page
    assert not Job.objects.exists()


def test_page_of_a_signed_off_assessment_leads_to_its_papers(client, assessment, lead, sponsor):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    client.force_login(lead)
    page = client.get(URL).content.decode()
    assert "Its papers are under" in page
    assert "Ask for another" not in page


def test_page_stays_within_its_queries(client, preview, lead, django_assert_max_num_queries):
    client.force_login(lead)
    client.get(URL)
    with django_assert_max_num_queries(12):
        client.get(URL)


def test_check_and_sign_off_pages_lead_to_the_preview(client, written, lead, sponsor, at):
    client.force_login(lead)
    assert URL in client.get("/assessments/2026/north-east-london/check/").content.decode()
    send_for_sign_off(assessment=written, by=lead, at=at)
    client.force_login(sponsor)
    assert URL in client.get("/assessments/2026/north-east-london/sign-off/").content.decode()


def test_preview_has_a_name(preview, lead):
    assert str(preview) == f"Preview of {preview.assessment} for {lead}"
