"""People, organisations and what the database itself refuses."""

import datetime as dt

import pytest
from django.db import IntegrityError

from portal.models import (
    Affiliation,
    AuditChain,
    AuditEvent,
    Heartbeat,
    Invitation,
    Job,
    Membership,
    Message,
    Organisation,
    User,
)
from portal.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_name_themselves(lead, system, at):
    member = factories.organisation("hackney")
    membership = Membership.objects.get(user=lead)
    assert str(system) == system.name
    assert str(Affiliation(system=system, member=member)) == f"{member} in {system}"
    assert str(lead) == "Amina Okafor"
    assert str(User(email="x@example.org")) == "x@example.org"
    assert str(membership) == f"Amina Okafor, Assessment lead, {system}"
    invitation = Invitation(email="x@example.org", role=Role.BOARD, organisation=system)
    assert str(invitation) == f"x@example.org, Board member, {system}"
    assert str(AuditChain(name="portal")) == "portal"
    event = AuditEvent(at=at, actor="a@example.org", verb="sign-in")
    assert str(event) == "2026-11-16 10:00 a@example.org sign-in"
    assert str(Job(kind="board-paper", subject_id=7)) == "board-paper 7"
    assert str(Message(subject="Hello", to="x@example.org")) == "Hello to x@example.org"
    assert str(Heartbeat(name="worker", beat_at=at)) == "worker at 2026-11-16 10:00:00"
    assert (lead.get_full_name(), lead.get_short_name()) == ("Amina Okafor", "Amina Okafor")


def test_live_organisations_are_those_of_the_day():
    on = dt.date(2026, 4, 1)
    day = dt.timedelta(days=1)
    always = factories.organisation("always")
    begun = factories.organisation("begun", valid_from=on, valid_to=on)
    factories.organisation("coming", valid_from=on + day)
    factories.organisation("ended", valid_to=on - day)
    assert set(Organisation.objects.live(on=on)) == {always, begun}


def test_systems_are_integrated_care_systems(system, group):
    assert list(Organisation.objects.systems()) == [system]
    assert group.is_heg
    assert not system.is_heg


def test_organisations_visible_are_ones_own_or_all(lead, stranger, heg, admin, system):
    other = factories.organisation("south-east-london")
    assert list(Organisation.objects.visible_to(lead)) == [system]
    assert list(Organisation.objects.visible_to(stranger)) == []
    assert {system, other} <= set(Organisation.objects.visible_to(heg))
    assert {system, other} <= set(Organisation.objects.visible_to(admin))


def test_organisation_name_is_unique_in_any_case(system):
    with pytest.raises(IntegrityError, match="organisation_name_is_unique"):
        Organisation.objects.create(slug="copy", name=system.name.upper(), kind="ics")


def test_organisation_cannot_end_before_it_starts():
    with pytest.raises(IntegrityError, match="organisation_ends_after_it_starts"):
        factories.organisation(
            "backwards", valid_from=dt.date(2026, 4, 2), valid_to=dt.date(2026, 4, 1)
        )


def test_affiliation_joins_two_organisations(system):
    with pytest.raises(IntegrityError, match="affiliation_joins_two_organisations"):
        Affiliation.objects.create(system=system, member=system)


def test_accounts_are_kept_and_found_in_lower_case():
    user = User.objects.create_user("Mixed.Case@Example.ORG", "a password of words", name="M")
    assert user.email == "mixed.case@example.org"
    assert User.objects.get_by_natural_key("MIXED.case@example.org") == user
    with pytest.raises(IntegrityError):
        User.objects.create(email="MIXED.CASE@example.org", name="Other")


def test_superuser_may_use_the_administration_pages_and_needs_a_second_factor():
    user = User.objects.create_superuser("root@example.org", "a password of words", name="Root")
    assert user.is_staff
    assert user.is_superuser
    assert user.needs_second_factor


def test_second_factor_is_asked_of_leads_and_not_of_board_members(lead, board, heg, admin):
    assert lead.needs_second_factor
    assert heg.needs_second_factor
    assert admin.needs_second_factor
    assert not board.needs_second_factor


def test_roles_of_a_person(lead, heg, system):
    assert lead.roles_in(system) == {Role.LEAD}
    assert lead.roles_in(None) == set()
    assert heg.roles_in(system) == {Role.HEG}
    assert lead.organisations_as(Role.LEAD) == [system.pk]
    assert lead.organisations_as(Role.SPONSOR) == []
    assert heg.is_heg_member
    assert not lead.is_heg_member


def test_one_active_membership_per_role(lead, system, at):
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=lead, organisation=system, role=Role.LEAD, started_at=at)


def test_references_name_rows_without_their_keys(lead, board):
    first, second = (Membership.objects.get(user=user).reference for user in (lead, board))
    assert first != second
    assert len(first) == 16
    assert Invitation(token_hash="abcdef0123456789" * 4).reference == "abcdef0123456789"


def test_invitations_open_are_pending_and_not_run_out(system, at):
    def invitation(number, **fields):
        values = {"expires_at": at + dt.timedelta(days=1), "sent_at": at, **fields}
        return Invitation.objects.create(
            email=f"p{number}@example.org",
            organisation=system,
            role=Role.BOARD,
            token_hash=str(number),
            **values,
        )

    is_open = invitation(1)
    run_out = invitation(2, expires_at=at)
    invitation(3, accepted_at=at)
    invitation(4, revoked_at=at)
    assert set(Invitation.objects.pending()) == {is_open, run_out}
    assert list(Invitation.objects.open(at=at)) == [is_open]


def test_messages_due_are_waiting_and_their_time_has_come(at):
    def message(number, **fields):
        values = {"send_after": at, "created_at": at, **fields}
        return Message.objects.create(dedupe_key=str(number), to="x@example.org", **values)

    due = message(1)
    message(2, send_after=at + dt.timedelta(seconds=1))
    message(3, sent_at=at)
    message(4, failed_at=at)
    assert list(Message.objects.due(at=at)) == [due]
