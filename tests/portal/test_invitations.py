"""Invitations: offered by whoever may, once, for 28 days, to one address."""

import datetime as dt
import hashlib
import re
import threading

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from portal import services
from portal.models import AuditEvent, Invitation, InvitationQuerySet, Membership, Message, User
from portal.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def invite(system, by, at, role=Role.CONTRIBUTOR, email="New@Example.org", **fields):
    return services.invite(
        email=email, name="Nadia New", organisation=system, role=role, by=by, at=at, **fields
    )


def accept(token, at, **fields):
    values = {"name": "Nadia New", "job_title": "Analyst", "password": "three random words"}
    return services.accept_with_new_account(token=token, at=at, **values | fields)


def test_invite_writes_mail_with_the_link_and_keeps_only_the_hash(lead, system, at):
    invitation, token = invite(system, lead, at)

    assert invitation.email == "new@example.org"
    assert invitation.token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert invitation.expires_at == at + 28 * DAY
    mail = Message.objects.get()
    assert mail.to == "new@example.org"
    assert f"http://testserver/invitations/{token}/" in mail.body
    for words in ("Nadia New", "Amina Okafor", "contributor", system.name, "14 December 2026"):
        assert words in mail.body
    assert "as contributor for" in mail.subject
    event = AuditEvent.objects.get()
    assert (event.verb, event.chain, event.actor) == ("invite", system.slug, lead.email)
    assert token not in str(event.detail)


@pytest.mark.parametrize(
    ("inviter", "role", "may"),
    [
        ("lead", Role.CONTRIBUTOR, True),
        ("lead", Role.BOARD, True),
        ("sponsor", Role.SECRETARY, True),
        ("sponsor", Role.COMMUNITY, True),
        ("lead", Role.LEAD, False),
        ("lead", Role.SPONSOR, False),
        ("heg", Role.LEAD, True),
        ("heg", Role.SPONSOR, True),
        ("heg", Role.CONTRIBUTOR, False),
        ("contributor", Role.CONTRIBUTOR, False),
        ("board", Role.BOARD, False),
        ("admin", Role.LEAD, False),
    ],
)
def test_invite_is_for_whoever_the_table_names(request, inviter, role, may, system, at):
    by = request.getfixturevalue(inviter)
    if may:
        invite(system, by, at, role=role)
        assert Invitation.objects.get().role == role
    else:
        with pytest.raises(PermissionDenied):
            invite(system, by, at, role=role)
        assert not Message.objects.exists()


@pytest.mark.parametrize(("inviter", "may"), [("admin", True), ("heg", False)])
def test_invite_to_the_group_is_for_administrators(request, inviter, may, group, at):
    by = request.getfixturevalue(inviter)
    if may:
        invite(group, by, at, role=Role.HEG)
        assert Invitation.objects.get().organisation == group
    else:
        with pytest.raises(PermissionDenied):
            invite(group, by, at, role=Role.HEG)


def test_invite_by_a_lead_of_another_system_is_refused(lead, at):
    with pytest.raises(PermissionDenied):
        invite(factories.organisation("south-east-london"), lead, at)


def test_invite_again_is_refused_until_the_first_has_run_out(lead, system, at):
    first, _token = invite(system, lead, at)
    with pytest.raises(services.AlreadyInvited):
        invite(system, lead, at + 27 * DAY, email="NEW@example.org")
    second, _token = invite(system, lead, at + 29 * DAY)
    first.refresh_from_db()
    assert first.revoked_at == at + 29 * DAY
    assert list(Invitation.objects.pending()) == [second]


def test_invite_of_a_member_to_the_same_role_is_refused(lead, contributor, system, at):
    with pytest.raises(services.AlreadyMember):
        invite(system, lead, at, email=contributor.email.upper())


def test_invite_of_an_account_switched_off_is_refused(lead, system, at):
    factories.UserFactory(email="gone@example.org", is_active=False)
    with pytest.raises(services.AccountOff):
        invite(system, lead, at, email="gone@example.org")


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.COMMUNITY])
def test_invite_of_the_group_to_a_role_it_oversees_is_refused(lead, heg, system, at, role):
    with pytest.raises(services.BarredByHEG):
        invite(system, lead, at, role=role, email=heg.email)


def test_invite_of_an_assessed_person_to_the_group_is_refused(admin, contributor, group, at):
    with pytest.raises(services.BarredByHEG):
        invite(group, admin, at, role=Role.HEG, email=contributor.email)


