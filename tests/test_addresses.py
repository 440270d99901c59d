"""Every address of the site: it has a policy, and the policy is what happens."""

import datetime as dt
import hashlib

import pytest
from django.contrib.admin import site

from assessments import models as a
from portal import services as portal_services
from portal.models import Affiliation, Organisation
from portal.roles import ASSESSED_ROLES, GRANTS, Role
from reporting.models import Report, ReportBytes
from tests import factories
from tests.addresses import addresses
from tests.policy import (
    KEEPS_WORDS,
    ONLY_WHOM_IT_WAS_GIVEN,
    POLICY,
    PUBLIC,
    SENDING,
    SIGNED_IN,
    policy_of,
)

ALL = addresses()
GUARDED = [one for one in ALL if policy_of(one.name) != PUBLIC]
BY_PERMISSION = [one for one in GUARDED if policy_of(one.name) != SIGNED_IN]
REFUSED = {403, 404, 405}


def is_refused(response):
    """What is not there or not allowed, and, on the administrator's pages, a way to sign in."""
    return response.status_code in REFUSED or sends_to_sign_in(response)


def sends_to_sign_in(response):
    return response.status_code == 302 and "/login/" in response["Location"]


def test_every_address_has_a_policy():
    assert [one.name for one in ALL if policy_of(one.name) is None] == []


def test_every_policy_has_an_address():
    names = {one.name for one in ALL}
    assert [name for name in (*POLICY, *SENDING) if name not in {*names, "admin:*"}] == []


def test_only_public_addresses_are_open_without_signing_in():
    asked = {one.name: one.asks_sign_in for one in ALL}
    open_ones = {name for name, asks in asked.items() if not asks} - {KEEPS_WORDS}
    assert {name for name in open_ones if policy_of(name) != PUBLIC} == set()


@pytest.fixture
def place(system, framework):
    """One of everything an address can name, in North East London."""
    return Place(system, framework)


class Place:
    """Values for what routes take; keys and references by what the address is about."""

    def __init__(self, system, framework):
        self.system = system
        self.people = {role: factories.user_with(role, system) for role in ASSESSED_ROLES}
        self.people |= {
            Role.COMMUNITY: factories.user_with("community", system),
            Role.HEG: factories.user_with("heg"),
            Role.ADMIN: _administrator(),
        }
        self.values = {
            "cycle": "2026",
            "organisation": system.slug,
            "slug": system.slug,
            "member": _constituent(system).slug,
            "code": "L1",
            "kind": "full",
            "name": "privacy",
            "object_id": str(self.people[Role.LEAD].pk),
            "content_type_id": "1",
            "app_label": "portal",
            "uidb36": "1",
            "provider_id": "sso",
            "url": "nothing",
        }
        self._add_work(framework)
        self._add_people()

    def _add_work(self, framework):
        contributor = self.people[Role.CONTRIBUTOR]
        lead = self.people[Role.LEAD]
        signed = _signed_off_last_year(framework, self.system, self.people)
        self.tabled = signed.assessment.asks.get()
        assessment = factories.open_assessment(framework, self.system)
        self.ask = factories.board_ask(assessment, by=lead)
        self.risk = factories.board_risk(self.system, by=lead)
        answer = assessment.answers.get(item__code="L1")
        a.Assignment.objects.create(
            answer=answer,
            person=contributor,
            assigned_by=self.people[Role.LEAD],
            assigned_at=factories.AT,
            changed_at=factories.AT,
        )
        self.evidence = factories.cite(answer, added_by=contributor)
        self.step = factories.StepFactory(
            organisation=self.system, item=answer.item, added_by=contributor
        )
        plan = a.Plan.objects.create(organisation=self.system, title="Plan", version=1)
        self.measure = a.Measure.objects.create(
            plan=plan,
            name="Staff in senior posts",
            source="WRES",
            unit="%",
            baseline=1,
            baseline_on=dt.date(2025, 3, 31),
            target=2,
            target_on=dt.date(2027, 3, 31),
            updated_at=factories.AT,
        )
        self.report = _report(signed)

    def _add_people(self):
        self.membership = self.system.memberships.get(role=Role.CONTRIBUTOR)
        self.invitation, self.token = portal_services.invite(
            email="new@example.org",
            name="New Person",
            organisation=self.system,
            role=Role.CONTRIBUTOR,
            by=None,
            at=factories.AT,
        )

    def path(self, address):
        return address.path(self.values | self._of(address.name))

    def _of(self, name):
        if name.startswith("commitments:"):
            return {"slug": "leadership"}
        if name == "assessments:outcome":
            return {"cycle": "2025", "key": str(self.tabled.key)}
        keys = {"step": self.step, "measure": self.measure, "risk": self.risk}
        keys |= {"board_ask": self.ask}
        row = next((row for word, row in keys.items() if word in name), self.evidence)
        in_portal = {"invitation": self.invitation, "r": self.membership}
        named = next((row for word, row in in_portal.items() if word in name), self.membership)
        reference = self.report if name.startswith("reporting:") else named
        key = self.token if name.startswith("/accounts/") else str(row.key)
        return {"key": key, "reference": reference.reference, "token": self.token}


