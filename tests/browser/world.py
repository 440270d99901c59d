"""Where the browser tests find each address: in the demonstration, else in the world of places."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.management import call_command
from django.test import Client

from assessments.models import BoardAsk, Cycle, Evidence, ImprovementStep, Measure, Risk
from portal import services
from portal.models import Affiliation, Job, Membership, Organisation, User
from portal.roles import Role
from reporting.models import Report
from tests import places
from tests.addresses import Address
from tests.places import Absent, Place, Where
from tests.policy import PUBLIC, policy_of

HOME, SENT, SIGNED = "north-east-london", "south-east-london", "north-central-london"
IN_A_SYSTEM = ("lead", "sponsor", "contributor", "board", "secretary", "community")
NEVER = {301, 405}  # whoever asks: moved for good, or only taken from a form

Seen = tuple[Place, list[User]]


@dataclass(frozen=True)
class Visit:
    """A path, and who opens it: nobody signed in where there is no person."""

    path: str
    person: User | None = None


def visit_of(address: Address, seen: Iterable[Seen]) -> Visit | None:
    """The first place and person that are shown a page; None where nobody is."""
    is_public = policy_of(address.name) == PUBLIC
    for place, people in seen:
        path = place.path(address)
        for person in [None] if is_public else people:
            response = signed_in(person).get(path)
            if response.streaming:
                b"".join(response.streaming_content)  # to its end, or the file stays open
            if response.status_code in NEVER:
                return None
            if response.status_code == 200:
                is_page = response["Content-Type"].startswith("text/html")
                return Visit(path, person) if is_page else None
    return None


def signed_in(person: User | None) -> Client:
    """A client whose person has given a password just now."""
    client = Client()
    if person:
        client.force_login(person)
        session = client.session
        record_authentication(SimpleNamespace(session=session), person, method="password")
        session.save()
    return client


class Demonstration:
    """What somebody finds who starts the portal: real words, real lengths, two papers made."""

    def __init__(self, at: datetime) -> None:
        for command in ("load_framework", "load_organisations", "seed_demo"):
            call_command(command, stdout=io.StringIO())
        newest = Cycle.objects.filter(kind=Cycle.Kind.FULL).order_by("-opens_at")
        self.now, self.before = newest.values_list("slug", flat=True)[:2]
        self.home = Organisation.objects.get(slug=HOME)
        self._make_papers(at)
        TOTP.activate(self.person("sponsor"), generate_totp_secret())
        RecoveryCodes.activate(self.person("sponsor"))
        self.invitation, self.token = services.invite(
            email="new@example.org",
            name="New Person",
            organisation=self.home,
            role=Role.CONTRIBUTOR,
            by=self.person("lead"),
            at=at,
        )

    def _make_papers(self, at: datetime) -> None:
        """Of the home system's latest sign-off only: making all of them takes a minute."""
        latest = Job.objects.filter(organisation=self.home).order_by("-subject_id", "pk")[:2]
        kept = list(latest.values_list("pk", flat=True))
        Job.objects.exclude(pk__in=kept).update(run_after=at + timedelta(days=1))
        call_command("run_jobs", "--quiet")

    def person(self, role: str, slug: str = HOME) -> User:
        name = role if role in ("heg", "admin") else f"{role}.{slug}"
        return User.objects.get(email=f"{name}@example.org")

    def seen(self) -> list[Seen]:
        """Systems at each stage, with the people who may look."""
        stages = ((HOME, self.now), (HOME, self.before), (SENT, self.now), (SIGNED, self.now))
        return [(self._place(*stage), self._people(stage[0])) for stage in stages]

    def _people(self, slug: str) -> list[User]:
        return [self.person(role, slug) for role in (*IN_A_SYSTEM, "heg", "admin")]

    def _place(self, slug: str, cycle: str) -> Place:
        organisation = Organisation.objects.get(slug=slug)
        of_it = {"organisation": organisation}
        step = _first(ImprovementStep.objects.kept().filter(**of_it, item__isnull=False))
        ask = _first(BoardAsk.objects.filter(assessment__organisation=organisation))
        rows = {
            "step": step,
            "measure": _first(Measure.objects.filter(plan__organisation=organisation)),
            "risk": _first(Risk.objects.filter(**of_it)),
            "evidence": _first(Evidence.objects.filter(**of_it, withdrawn_at__isnull=True)),
            "membership": _first(Membership.objects.filter(**of_it, role=Role.CONTRIBUTOR)),
            "invitation": self.invitation,
            "ask": ask,
            "outcome": ask,
            "report": _first(Report.objects.all()),
        }
        values = {
            "cycle": cycle,
            "organisation": slug,
            "slug": slug,
            "section": "leadership",
            "member": _first(Affiliation.objects.filter(system=organisation)).member.slug,
            "code": step.item.code,
            "kind": "full",
            "name": "privacy",
            "uidb36": "1",
            "provider_id": "sso",
            "token": self.token,
            "version": "1",
            "number": "1",
        }
        return Place(values, rows)


def _first(rows: Any) -> Any:
    return rows.order_by("pk").first() or Absent()


def small_world(framework: Any) -> list[Seen]:
    """One of everything on the small framework, where the demonstration has nothing to show."""
    world = places.World(framework)
    people = [person for person in world.people.values() if person.is_active]
    stages = (Where.OWN_DRAFT, Where.OWN_SIGNED, Where.OWN_RELEASED)
    return [(world.places[stage], people) for stage in stages]