def test_invite_to_a_role_that_does_not_fit_the_organisation_is_refused(system, group, at):
    with pytest.raises(services.WrongOrganisation):
        invite(system, None, at, role=Role.HEG)
    with pytest.raises(services.WrongOrganisation):
        invite(group, None, at, role=Role.LEAD)


def test_resend_makes_a_new_link_and_stops_the_old_one(lead, system, at):
    invitation, old = invite(system, lead, at)
    new = services.resend(invitation=invitation, by=lead, at=at + 20 * DAY)

    with pytest.raises(services.InvitationClosed):
        services.find_open(token=old, at=at + 21 * DAY)
    found = services.find_open(token=new, at=at + 47 * DAY)
    assert found.sent_at == at + 20 * DAY
    assert Message.objects.count() == 2
    assert AuditEvent.objects.filter(verb="resend-invitation").count() == 1


def test_revoked_invitation_opens_nothing_and_cannot_be_sent_again(lead, system, at):
    invitation, token = invite(system, lead, at)
    services.revoke(invitation=invitation, by=lead, at=at)
    with pytest.raises(services.InvitationClosed):
        accept(token, at)
    with pytest.raises(services.InvitationClosed):
        services.resend(invitation=invitation, by=lead, at=at)
    with pytest.raises(services.InvitationClosed):
        services.revoke(invitation=invitation, by=lead, at=at)
    assert not User.objects.filter(email="new@example.org").exists()


def test_resend_and_revoke_are_for_whoever_may_invite(lead, board, system, at):
    invitation, _token = invite(system, lead, at)
    with pytest.raises(PermissionDenied):
        services.resend(invitation=invitation, by=board, at=at)
    with pytest.raises(PermissionDenied):
        services.revoke(invitation=invitation, by=board, at=at)


def test_accept_makes_account_and_role_once(lead, system, at):
    invitation, token = invite(
        system, lead, at, role=Role.COMMUNITY, on_behalf_of="Newham Health Champions"
    )
    user = accept(token, at + DAY)

    assert (user.email, user.name, user.job_title) == ("new@example.org", "Nadia New", "Analyst")
    assert user.check_password("three random words")
    assert user.joined_at == at + DAY
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.verified, address.primary) == ("new@example.org", True, True)
    membership = Membership.objects.get(user=user)
    assert (membership.role, membership.organisation) == (Role.COMMUNITY, system)
    assert membership.on_behalf_of == "Newham Health Champions"
    invitation.refresh_from_db()
    assert invitation.accepted_at == at + DAY
    verbs = set(AuditEvent.objects.filter(actor=user.email).values_list("verb", flat=True))
    assert verbs == {"create-account", "start-role", "accept-invitation"}
    with pytest.raises(services.InvitationClosed):
        accept(token, at + DAY)
    assert User.objects.filter(email="new@example.org").count() == 1


def test_accept_on_the_last_moment_and_not_after(lead, system, at):
    _invitation, token = invite(system, lead, at)
    with pytest.raises(services.InvitationClosed):
        accept(token, at + 28 * DAY)
    accept(token, at + 28 * DAY - dt.timedelta(seconds=1))


def test_accept_with_a_made_up_token_is_refused(db, at):
    with pytest.raises(services.InvitationClosed):
        services.find_open(token="made-up", at=at)


def test_accept_with_new_account_where_there_is_one_asks_to_sign_in(lead, stranger, system, at):
    _invitation, token = invite(system, lead, at, email=stranger.email)
    with pytest.raises(services.AccountExists):
        accept(token, at)
    assert Invitation.objects.pending().exists()


def test_accept_as_gives_the_role_to_the_person_invited_only(lead, stranger, board, system, at):
    _invitation, token = invite(system, lead, at, email=stranger.email)
    with pytest.raises(services.SomebodyElse):
        services.accept_as(token=token, user=board, at=at)
    services.accept_as(token=token, user=stranger, at=at)
    assert stranger.roles_in(system) == {Role.CONTRIBUTOR}
    assert Membership.objects.filter(user=board).count() == 1


def test_accept_is_refused_when_the_person_joined_the_group_meanwhile(
    lead, stranger, system, group, at
):
    _invitation, token = invite(system, lead, at, email=stranger.email)
    factories.add_role(stranger, Role.HEG, group)
    with pytest.raises(services.BarredByHEG):
        services.accept_as(token=token, user=stranger, at=at)
    assert Invitation.objects.pending().exists()


