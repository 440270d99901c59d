"""The papers' pages: who reads what, correct downloads, progress, the cover sheet."""

import datetime as dt

import pytest
from django.urls import reverse

from assessments.models import Assessment
from assessments.services import release
from portal import jobs
from portal.models import AuditEvent, Job, Organisation
from portal.roles import Role
from reporting.models import Cover, Report
from reporting.services import make_report, save_cover
from tests import factories

pytestmark = pytest.mark.django_db

COVER_URL = "/reports/2026/north-east-london/cover/"
MAKING_URL = "/reports/making/2026/north-east-london/"
FORM = {"board_name": "The Board", "agenda_item": "7", "purpose": "noting", "version": "0"}


@pytest.fixture
def snapshot(assessment, lead, sponsor):
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor)


def make(snapshot, at, kind="board-paper", version=1):
    job = jobs.insert(kind=kind, subject_id=snapshot.pk, organisation=None, at=at, version=version)
    claimed = jobs.claim(job.pk, worker="test", at=at + dt.timedelta(minutes=1))
    return make_report(job=claimed, at=at)


@pytest.fixture
def report(snapshot, at):
    return make(snapshot, at)


def sign_in(client, role, place=None):
    user = factories.user_with(role, place)
    client.force_login(user)
    return user


def text_of(response):
    return response.content.decode()


OWN = ["contributor", "lead", "sponsor", "board", "secretary"]


@pytest.mark.parametrize("role", OWN)
def test_own_roles_read_and_download(client, report, role):
    sign_in(client, role)
    assert client.get(report.get_absolute_url()).status_code == 200
    assert client.get(f"/reports/{report.reference}.pdf").status_code == 200


@pytest.mark.parametrize("role", ["heg", "admin", "community"])
def test_others_find_nothing_before_release(client, report, role):
    sign_in(client, role)
    assert client.get(report.get_absolute_url()).status_code == 404
    assert client.get(f"/reports/{report.reference}.pdf").status_code == 404


def test_health_equity_group_reads_what_is_released(client, report, snapshot, sponsor, at):
    release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)
    sign_in(client, "heg")
    assert client.get(report.get_absolute_url()).status_code == 200
    assert report.reference in text_of(client.get("/reports/"))


def test_lead_of_another_system_finds_nothing(client, report):
    sign_in(client, "lead", factories.organisation("croydon"))
    assert client.get(report.get_absolute_url()).status_code == 404


def test_peer_reads_what_is_released_where_both_share(client, report, snapshot, sponsor, at):
    release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)
    sign_in(client, "lead", factories.organisation("south-west-london"))
    assert client.get(report.get_absolute_url()).status_code == 404
    Organisation.objects.update(shares_with_peers_since=at)
    assert client.get(report.get_absolute_url()).status_code == 200


def test_peer_does_not_read_the_full_report(client, snapshot, sponsor, at):
    """It lists evidence that need not be shown to peers."""
    full = make(snapshot, at, kind="full-report")
    release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)
    sign_in(client, "lead", factories.organisation("south-west-london"))
    Organisation.objects.update(shares_with_peers_since=at)
    assert client.get(full.get_absolute_url()).status_code == 404


def test_papers_ask_for_sign_in(client, report):
    assert client.get(report.get_absolute_url()).status_code == 302
    assert client.get(f"/reports/{report.reference}.pdf").status_code == 302


def test_download_is_the_stored_file_with_safe_headers(client, report, lead):
    client.force_login(lead)
    response = client.get(f"/reports/{report.reference}.pdf")
    assert response.content == bytes(report.bytes.pdf)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{report.reference}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_reading_and_downloading_are_written_down(client, report, lead):
    client.force_login(lead)
    client.get(report.get_absolute_url())
    client.get(f"/reports/{report.reference}.pdf")
    verbs = AuditEvent.objects.filter(actor=lead.email, detail__reference=report.reference)
    assert set(verbs.values_list("verb", flat=True)) == {"report-read", "report-downloaded"}


