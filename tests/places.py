"""Values for what addresses take, in every place where somebody may or may not look.

`World` holds two systems with a draft, an assessment that is signed off and one that is released
each. A new kind of address says in `Place.of` which row it is about, and is tried everywhere.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.utils.html import escape

from assessments import models as a
from assessments.services import (
    record_not_assessed,
    remove_measure,
    save_answer,
    send_for_sign_off,
    sign_off,
    withdraw_ask,
    withdraw_evidence,
    withdraw_risk,
    withdraw_step,
)
from assessments.uploads import inspect, store_upload
from portal import services as portal_services
from portal.models import Affiliation, Organisation
from portal.roles import ASSESSED_ROLES, Role
from reporting.models import (
    Cover,
    FactualCheck,
    Pack,
    PackComment,
    PackSource,
    Report,
    ReportBytes,
)
from tests import factories
from tests.addresses import Address
from tests.assessments.files import PDF
from tests.security.canaries import mark, plant, plant_answer

ANONYMOUS, DISABLED, GLASS = "anonymous", "disabled", "admin who broke the glass"
ROLES = (ANONYMOUS, *Role.values, DISABLED, GLASS)
MISSING = "0123456789abcdef"


class Where(StrEnum):
    """Places seen from somebody in North East London."""

    OWN_DRAFT = "own draft"
    OWN_UNASSIGNED = "own draft, an item that the contributor was not asked for"
    OWN_SIGNED = "own, signed off"
    OWN_RELEASED = "own, released"
    FOREIGN_DRAFT = "foreign draft"
    FOREIGN_SIGNED = "foreign, signed off"
    FOREIGN_RELEASED = "foreign, released"
    DELETED = "own, taken away"
    RANDOM = "nowhere"


CYCLES = {
    Where.OWN_DRAFT: "2026",
    Where.OWN_SIGNED: "2025",
    Where.OWN_RELEASED: "2024",
    Where.FOREIGN_DRAFT: "2026",
    Where.FOREIGN_SIGNED: "2025",
    Where.FOREIGN_RELEASED: "2024",
}
DELETABLE = {"key", "reference", "member", "token"}
"""Parts of an address that name something which can be taken away."""


USUAL = {"portal": "membership", "reporting": "report"}
"""What an app's addresses are about where their names say nothing else; else it is evidence."""


@dataclass(frozen=True)
class Place:
    """What an address of each kind takes in one place."""

    values: dict[str, str]
    rows: dict[str, Any]

    def path(self, address: Address) -> str:
        return address.path(self.values | self.of(address.name))

    def of(self, name: str) -> dict[str, str]:
        """Keys and references by what the address is about."""
        if name.startswith("commitments:"):
            return {"slug": self.values["section"]}
        app, _, rest = name.partition(":")
        words = [word for word in self.rows if word in rest]
        row = self.rows[words[0] if words else USUAL.get(app, "evidence")]
        key = self.values["token"] if name.startswith("/accounts/") else getattr(row, "key", "")
        return {"key": str(key), "reference": getattr(row, "reference", MISSING)}


@dataclass(frozen=True)
class Absent:
    """A row that is not there, with a key and a reference that name nothing."""

    key: str = str(uuid.UUID(int=7))
    reference: str = MISSING


