"""One's own account, accepting invitations, roles and authenticators of others."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from portal import services
from portal.models import AuditEvent, Invitation, Membership, Message, User
from portal.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(lead, system):
    """Invites to the role of contributor, now; returns the path of the link."""

    def invite(email="new@example.org"):
        _invitation, token = services.invite(
            email=email,
            name="Nadia New",
            organisation=system,
            role=Role.CONTRIBUTOR,
            by=lead,
            at=timezone.now(),
        )
        return f"/invitations/{token}/"

    return invite


def reference(user):
    return Membership.objects.get(user=user).reference


def test_account_shows_details_roles_and_authenticator(client, community, system):
    Membership.objects.update(on_behalf_of="Newham Health Champions")
    client.force_login(community)
    text = client.get("/account/").text
    for words in ("Grace Bell", community.email, "Community partner", "Newham Health Champions"):
        assert words in text
    assert "Not set up" in text
    assert f'href="/organisations/{system.slug}/"' in text


def test_account_without_a_role_says_what_to_do(client, stranger):
    client.force_login(stranger)
    assert "You have no role in the portal at the moment" in client.get("/account/").text


def test_details_are_changed_cleaned_and_recorded(client, board):
    client.force_login(board)
    assert board.name in client.get("/account/details/").text
    typed = {
        "name": "Ravi\x0b  Board-Menon\r\n",
        "job_title": "",
        "email": "x@y.org",
        "is_staff": "1",
    }
    page = client.post("/account/details/", typed, follow=True)
    assert "Your details have been saved" in page.text
    board.refresh_from_db()
    assert (board.name, board.job_title) == ("Ravi Board-Menon", "")
    assert (board.email, board.is_staff) == (board.email, False)
    assert AuditEvent.objects.get().verb == "change-details"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": "\u200b"}, "Enter your full name"),
        ({"name": "x" * 151}, "Full name must be 150 characters or fewer"),
        ({"name": "x", "job_title": "x" * 151}, "Job title must be 150 characters or fewer"),
    ],
)
def test_details_say_what_is_wrong(client, board, typed, sentence):
    client.force_login(board)
    assert client.post("/account/details/", typed).text.count(sentence) == 2


def test_invite_page_offers_the_roles_one_may_give(client, lead, heg, system):
    path = f"/organisations/{system.slug}/people/invite/"
    client.force_login(lead)
    text = client.get(path).text
    assert 'value="contributor"' in text
    assert 'value="sponsor"' not in text
    client.force_login(heg)
    text = client.get(path).text
    assert 'value="sponsor"' in text
    assert 'value="contributor"' not in text


def test_invite_page_sends_an_invitation(client, lead, system):
    client.force_login(lead)
    typed = {
        "email": " New@Example.org ",
        "name": "Nadia New",
        "role": "community",
        "on_behalf_of": "Health Champions",
    }
    page = client.post(f"/organisations/{system.slug}/people/invite/", typed, follow=True)
    assert "An invitation is on its way to new@example.org" in page.text
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.on_behalf_of) == ("community", "Health Champions")


def test_invite_page_keeps_a_group_for_community_partners_only(client, lead, system):
    client.force_login(lead)
    typed = {"email": "a@example.org", "name": "A", "role": "board", "on_behalf_of": "Group"}
    client.post(f"/organisations/{system.slug}/people/invite/", typed)
    assert Invitation.objects.get().on_behalf_of == ""


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        ({}, ["Enter their e-mail address", "Enter their full name", "Choose a role"]),
        ({"role": "sponsor"}, ["Choose a role"]),
        ({"email": "nonsense"}, ["Enter an e-mail address in the correct format"]),
        ({"role": "community"}, ["Enter the group or panel they speak for"]),
        (
            {"role": "community", "on_behalf_of": "x" * 201},
            ["Group or panel they speak for must be 200 characters or fewer"],
        ),
    ],
)
def test_invite_page_says_what_is_wrong(client, lead, system, typed, sentences):
    client.force_login(lead)
    text = client.post(f"/organisations/{system.slug}/people/invite/", typed).text
    for sentence in sentences:
        assert text.count(sentence) == 2
    assert not Invitation.objects.exists()


def test_invite_page_shows_a_refusal_beside_the_address(client, lead, board, system):
    client.force_login(lead)
    typed = {"email": board.email, "name": "Ravi", "role": "board"}
    text = client.post(f"/organisations/{system.slug}/people/invite/", typed).text
    assert text.count("This person has this role already") == 2


@pytest.mark.parametrize("who", ["board", "contributor", "community"])
def test_invite_page_is_forbidden_to_whoever_gives_no_role(request, client, who, system):
    client.force_login(request.getfixturevalue(who))
    assert client.get(f"/organisations/{system.slug}/people/invite/").status_code == 403


def test_invitation_is_sent_again_and_withdrawn(client, lead, system, invited):
    path = invited()
    client.force_login(lead)
    base = f"/organisations/{system.slug}/invitations/"
    first = Invitation.objects.get().reference
    page = client.post(f"{base}{first}/resend/", follow=True)
    assert "A new invitation is on its way" in page.text
    assert Message.objects.count() == 2
    client.logout()
    assert client.get(path).status_code == 404

    client.force_login(lead)
    second = Invitation.objects.get().reference
    assert client.post(f"{base}{first}/revoke/").status_code == 404
    page = client.post(f"{base}{second}/revoke/", follow=True)
    assert "has been withdrawn" in page.text
    assert client.post(f"{base}{second}/resend/").status_code == 404


def test_invitation_is_kept_by_whoever_may_give_the_role(client, board, heg, system, invited):
    invited()
    path = f"/organisations/{system.slug}/invitations/{Invitation.objects.get().reference}"
    for user in (board, heg):
        client.force_login(user)
        assert client.post(f"{path}/resend/").status_code == 403
        assert client.post(f"{path}/revoke/").status_code == 403
        assert client.get(f"{path}/revoke/").status_code == 405


@pytest.mark.parametrize("verb", ["resend", "revoke"])
def test_invitation_taken_up_meanwhile_is_said_to_be_closed(
    client, lead, system, invited, monkeypatch, verb
):
    """As when the person accepts between finding the row and changing it."""
    invited()
    invitation = Invitation.objects.get()
    path = f"/organisations/{system.slug}/invitations/{invitation.reference}/{verb}/"
    monkeypatch.setattr("portal.queries.find_invitation", lambda *_args: invitation)
    Invitation.objects.update(accepted_at=timezone.now())
    client.force_login(lead)
    page = client.post(path, follow=True)
    assert "This invitation has been used or withdrawn" in page.text


def test_new_person_accepts_and_is_signed_in(client, invited, system):
    path = invited()
    page = client.get(path)
    assert "new@example.org" in page.text
    assert not User.objects.filter(email="new@example.org").exists()
    answer = client.post(path, {"name": "Nadia New", "password": "amber kettle window"})
    assert answer.url == "/"
    assert client.get("/account/").status_code == 200
    user = User.objects.get(email="new@example.org")
    assert user.roles_in(system) == {Role.CONTRIBUTOR}
    assert client.get(path).status_code == 404
    verbs = list(AuditEvent.objects.filter(actor=user.email).values_list("verb", flat=True))
    assert verbs.count("sign-in") == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Enter your full name"),
        ({"password": ""}, "Enter a password"),
        ({"password": "short"}, "Password must be 12 characters or more"),
        ({"password": "Nadia New 2026"}, "Password must not be like your name"),
    ],
)
def test_new_person_is_told_what_is_wrong(client, invited, typed, sentence):
    values = {"name": "Nadia New", "password": "amber kettle window", **typed}
    page = client.post(invited(), values)
    assert page.text.count(sentence) == 2
    assert not User.objects.filter(email="new@example.org").exists()


def test_person_with_an_account_signs_in_and_accepts(client, invited, stranger, system):
    path = invited(stranger.email)
    page = client.get(path)
    assert "Sign in to accept your invitation" in page.text
    assert f'href="/accounts/login/?next={path}"' in page.text
    assert client.post(path).status_code == 200

    client.force_login(stranger)
    assert "Accept your invitation" in client.get(path).text
    page = client.post(path, follow=True)
    assert "You are now contributor for" in page.text
    assert page.request["PATH_INFO"] == f"/organisations/{system.slug}/"


def test_invitation_of_somebody_else_is_not_taken_up(client, invited, board):
    path = invited()
    client.force_login(board)
    for page in (client.get(path), client.post(path)):
        assert "This invitation is for somebody else" in page.text
        assert "new@example.org" not in page.text
    assert Membership.objects.filter(user=board).count() == 1


def test_person_who_may_not_take_the_role_is_told_why(client, invited, stranger, group):
    path = invited(stranger.email)
    factories.add_role(stranger, Role.HEG, group)
    client.force_login(stranger)
    page = client.post(path, follow=True)
    assert "Members of the Health Equity Group cannot hold a role" in page.text


def test_member_who_accepts_again_is_told(client, invited, stranger, system):
    path = invited(stranger.email)
    factories.add_role(stranger, Role.CONTRIBUTOR, system)
    client.force_login(stranger)
    assert "This person has this role already" in client.post(path, follow=True).text


@pytest.mark.parametrize("path", ["/invitations/made-up/", "/invitations/%00/"])
def test_link_that_opens_nothing_says_what_to_do(client, path):
    page = client.get(path)
    assert page.status_code == 404
    assert "Otherwise ask the person who invited you" in page.text


def test_role_is_ended_after_asking(client, lead, board, system):
    client.force_login(lead)
    path = f"/organisations/{system.slug}/people/{reference(board)}/end/"
    assert "End the role of Ravi Board?" in client.get(path).text
    assert Membership.objects.active().filter(user=board).exists()
    page = client.post(path, follow=True)
    assert "Ravi Board is no longer board member" in page.text
    assert not Membership.objects.active().filter(user=board).exists()
    assert client.get(path).status_code == 404


def test_ending_a_role_is_forbidden_or_not_there(client, board, lead, sponsor, system):
    path = f"/organisations/{system.slug}/people/{reference(sponsor)}/end/"
    for user in (board, lead):
        client.force_login(user)
        assert client.post(path).status_code == 403
    assert (
        client.get(f"/organisations/{system.slug}/people/0123456789abcdef/end/").status_code == 404
    )


def test_last_administrator_cannot_be_ended(client, admin, group):
    client.force_login(admin)
    path = f"/organisations/{group.slug}/people/{reference(admin)}/end/"
    page = client.post(path, follow=True)
    assert "Invite another one before you end this role" in page.text


def test_group_resets_an_authenticator_after_asking(client, heg, lead, system):
    elsewhere = type(client)()
    elsewhere.force_login(lead)
    Authenticator.objects.create(user=lead, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client.force_login(heg)
    assert "Reset authenticator" in client.get(system.get_absolute_url()).text
    path = f"/organisations/{system.slug}/people/{reference(lead)}/reset-authenticator/"
    assert "Make sure that it is them" in client.get(path).text
    assert Authenticator.objects.exists()

    page = client.post(path, follow=True)
    assert "authenticator has been reset" in page.text
    assert not Authenticator.objects.exists()
    assert elsewhere.get("/account/").status_code == 302
    assert client.get("/account/").status_code == 200
    event = AuditEvent.objects.get(verb="reset-authenticator")
    assert (event.actor, event.detail) == (heg.email, {"person": lead.email})
    mail = Message.objects.get()
    assert mail.to == lead.email
    assert "Ife Cole of the Health Equity Group" in mail.body
    assert "has not set up an authenticator app" in client.post(path, follow=True).text


def test_reset_is_forbidden_to_everybody_else(client, lead, admin, board, system, at):
    path = f"/organisations/{system.slug}/people/{reference(board)}/reset-authenticator/"
    for user in (lead, admin):
        client.force_login(user)
        assert client.post(path).status_code == 403
    with pytest.raises(PermissionDenied):
        services.reset_authenticator(user=board, by=lead, at=at)


def test_end_sessions_ends_those_of_one_person_only(client, board, lead):
    other = type(client)()
    client.force_login(board)
    other.force_login(lead)
    assert services.end_sessions(user=board, at=timezone.now()) == 1
    assert client.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    assert Session.objects.count() == 1


@pytest.mark.parametrize("path", ["/account/details/", "/organisations/north-east-london/edit/"])
def test_empty_posts_show_errors(client, heg, system, path):
    client.force_login(heg)
    assert "There is a problem" in client.post(path).text