def test_role_of_administrator_opens_the_administration_pages(admin, stranger, group, at):
    _invitation, token = invite(group, admin, at, role=Role.ADMIN, email=stranger.email)
    services.accept_as(token=token, user=stranger, at=at)
    stranger.refresh_from_db()
    assert stranger.is_staff


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_make_one_account(lead, system, at):
    _invitation, token = invite(system, lead, at)
    outcomes = []
    start = threading.Barrier(2)

    def take_up():
        start.wait(timeout=10)
        try:
            outcomes.append(accept(token, at).email)
        except services.Refusal as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=take_up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["InvitationClosed", "new@example.org"]
    assert Membership.objects.filter(user__email="new@example.org").count() == 1


def test_command_invites_the_group_and_prints_the_link(group, capsys):
    call_command("invite", email="first@example.org", role="heg", name="First Member")
    printed = capsys.readouterr().out
    token = re.search(r"http://testserver/invitations/(\S+)/", printed)[1]
    assert Invitation.objects.get().token_hash == hashlib.sha256(token.encode()).hexdigest()
    assert "The portal’s administrator invites you" in Message.objects.get().body


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("nonsense", "nonsense is not an e-mail address"), ("first@example.org", "invited to this")],
)
def test_command_refuses_bad_addresses_and_second_invitations(group, email, sentence):
    call_command("invite", email="first@example.org", role="admin")
    with pytest.raises(CommandError, match=sentence):
        call_command("invite", email=email, role="admin")


@pytest.mark.parametrize(
    "command",
    [
        ("invite", "--email", "a@example.org", "--role", "heg"),
        ("make_administrator", "a@b.org", "A"),
    ],
)
def test_commands_need_the_organisations(db, command):
    with pytest.raises(CommandError, match="load_organisations"):
        call_command(*command)


def test_command_makes_an_administrator_who_sets_the_password(group, client, capsys):
    call_command("make_administrator", "Root@Example.org", "Ruth Root")
    user = User.objects.get(email="root@example.org")
    assert user.is_staff
    assert not user.has_usable_password()
    assert user.roles_in(group) == {Role.ADMIN}
    path = re.search(r"http://testserver(\S+)", capsys.readouterr().out)[1]
    page = client.get(path, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "amber kettle window"})
    user.refresh_from_db()
    assert user.check_password("amber kettle window")


def test_command_makes_an_administrator_of_somebody_with_an_account_once(group, stranger):
    call_command("make_administrator", stranger.email, "Ignored")
    stranger.refresh_from_db()
    assert (stranger.name, stranger.is_staff) == ("Sam Stranger", True)
    with pytest.raises(CommandError, match="has this role already"):
        call_command("make_administrator", stranger.email, "Ignored")
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("make_administrator", "nonsense", "Ignored")


def test_invite_of_two_at_once_is_one_invitation(lead, system, at, monkeypatch):
    """The other one is written right after the look for it, and is not taken for a late one."""
    look = InvitationQuerySet.open

    def written_meanwhile(rows, *, at):
        found = list(look(rows, at=at).values_list("pk", flat=True))
        monkeypatch.setattr(InvitationQuerySet, "open", look)
        invite(system, lead, at)
        return rows.filter(pk__in=found)

    monkeypatch.setattr(InvitationQuerySet, "open", written_meanwhile)
    with pytest.raises(services.AlreadyInvited):
        invite(system, lead, at, email="new@example.org")


def test_accept_of_two_invitations_at_once_makes_one_account(lead, system, at, monkeypatch, client):
    """The other account is written between the look for it and the writing."""
    _invitation, token = invite(system, lead, timezone.now())
    change = services.invitations._change_pending

    def made_meanwhile(*args, **fields):
        services.create_account(email="new@example.org", name="Nadia New", at=at)
        change(*args, **fields)

    monkeypatch.setattr(services.invitations, "_change_pending", made_meanwhile)
    sent = {"name": "Nadia New", "job_title": "Analyst", "password": "three random words"}
    page = client.post(f"/invitations/{token}/", sent)
    assert page.status_code == 200
    assert "Sign in" in page.content.decode()
    assert not Membership.objects.filter(user__email="new@example.org").exists()