def test_unknown_reference_is_not_found(client, lead):
    client.force_login(lead)
    assert client.get("/reports/2026-nowhere-board-paper-v1/").status_code == 404
    assert client.get("/reports/2026-nowhere-board-paper-v1.pdf").status_code == 404


def test_page_shows_the_stored_body(client, report, lead):
    client.force_login(lead)
    page = text_of(client.get(report.get_absolute_url()))
    assert report.bytes.html in page
    assert report.digest in page
    assert "superseded" not in page


def test_superseded_paper_says_so_and_stays(client, report, snapshot, lead, at):
    save_cover(
        assessment=snapshot.assessment, version=0, by=lead, at=at, board_on=None, agenda_item="7"
    )
    newer = make(snapshot, at, version=2)
    client.force_login(lead)
    page = text_of(client.get(report.get_absolute_url()))
    assert f'superseded by <a href="{newer.get_absolute_url()}">version 2</a>' in page
    listed = text_of(client.get("/reports/"))
    assert f"{report.reference}</a>, superseded" in listed
    assert f"Download {newer.reference}.pdf" in listed


def test_list_without_papers_says_what_to_do(client, lead):
    client.force_login(lead)
    assert "There are no papers yet" in text_of(client.get("/reports/"))


def test_list_shows_what_is_being_made_and_what_failed(client, snapshot, lead):
    client.force_login(lead)
    Job.objects.filter(kind="full-report").update(state=Job.State.FAILED, error="It broke.")
    page = text_of(client.get("/reports/"))
    assert "Board paper: see how it stands" in page
    assert "Full report: see why and try again" in page
    assert MAKING_URL in page
    assert COVER_URL in page


def test_board_member_sees_no_link_to_the_cover_form(client, snapshot):
    sign_in(client, "board")
    assert COVER_URL not in text_of(client.get("/reports/"))


def test_list_asks_the_database_no_more_for_more_papers(
    client, report, snapshot, lead, at, django_assert_max_num_queries
):
    make(snapshot, at, kind="full-report")
    client.force_login(lead)
    with django_assert_max_num_queries(12):
        client.get("/reports/")


def test_report_page_stays_within_its_queries(client, report, lead, django_assert_max_num_queries):
    client.force_login(lead)
    client.get("/reports/")  # the session's own upkeep comes once a minute
    with django_assert_max_num_queries(12):
        client.get(report.get_absolute_url())


def test_progress_page_looks_again_while_papers_are_made(client, snapshot, lead):
    client.force_login(lead)
    page = text_of(client.get(MAKING_URL))
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert page.count("Waiting") == 2


def test_progress_page_says_why_the_last_try_did_not_work(client, snapshot, lead):
    Job.objects.filter(kind="board-paper").update(error="The disk was full.")
    client.force_login(lead)
    page = text_of(client.get(MAKING_URL))
    assert "The last try did not work: The disk was full. It will be tried again." in page


def test_progress_page_rests_when_all_is_made(client, report, lead):
    Job.objects.update(state=Job.State.DONE)
    client.force_login(lead)
    page = text_of(client.get(MAKING_URL))
    assert "refresh" not in page
    assert "Read version 1" in page
    assert "It is made when the assessment is signed off." in page


def test_failed_paper_can_be_tried_again(client, snapshot, lead):
    Job.objects.update(state=Job.State.FAILED, attempts=5, error="It broke.")
    client.force_login(lead)
    page = text_of(client.get(MAKING_URL))
    assert "It broke." in page
    assert "Try again" in page
    response = client.post(MAKING_URL, {"kind": "board-paper"})
    assert response.url == MAKING_URL
    states = dict(Job.objects.values_list("kind", "state"))
    assert states == {"board-paper": "waiting", "full-report": "failed"}


def test_board_member_may_look_but_not_try_again(client, snapshot):
    Job.objects.update(state=Job.State.FAILED)
    sign_in(client, "board")
    assert "Try again" not in text_of(client.get(MAKING_URL))
    assert client.post(MAKING_URL, {"kind": "board-paper"}).status_code == 403