class World:
    """Two systems, three cycles, one person for each role, and one of everything in each place."""

    def __init__(self, framework: Any) -> None:
        self.own = factories.organisation()
        self.foreign = factories.organisation("south-east-london")
        for system in (self.own, self.foreign):
            plan = a.Plan.objects.create(organisation=system, title="Plan", version=1)
            measure_of(plan, "Staff in senior posts")
        self.people = {role: factories.user_with(role, self.own) for role in ASSESSED_ROLES}
        self.people |= {
            Role.COMMUNITY: factories.user_with(Role.COMMUNITY, self.own),
            Role.HEG: factories.user_with(Role.HEG),
            Role.ADMIN: administrator(),
            GLASS: administrator(),
            DISABLED: factories.user_with(Role.LEAD, self.own, is_active=False),
        }
        self.strangers = {role: factories.user_with(role, self.foreign) for role in ASSESSED_ROLES}
        self.asks: dict[tuple[str, Organisation], a.BoardAsk] = {}
        portal_services.break_glass(
            organisation=self.own, reason="The lead asked", by=self.people[GLASS], at=factories.AT
        )
        snapshots = self._cycles(framework)
        self.kept = {
            self.own: Kept(self.own, self.people),
            self.foreign: Kept(self.foreign, self.strangers),
        }
        for year in {cycle for cycle, _system in snapshots}:
            self._pack(a.Cycle.objects.get(slug=year), snapshots)
        self.places = {
            where: self._place(where, cycle, snapshots) for where, cycle in CYCLES.items()
        }
        draft = self.places[Where.OWN_DRAFT]
        self.places[Where.OWN_UNASSIGNED] = replace(draft, values=draft.values | {"code": "L2"})
        self.places[Where.DELETED] = self._deleted(draft)
        self.places[Where.RANDOM] = nowhere(draft)

    def _cycles(self, framework: Any) -> dict[tuple[str, Organisation], a.Snapshot | None]:
        """By cycle and organisation what was frozen, the oldest of it released."""
        snapshots = {}
        sides = (("own", self.own, self.people), ("foreign", self.foreign, self.strangers))
        for year, state in ((2024, "released"), (2025, "signed"), (2026, "draft")):
            cycle = _open_cycle(framework, year)
            for side, system, people in sides:
                assessment = a.Assessment.objects.get(cycle=cycle, organisation=system)
                self.asks[cycle.slug, system] = _work(assessment, people, f"{side} {state}")
                snapshots[cycle.slug, system] = (
                    _sign_off(assessment, people) if year < 2026 else None
                )
                if state == "released":
                    snapshot, cause = snapshots[cycle.slug, system], a.Release.Cause.SPONSOR
                    a.Release.objects.create(snapshot=snapshot, cause=cause, at=factories.AT)
        return snapshots

    def _place(self, where: Where, cycle: str, snapshots: dict[Any, Any]) -> Place:
        system = self.own if where.startswith("own") else self.foreign
        kept, snapshot = self.kept[system], snapshots[cycle, system]
        values = {
            "cycle": cycle,
            "organisation": system.slug,
            "slug": system.slug,
            "section": "leadership",
            "member": kept.member.slug,
            "code": "L1",
            "kind": "full",
            "name": "privacy",
            "object_id": str(kept.person.pk),
            "content_type_id": "1",
            "app_label": "portal",
            "uidb36": "1",
            "provider_id": "sso",
            "url": "nothing",
            "token": kept.token,
            "version": "1",
            "number": "1" if system == self.own else "2",
        }
        ask = self.asks[cycle, system]
        report = _report(snapshot) if snapshot else Absent()
        return Place(values, kept.rows | {"ask": ask, "outcome": ask, "report": report})

    def _pack(self, cycle: a.Cycle, snapshots: dict[Any, Any]) -> None:
        """A London pack in its factual check that lays out both systems, with a comment of each."""
        by = self.people[Role.HEG]
        pack = Pack.objects.create(
            cycle=cycle, version=1, document='{"note":""}', drafted_by=by, drafted_at=factories.AT
        )
        FactualCheck.objects.create(
            pack=pack, opened_by=by, opens_at=factories.AT, closes_at=factories.AT
        )
        for number, system in enumerate((self.own, self.foreign), 1):
            PackSource.objects.create(pack=pack, snapshot=snapshots["2024", system])
            PackComment.objects.create(
                pack=pack,
                organisation=system,
                number=number,
                agrees=False,
                text=f"What {system} says.",
                by=self.people[Role.LEAD],
                at=factories.AT,
            )

    def _deleted(self, draft: Place) -> Place:
        gone = Kept(self.own, self.people, member="a-former-trust")
        gone.take_away(self.people)
        values = {"member": gone.member.slug, "token": gone.token}
        ask = factories.board_ask(draft.rows["ask"].assessment, by=self.people[Role.LEAD])
        withdraw_ask(ask=ask, version=ask.version, by=self.people[Role.LEAD], at=factories.AT)
        rows = gone.rows | {"ask": ask, "outcome": ask, "report": Absent()}
        return Place(draft.values | values, rows)


