"""Roles held: started, ended, felt from the next request on."""

import pytest
from django.core.exceptions import PermissionDenied

from portal import services
from portal.models import AuditEvent, Membership, User
from portal.roles import Role
from tests import factories

pytestmark = pytest.mark.django_db


def role_of(user):
    return Membership.objects.get(user=user)


def test_start_membership_is_felt_at_once_and_recorded(stranger, system, at):
    assert stranger.active_memberships == []
    services.start_membership(
        user=stranger, organisation=system, role=Role.BOARD, by=None, at=at, on_behalf_of="Board"
    )
    assert stranger.roles_in(system) == {Role.BOARD}
    event = AuditEvent.objects.get()
    assert (event.verb, event.detail) == (
        "start-role",
        {"person": stranger.email, "role": "board"},
    )


def test_end_membership_takes_the_role_away_and_keeps_the_row(lead, contributor, system, at):
    membership = role_of(contributor)
    services.end_membership(membership=membership, by=lead, at=at)
    assert User.objects.get(pk=contributor.pk).roles_in(system) == set()
    membership.refresh_from_db()
    assert membership.ended_at == at
    assert AuditEvent.objects.get().verb == "end-role"
    with pytest.raises(services.MembershipEnded):
        services.end_membership(membership=membership, by=lead, at=at)


def test_ended_role_can_be_started_again(lead, contributor, system, at):
    services.end_membership(membership=role_of(contributor), by=lead, at=at)
    services.start_membership(
        user=contributor, organisation=system, role=Role.CONTRIBUTOR, by=lead, at=at
    )
    assert Membership.objects.filter(user=contributor).count() == 2


def test_end_membership_is_for_whoever_gives_the_role(lead, sponsor, heg, board, system, at):
    for by, whose in ((lead, sponsor), (board, lead), (heg, board)):
        with pytest.raises(PermissionDenied):
            services.end_membership(membership=role_of(whose), by=by, at=at)
    services.end_membership(membership=role_of(sponsor), by=heg, at=at)
    assert not Membership.objects.active().filter(user=sponsor).exists()


def test_last_administrator_stays(admin, group, at):
    with pytest.raises(services.LastAdministrator):
        services.end_membership(membership=role_of(admin), by=admin, at=at)
    off = factories.user_with(Role.ADMIN, group, is_active=False)
    with pytest.raises(services.LastAdministrator):
        services.end_membership(membership=role_of(admin), by=admin, at=at)
    assert role_of(off).ended_at is None


def test_administrator_who_leaves_loses_the_administration_pages(admin, group, at):
    other = factories.user_with(Role.ADMIN, group, is_staff=True)
    services.end_membership(membership=role_of(other), by=admin, at=at)
    other.refresh_from_db()
    assert not other.is_staff
