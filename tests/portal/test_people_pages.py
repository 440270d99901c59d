"""One's own account, roles that end, authenticators reset, and the pages of invitations."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal import services
from portal.models import Invitation, Job, Membership, Message, Organisation, User
from portal.roles import Role
from portal.services.invitations import invite
from tests import factories

pytestmark = pytest.mark.django_db

SYSTEM = "/organisations/north-east-london/"
GOOD = {"name": "New Person", "job_title": "Analyst", "password": "correct-horse-battery-2"}


def text_of(response):
    return response.content.decode()


def membership_of(user):
    return user.memberships.get()


def test_account_shows_roles(client, lead):
    client.force_login(lead)
    assert "Assessment lead" in text_of(client.get("/account/"))


def test_details_are_changed_and_refused_when_empty(client, lead):
    client.force_login(lead)
    assert client.get("/account/details/").status_code == 200
    assert "Enter your full name" in text_of(client.post("/account/details/", {"name": ""}))
    client.post("/account/details/", {"name": "Amina B Okafor", "job_title": "Director"})
    lead.refresh_from_db()
    assert (lead.name, lead.job_title) == ("Amina B Okafor", "Director")


def test_session_is_extended(client, lead):
    client.force_login(lead)
    assert client.post("/session/extend/").json()["seconds"] == 3600


def test_invite_page_writes_an_invitation_once(client, lead, system):
    client.force_login(lead)
    assert client.get(f"{SYSTEM}people/invite/").status_code == 200
    form = {"email": "new@example.org", "name": "New Person", "role": Role.CONTRIBUTOR}
    assert client.post(f"{SYSTEM}people/invite/", form).status_code == 302
    again = client.post(f"{SYSTEM}people/invite/", form)
    assert again.status_code == 200
    assert "There is a problem" in text_of(again)
    assert Invitation.objects.get().email == "new@example.org"


def test_invite_page_asks_whom_a_community_partner_speaks_for(client, lead, system):
    client.force_login(lead)
    form = {"email": "new@example.org", "name": "New Person", "role": Role.COMMUNITY}
    refused = client.post(f"{SYSTEM}people/invite/", form)
    assert "Enter the group or panel they speak for" in text_of(refused)
    client.post(f"{SYSTEM}people/invite/", form | {"on_behalf_of": "Women's Circle"})
    assert Invitation.objects.get().on_behalf_of == "Women's Circle"


def test_who_gives_no_role_may_not_invite(client, board, system):
    client.force_login(board)
    assert client.get(f"{SYSTEM}people/invite/").status_code in (403, 404)


@pytest.fixture
def token(lead, system, at):
    _invitation, token = invite(
        email="new@example.org",
        name="New Person",
        organisation=system,
        role=Role.CONTRIBUTOR,
        by=lead,
        at=timezone.now(),
    )
    return token


def test_invited_person_makes_an_account_and_is_signed_in(client, token):
    assert client.get(f"/invitations/{token}/").status_code == 200
    weak = client.post(f"/invitations/{token}/", GOOD | {"password": "short"})
    assert "There is a problem" in text_of(weak)
    unnamed = client.post(f"/invitations/{token}/", GOOD | {"password": ""})
    assert "Enter a password" in text_of(unnamed)
    assert client.post(f"/invitations/{token}/", GOOD).status_code == 302
    person = User.objects.get(email="new@example.org")
    assert membership_of(person).role == Role.CONTRIBUTOR
    assert client.get("/account/").status_code == 200
    client.logout()
    assert client.get(f"/invitations/{token}/").status_code == 404


def test_invited_person_with_an_account_signs_in_first_and_accepts(client, token):
    person = factories.UserFactory(email="new@example.org")
    assert "ign in" in text_of(client.get(f"/invitations/{token}/"))
    client.force_login(person)
    assert client.get(f"/invitations/{token}/").status_code == 200
    assert client.post(f"/invitations/{token}/").status_code == 302
    assert membership_of(person).role == Role.CONTRIBUTOR


def test_invitation_is_bound_to_its_address(client, token, board):
    client.force_login(board)
    assert client.post(f"/invitations/{token}/").status_code == 200
    assert board.memberships.count() == 1


def test_member_who_accepts_again_is_told(client, token, system):
    person = factories.user_with(Role.CONTRIBUTOR, system, email="new@example.org")
    client.force_login(person)
    assert client.post(f"/invitations/{token}/").headers["Location"] == "/account/"


def test_invitation_is_sent_again_and_withdrawn_once(client, lead, token):
    client.force_login(lead)
    place = f"{SYSTEM}invitations/{Invitation.objects.get().reference}/"
    assert client.post(f"{place}resend/").status_code == 302
    assert Message.objects.filter(to="new@example.org").count() == 2
    place = f"{SYSTEM}invitations/{Invitation.objects.get().reference}/"
    client.post(f"{place}revoke/")
    assert Invitation.objects.get().revoked_at
    assert client.post(f"{place}revoke/").status_code == 404
    assert client.post(f"{SYSTEM}invitations/none/revoke/").status_code == 404


def test_role_is_ended_after_asking(client, heg, lead, system):
    client.force_login(heg)
    end = f"{SYSTEM}people/{membership_of(lead).reference}/end/"
    assert client.get(end).status_code == 200
    assert client.post(end).status_code == 302
    assert Membership.objects.get(user=lead).ended_at
    assert client.get(f"{SYSTEM}people/none/end/").status_code == 404


def test_lost_authenticator_is_reset_and_its_owner_told(client, heg, lead, system):
    Authenticator.objects.create(user=lead, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client.force_login(heg)
    reset = f"{SYSTEM}people/{membership_of(lead).reference}/reset-authenticator/"
    assert client.get(reset).status_code == 200
    assert client.post(reset).status_code == 302
    assert not Authenticator.objects.exists()
    assert Message.objects.get(to=lead.email).subject
    client.post(reset)
    assert Message.objects.filter(to=lead.email).count() == 1


def test_account_switched_off_is_signed_out_at_once(client, admin, lead, at):
    client.force_login(lead)
    assert Session.objects.count() == 1
    words = {"name": lead.name, "job_title": "", "by": admin, "at": timezone.now()}
    services.change_account(user=lead, is_active=False, **words)
    assert Session.objects.count() == 0
    services.change_account(user=lead, is_active=True, **words)
    services.change_account(user=lead, is_active=True, **words)
    assert User.objects.get(pk=lead.pk).is_active


def test_administrator_changes_a_person_and_starts_jobs_over(client, admin, lead, at):
    client.force_login(admin)
    url = f"/admin/portal/user/{lead.pk}/change/"
    assert client.get(url).status_code == 200
    client.post(url, {"name": "Amina Okafor-Reid", "job_title": "Lead", "is_active": "on"})
    lead.refresh_from_db()
    assert lead.name == "Amina Okafor-Reid"
    job = Job.objects.create(
        kind="board-paper", subject_id=1, dedupe_key="x", run_after=at, created_at=at,
        state=Job.State.FAILED,
    )  # fmt: skip
    form = {"action": "start_over", "_selected_action": [job.pk]}
    assert client.post("/admin/portal/job/", form).status_code == 302
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_constituents_heg_page_lists_every_organisation(client, heg, system):
    client.force_login(heg)
    assert Organisation.objects.get(slug="north-east-london").name in text_of(
        client.get("/organisations/")
    )


def test_refusals_of_a_race_are_told_in_words(client, heg, lead, system, monkeypatch):
    """Two people press at once: the second is told why nothing happened."""

    def refuse(**_words):
        raise services.MembershipEnded

    client.force_login(heg)
    end = f"{SYSTEM}people/{membership_of(lead).reference}/end/"
    monkeypatch.setattr(services, "end_membership", refuse)
    told = text_of(client.post(end, follow=True))
    assert str(services.MembershipEnded()) in told


@pytest.mark.parametrize("deed", ["resend", "revoke"])
def test_invitation_that_was_just_taken_up_is_told(client, lead, token, monkeypatch, deed):
    def refuse(**_words):
        raise services.InvitationClosed

    client.force_login(lead)
    monkeypatch.setattr(services, deed, refuse)
    place = f"{SYSTEM}invitations/{Invitation.objects.get().reference}/{deed}/"
    assert str(services.InvitationClosed()) in text_of(client.post(place, follow=True))