class Kept:
    """What an organisation has whatever the cycle: evidence, a step, a measure, people."""

    def __init__(self, system: Organisation, people: Any, *, member: str = "a-trust") -> None:
        contributor = people[Role.CONTRIBUTOR]
        upload = inspect("Report.pdf", PDF)
        self.evidence = factories.cite(
            a.Answer.objects.get(
                assessment__organisation=system, assessment__cycle__slug="2026", item__code="L1"
            ),
            added_by=contributor,
            kind=a.Evidence.Kind.FILE,
            url="",
            file=store_upload(upload),
            file_name=upload.name,
            file_type=upload.content_type,
            file_size=upload.size,
            file_digest=upload.digest,
        )
        item = self.evidence.citations.get().answer.item
        self.step = factories.StepFactory(organisation=system, item=item, added_by=contributor)
        plan = a.Plan.objects.get(organisation=system)
        self.measure = measure_of(plan, f"Staff in senior posts of {member}")
        self.risk = factories.board_risk(system, by=people[Role.LEAD], what=f"No data on {member}.")
        self.member = factories.organisation(f"{member}-{system.pk}", kind=Organisation.Kind.TRUST)
        self.affiliation = Affiliation.objects.create(system=system, member=self.member)
        self.person = factories.UserFactory()
        self.membership = factories.add_role(self.person, Role.CONTRIBUTOR, system)
        self.invitation, self.token = portal_services.invite(
            email=f"{member}@{system.slug}.example.org",
            name="New Person",
            organisation=system,
            role=Role.CONTRIBUTOR,
            by=None,
            at=factories.AT,
        )

    @property
    def rows(self) -> dict[str, Any]:
        """By a word in the name of the addresses that are about it."""
        return {
            "step": self.step,
            "measure": self.measure,
            "risk": self.risk,
            "evidence": self.evidence,
            "membership": self.membership,
            "invitation": self.invitation,
        }

    def take_away(self, people: Any) -> None:
        """Everything that its own service can end, ended."""
        lead = people[Role.LEAD]
        now = {"by": lead, "at": factories.AT}
        withdraw_evidence(evidence=self.evidence, version=self.evidence.version, **now)
        withdraw_step(step=self.step, version=self.step.version, **now)
        withdraw_risk(risk=self.risk, version=self.risk.version, **now)
        remove_measure(measure=self.measure, version=self.measure.version, **now)
        portal_services.end_membership(membership=self.membership, **now)
        portal_services.revoke(invitation=self.invitation, **now)
        Affiliation.objects.filter(pk=self.affiliation.pk).update(ends_on=dt.date(2026, 1, 1))


def nowhere(like: Place) -> Place:
    """Values of the right form that name nothing."""
    names = {
        "cycle": "1948",
        "organisation": "no-such-place",
        "slug": "no-such-place",
        "section": "no-such-section",
        "member": "no-such-place",
        "code": "P9",
        "kind": "no-such-kind",
        "name": "no-such-page",
        "object_id": "999999",
        "content_type_id": "999999",
        "app_label": "nothing",
        "provider_id": "nobody",
        "token": MISSING,
        "version": "99",
        "number": "99",
    }
    return Place(like.values | names, dict.fromkeys(like.rows, Absent()))


