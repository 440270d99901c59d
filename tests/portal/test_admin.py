"""The administration pages: for administrators, without business content."""

import pytest
from django.apps import apps
from django.contrib import admin as django_admin
from django.utils import timezone

from portal import services
from portal.admin import OperatorOnly
from portal.models import (
    Affiliation,
    AuditEvent,
    Job,
    Membership,
    Message,
    Organisation,
    User,
)
from tests import factories

pytestmark = pytest.mark.django_db

PAGES = ["user", "organisation", "affiliation", "membership", "job", "message"]


@pytest.fixture
def rows(system, lead, at):
    member = factories.organisation("hackney", kind="local_authority")
    Affiliation.objects.create(system=system, member=member)
    Job.objects.create(
        kind="board-paper", subject_id=1, dedupe_key="a", run_after=at, created_at=at
    )
    Message.objects.create(
        dedupe_key="secret-key",
        to="a@example.org",
        subject="Set a new password",
        body="https://portal.example.org/accounts/password/reset/key/secret/",
        created_at=at,
        send_after=at,
    )


def test_only_people_organisations_jobs_and_messages_are_registered():
    ours = {"portal", "commitments", "assessments", "reporting"}
    registered = {m for m in django_admin.site._registry if m._meta.app_label in ours}
    assert registered == {User, Organisation, Affiliation, Membership, Job, Message}


@pytest.mark.parametrize("name", PAGES)
def test_administrator_reads_lists_and_rows(client, admin, rows, name):
    client.force_login(admin)
    assert client.get(f"/admin/portal/{name}/").status_code == 200
    row = apps.get_model("portal", name).objects.first()
    assert client.get(f"/admin/portal/{name}/{row.pk}/change/").status_code == 200


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_added_or_deleted(client, admin, rows, name):
    client.force_login(admin)
    row = apps.get_model("portal", name).objects.first()
    assert client.get(f"/admin/portal/{name}/add/").status_code == 403
    assert client.post(f"/admin/portal/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", [name for name in PAGES if name != "user"])
def test_nothing_but_people_is_changed(client, admin, rows, name):
    client.force_login(admin)
    row = apps.get_model("portal", name).objects.first()
    assert client.post(f"/admin/portal/{name}/{row.pk}/change/", {"name": "x"}).status_code == 403


def test_message_body_is_not_shown(client, admin, rows):
    client.force_login(admin)
    text = client.get(f"/admin/portal/message/{Message.objects.get().pk}/change/").text
    assert "Set a new password" in text
    assert "reset/key" not in text
    assert "secret-key" not in text


@pytest.mark.parametrize("who", ["lead", "heg", "stranger"])
def test_others_are_turned_away(request, client, who):
    client.force_login(request.getfixturevalue(who))
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/login/").status_code == 403


def test_staff_without_the_role_sees_nothing(client, stranger, rows):
    User.objects.filter(pk=stranger.pk).update(is_staff=True)
    client.force_login(stranger)
    assert "portal" not in [app["app_label"] for app in client.get("/admin/").context["app_list"]]
    assert client.get("/admin/portal/user/").status_code == 403


def test_signing_in_is_the_same_as_everywhere(client):
    assert client.get("/admin/login/?next=/admin/").url == "/accounts/login/?next=%2Fadmin%2F"


def test_administrator_puts_a_name_right(client, admin, lead):
    client.force_login(admin)
    typed = {"name": " Amina\x0bOkafor-Bell ", "job_title": "", "is_active": "on", "is_staff": "on"}
    assert client.post(f"/admin/portal/user/{lead.pk}/change/", typed).status_code == 302
    lead.refresh_from_db()
    assert (lead.name, lead.is_active, lead.is_staff) == ("Amina Okafor-Bell", True, False)
    assert AuditEvent.objects.get().verb == "change-details"


def test_administrator_switches_an_account_off_and_on(client, admin, lead):
    elsewhere = type(client)()
    elsewhere.force_login(lead)
    client.force_login(admin)
    path = f"/admin/portal/user/{lead.pk}/change/"
    client.post(path, {"name": lead.name, "job_title": ""})
    lead.refresh_from_db()
    assert not lead.is_active
    assert elsewhere.get("/account/").status_code == 302

    client.post(path, {"name": lead.name, "job_title": "", "is_active": "on"})
    assert list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True)) == [
        "change-details",
        "switch-off-account",
        "change-details",
        "switch-on-account",
    ]


def test_changing_accounts_is_for_operators(lead, board, at):
    with pytest.raises(Exception, match="Operate the portal"):
        services.change_account(user=board, name="x", job_title="", is_active=True, by=lead, at=at)


def test_failed_jobs_are_started_over(client, admin, rows):
    Job.objects.update(state=Job.State.FAILED, attempts=5, finished_at=timezone.now())
    client.force_login(admin)
    selected = {"action": "start_over", "_selected_action": [Job.objects.get().pk]}
    page = client.post("/admin/portal/job/", selected, follow=True)
    assert "1 started over" in page.text
    assert Job.objects.get().state == Job.State.WAITING


def test_every_page_asks_the_one_table_of_rights():
    ours = [one for one in django_admin.site._registry.values() if one.opts.app_label == "portal"]
    assert all(isinstance(one, OperatorOnly) for one in ours)
