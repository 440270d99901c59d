"""The table of rights, and what it answers."""

import pytest
from django.core.exceptions import PermissionDenied

from portal.roles import (
    ASSESSED_ROLES,
    GRANTS,
    INVITED_BY,
    LIMITS,
    LONDON_WIDE,
    Permission,
    Role,
    authorise,
    can,
    grants,
    roles_given_by,
)
from tests import factories

pytestmark = pytest.mark.django_db


def test_tables_name_every_role_and_no_limit_without_a_grant():
    assert set(GRANTS) == set(Role)
    assert set(INVITED_BY) == set(Role)
    assert all(permission in GRANTS[role] for role, permission in LIMITS)


def test_grants_are_those_of_all_roles_together():
    assert grants({Role.BOARD, Role.COMMUNITY}) == GRANTS[Role.BOARD] | GRANTS[Role.COMMUNITY]
    assert grants(set()) == set()


def test_rights_hold_in_ones_own_organisation_only(lead, system):
    elsewhere = factories.organisation("south-east-london")
    assert can(lead, Permission.SEND, system)
    assert not can(lead, Permission.SEND, elsewhere)
    assert not can(lead, Permission.SEND)


def test_rights_of_the_group_hold_all_over_london(heg, system):
    assert can(heg, Permission.MANAGE_ORGANISATIONS, system)
    assert can(heg, Permission.COMPARE)
    assert not can(heg, Permission.READ_DRAFT, system)


def test_disabled_account_may_do_nothing(lead, system):
    lead.is_active = False
    assert not can(lead, Permission.SEND, system)


def test_authorise_stops_whoever_may_not(board, system):
    authorise(board, Permission.READ_REPORTS, system)
    with pytest.raises(PermissionDenied):
        authorise(board, Permission.SIGN_OFF, system)


def test_roles_given_follow_the_table(lead, sponsor, heg, admin, board, system, group):
    ours = [Role.CONTRIBUTOR, Role.BOARD, Role.SECRETARY, Role.COMMUNITY]
    assert roles_given_by(lead, system) == ours
    assert roles_given_by(sponsor, system) == ours
    assert roles_given_by(heg, system) == [Role.LEAD, Role.SPONSOR]
    assert roles_given_by(heg, group) == []
    assert roles_given_by(admin, group) == [Role.HEG, Role.ADMIN]
    assert roles_given_by(admin, system) == []
    assert roles_given_by(board, system) == []


def test_london_wide_roles_are_no_assessed_roles():
    assert not LONDON_WIDE & ASSESSED_ROLES