def _administrator():
    admin = factories.user_with(
        "admin", factories.organisation("health-equity-group", kind=Organisation.Kind.HEG)
    )
    admin.is_staff = True
    admin.save(update_fields=["is_staff"])
    return admin


def _constituent(system):
    trust = factories.organisation("a-trust", kind=Organisation.Kind.TRUST)
    Affiliation.objects.create(system=system, member=trust)
    return trust


def _signed_off_last_year(framework, system, people):
    before = factories.open_assessment(
        framework,
        system,
        slug="2025",
        name="Self-assessment 2025",
        opens_at=factories.london(2025, 10, 6),
        due_at=factories.london(2025, 12, 15),
        closes_at=factories.london(2026, 1, 15),
        last_release_at=factories.london(2026, 3, 31),
    )
    at = factories.london(2025, 11, 3)
    lead, sponsor = people[Role.LEAD], people[Role.SPONSOR]
    factories.board_ask(before, by=lead, at=at)
    snapshot = factories.signed_off(before, lead=lead, sponsor=sponsor, at=at)
    a.Release.objects.create(snapshot=snapshot, cause=a.Release.Cause.SPONSOR, at=at)
    return snapshot


def _report(snapshot):
    report = Report.objects.create(
        reference="NEL-2025-board-paper-1",
        kind=Report.Kind.BOARD_PAPER,
        snapshot=snapshot,
        version=1,
        made_at=factories.AT,
        pages=1,
        size=4,
        digest=hashlib.sha256(b"%PDF").hexdigest(),
    )
    ReportBytes.objects.create(report=report, pdf=b"%PDF", html="<h1>Paper</h1>")
    return report


@pytest.mark.django_db
def test_public_addresses_open_to_everybody(client, place):
    ours = [
        one
        for one in ALL
        if policy_of(one.name) == PUBLIC
        and one.name.startswith(("reporting:", "portal:", "commitments:"))
    ]
    statuses = {one.name: client.get(place.path(one)).status_code for one in ours}
    assert {name: got for name, got in statuses.items() if got != 200} == {}


@pytest.mark.django_db
def test_guarded_addresses_send_strangers_to_sign_in(client, place):
    wrong = {}
    for one in GUARDED:
        for ask in (client.get, client.post):
            response = ask(place.path(one))
            if not is_refused(response):
                wrong[f"{response.request['REQUEST_METHOD']} {one.name}"] = response.status_code
    assert wrong == {}


@pytest.mark.django_db
def test_pages_for_whoever_is_signed_in_need_no_role(client, place):
    client.force_login(factories.UserFactory())
    own = ("reporting:", "portal:", "assessments:")
    ours = [one for one in GUARDED if policy_of(one.name) == SIGNED_IN and one.name.startswith(own)]
    statuses = {one.name: client.get(place.path(one)).status_code for one in ours}
    assert {name: got for name, got in statuses.items() if got != 200} == {
        "portal:extend_session": 405,  # it is only sent
        "portal:organisation": 404,  # somebody else's
    }


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_addresses_are_closed_to_roles_that_their_policy_leaves_out(client, place, role):
    client.force_login(place.people[role])
    wrong = {}
    for one in BY_PERMISSION:
        reading = policy_of(one.name)
        sending = SENDING.get(one.name, reading)
        for ask, who in ((client.get, reading), (client.post, sending)):
            if GRANTS[role] & set(who):
                continue
            response = ask(place.path(one))
            if not is_refused(response):
                wrong[f"{response.request['REQUEST_METHOD']} {one.name}"] = response.status_code
    assert wrong == {}


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_addresses_are_not_forbidden_to_roles_of_their_policy(client, place, role):
    client.force_login(place.people[role])
    granted = [one for one in BY_PERMISSION if GRANTS[role] & set(policy_of(one.name))]
    ours = [one for one in granted if "admin" not in one.name]
    wrong = [
        one.name
        for one in ours
        if one.name not in ONLY_WHOM_IT_WAS_GIVEN and client.get(place.path(one)).status_code == 403
    ]
    assert wrong == []


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
def test_administrator_opens_the_lists_of_the_own_pages(client, place):
    client.force_login(place.people[Role.ADMIN])
    own = [one for one in ALL if one.name.startswith("admin:portal_")]
    lists = [one for one in own if one.name.endswith("_changelist")]
    assert {client.get(place.path(one)).status_code for one in lists} == {200}


@pytest.mark.django_db
def test_lead_finds_every_page_of_the_own_assessment(client, place):
    """So that the tests above do not pass because pages are simply not there."""
    client.force_login(place.people[Role.LEAD])
    ours = [one for one in BY_PERMISSION if GRANTS[Role.LEAD] & set(policy_of(one.name))]
    statuses = {one.name: client.get(place.path(one)).status_code for one in ours}
    assert {name for name, got in statuses.items() if got not in {200, 405}} == {
        *ONLY_WHOM_IT_WAS_GIVEN,
        "assessments:evidence_file",  # a link has no file
    }
