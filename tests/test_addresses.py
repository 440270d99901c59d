"""The list of addresses and the list of policies name the same, and pages are where they should be.

What each address does for whom is tried in `tests/security/test_access.py`.
"""

from fnmatch import fnmatchcase

import pytest
from django.contrib.admin import site

from portal.roles import Role
from tests import factories
from tests.addresses import addresses
from tests.places import Where, World
from tests.policy import ASKS_ITSELF, CLOSED, POLICY, PUBLIC, SENDING, SIGNED_IN, policy_of

ALL = addresses()


def test_every_address_has_a_policy():
    assert [one.name for one in ALL if policy_of(one.name) is None] == []


def test_every_policy_has_an_address():
    names = {one.name for one in ALL}
    wanted = {*POLICY, *SENDING}
    assert {one for one in wanted if not any(fnmatchcase(name, one) for name in names)} == set()


def test_only_public_addresses_are_open_without_signing_in():
    open_ones = {one.name for one in ALL if not one.asks_sign_in} - ASKS_ITSELF
    assert {name for name in open_ones if policy_of(name) not in {PUBLIC, CLOSED}} == set()


@pytest.fixture
def world(framework, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return World(framework)


@pytest.mark.django_db
def test_pages_for_whoever_is_signed_in_need_no_role(client, world):
    client.force_login(factories.UserFactory())
    place = world.places[Where.OWN_DRAFT]
    own = ("reporting:", "portal:", "assessments:")
    ours = [one for one in ALL if policy_of(one.name) == SIGNED_IN and one.name.startswith(own)]
    statuses = {one.name: client.get(place.path(one)).status_code for one in ours}
    assert {name: got for name, got in statuses.items() if got != 200} == {
        "portal:extend_session": 405,  # it is only sent
        "portal:organisation": 404,  # somebody else's
    }


def test_administrators_pages_are_about_these_and_no_business_content():
    assert {model.__name__ for model in site._registry} == {
        "User",
        "Organisation",
        "Affiliation",
        "Membership",
        "Job",
        "Message",
    }


@pytest.mark.django_db
def test_administrator_opens_the_lists_of_the_own_pages(client, world):
    client.force_login(world.people[Role.ADMIN])
    place = world.places[Where.OWN_DRAFT]
    own = [one for one in ALL if one.name.startswith("admin:portal_")]
    lists = [one for one in own if one.name.endswith("_changelist")]
    assert {client.get(place.path(one)).status_code for one in lists} == {200}