def test_progress_of_another_organisation_is_not_found(client, snapshot):
    sign_in(client, "heg")
    assert client.get(MAKING_URL).status_code == 404
    assert client.get("/reports/making/2026/nowhere/").status_code == 404


@pytest.mark.parametrize("role", ["lead", "sponsor", "secretary"])
def test_cover_roles_fill_in_the_sheet(client, assessment, role):
    user = sign_in(client, role)
    date = {"board_on_day": "27", "board_on_month": "1", "board_on_year": "2027"}
    response = client.post(COVER_URL, FORM | date)
    assert response.url == reverse("reporting:index")
    cover = Cover.objects.get()
    assert (cover.board_name, cover.purpose, cover.version) == ("The Board", "noting", 1)
    assert Assessment.objects.get().board_on == dt.date(2027, 1, 27)
    assert AuditEvent.objects.filter(verb="cover-saved", actor=user.email).exists()


@pytest.mark.parametrize(
    ("role", "status"), [("contributor", 403), ("board", 403), ("heg", 404), ("admin", 404)]
)
def test_others_do_not_reach_the_cover_form(client, assessment, role, status):
    sign_in(client, role)
    assert client.get(COVER_URL).status_code == status


def test_cover_form_shows_what_is_saved(client, assessment, lead, at):
    save_cover(
        assessment=assessment, version=0, by=lead, at=at,
        board_on=dt.date(2027, 1, 27), board_name="The old Board",
    )  # fmt: skip
    client.force_login(lead)
    page = text_of(client.get(COVER_URL))
    assert 'value="The old Board"' in page
    assert 'value="2027"' in page


def test_bad_input_is_told_beside_its_field(client, assessment, lead):
    client.force_login(lead)
    bad = {
        "board_name": "x" * 201, "agenda_item": "\u200b\u2060", "purpose": "party",
        "board_on_day": "31", "board_on_month": "2", "board_on_year": "2027", "version": "0",
    }  # fmt: skip
    page = text_of(client.post(COVER_URL, bad))
    assert page.count("Board must be 200 characters or fewer") == 2
    assert page.count("Agenda item must include words that can be read") == 2
    assert page.count("Select what the Board is to do with the paper") == 2
    assert page.count("Date of the meeting must be a real date") == 2
    assert "<title>Error: Cover sheet" in page
    assert not Cover.objects.exists()


def test_pasted_line_breaks_become_spaces(client, assessment, lead):
    client.force_login(lead)
    client.post(COVER_URL, FORM | {"author": "Amina\r\n\x07 Okafor"})
    assert Cover.objects.get().author == "Amina Okafor"


def test_stale_cover_shows_both_and_keeps_what_was_typed(client, assessment, lead, sponsor, at):
    save_cover(
        assessment=assessment, version=0, by=sponsor, at=at, board_on=None, agenda_item="theirs"
    )
    client.force_login(lead)
    page = text_of(client.post(COVER_URL, FORM | {"agenda_item": "mine"}))
    assert "Somebody else has changed the cover sheet" in page
    assert 'value="mine"' in page
    assert "theirs" in page
    assert 'name="version" value="1"' in page
    client.post(COVER_URL, FORM | {"agenda_item": "mine", "version": "1"})
    assert Cover.objects.get().agenda_item == "mine"


def test_cover_without_a_version_says_so(client, assessment, lead):
    client.force_login(lead)
    page = text_of(client.post(COVER_URL, {"board_name": "The Board"}))
    assert "did not say which version" in page


def test_reports_are_ordered_by_kind_with_the_newest_first(client, report, snapshot, lead, at):
    make(snapshot, at, kind="full-report")
    client.force_login(lead)
    page = text_of(client.get("/reports/"))
    board, full = (r.reference for r in Report.objects.order_by("kind"))
    assert page.index(board) < page.index(full)


def test_member_of_two_organisations_sees_both(client, report, lead):
    factories.add_role(lead, Role.BOARD, factories.organisation("croydon"))
    client.force_login(lead)
    assert report.reference in text_of(client.get("/reports/"))