def measure_of(plan: a.Plan, name: str) -> a.Measure:
    return a.Measure.objects.create(
        plan=plan,
        name=name,
        source="WRES",
        unit="%",
        baseline=1,
        baseline_on=dt.date(2025, 3, 31),
        target=2,
        target_on=dt.date(2027, 3, 31),
        updated_at=factories.AT,
    )


def administrator() -> Any:
    group = factories.organisation("health-equity-group", kind=Organisation.Kind.HEG)
    return factories.user_with(Role.ADMIN, group, is_staff=True)


def _open_cycle(framework: Any, year: int) -> a.Cycle:
    return factories.open_cycle(
        framework,
        slug=str(year),
        name=f"Self-assessment {year}",
        opens_at=factories.london(year, 10, 5),
        due_at=factories.london(year, 12, 15),
        closes_at=factories.london(year + 1, 1, 15),
        last_release_at=factories.london(year + 5, 3, 31),
    )


def _work(assessment: a.Assessment, people: Any, where: str) -> a.BoardAsk:
    """Everything that people write before they send it for sign-off, marked with where it stands.

    What only lead and sponsor may read of a draft has a mark of its own.
    """
    lead, year = people[Role.LEAD], int(assessment.cycle.slug)
    at = factories.london(year, 11, 2)
    for answer in assessment.answers.select_related("item__section").in_order():
        answer.assessment = assessment
        of = where if answer.item.code == "L1" or "draft" not in where else f"{where} unassigned"
        words = {"version": answer.version, "by": lead, "at": at}
        if answer.item.code == "D2":
            record_not_assessed(answer=answer, reason=f"{mark(of)} no data", **words)
            continue
        save_answer(answer=answer, level=4, coverage=a.Coverage.MOST, narrative=mark(of), **words)
        factories.cite(answer, at, added_by=lead, dated_on=at.date() - dt.timedelta(days=60))
        if not a.ObservedChange.objects.filter(answer=answer).exists():  # or it was carried forward
            factories.observe_change(answer)
        dates = {"baseline_on": dt.date(year - 2, 3, 31), "later_on": dt.date(year - 1, 3, 31)}
        a.ObservedChange.objects.filter(answer=answer).update(**dates)
        a.Comment.objects.create(answer=answer, kind="asked", text="?", by=lead, at=at)
    _assign(assessment, people)
    factories.StepFactory(
        organisation=assessment.organisation, item=answer.item, added_by=lead, added_at=at
    )
    ask = factories.board_ask(assessment, by=lead, at=at)
    Cover.objects.create(assessment=assessment)
    plant(assessment.organisation, where, [assessment.pk])
    for answer in assessment.answers.exclude(item__code="L1") if "draft" in where else ():
        plant_answer(answer, f"{where} unassigned")
    return ask


def _sign_off(assessment: a.Assessment, people: Any) -> a.Snapshot:
    at = factories.london(int(assessment.cycle.slug), 11, 3)
    send_for_sign_off(assessment=assessment, by=people[Role.LEAD], at=at)
    return sign_off(assessment=assessment, by=people[Role.SPONSOR], at=at)


def _assign(assessment: a.Assessment, people: Any) -> None:
    a.Assignment.objects.create(
        answer=assessment.answers.get(item__code="L1"),
        person=people[Role.CONTRIBUTOR],
        assigned_by=people[Role.LEAD],
        assigned_at=factories.AT,
        changed_at=factories.AT,
    )


def _report(snapshot: a.Snapshot) -> Report:
    assessment = snapshot.assessment
    report = Report.objects.create(
        reference=f"{assessment.organisation.slug}-{assessment.cycle.slug}-board-paper-1",
        kind=Report.Kind.BOARD_PAPER,
        snapshot=snapshot,
        version=1,
        made_at=factories.AT,
        pages=1,
        size=4,
        digest=hashlib.sha256(b"%PDF").hexdigest(),
    )
    html = f"<h1>{escape(snapshot.document)}</h1>"
    ReportBytes.objects.create(report=report, pdf=b"%PDF", html=html)
    return report
