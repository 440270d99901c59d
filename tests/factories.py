"""Makes rows and situations for tests, through the services wherever there is one."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import factory

from assessments import models as a
from assessments import services
from assessments.scoring import EMBEDDED
from commitments import models as c
from portal.models import Membership, Organisation, User
from portal.roles import Role

LONDON = ZoneInfo("Europe/London")
AT = dt.datetime(2026, 11, 16, 10, 0, tzinfo=LONDON)
PASSWORD = "correct-horse-battery"


def london(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=LONDON)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    slug = factory.Sequence(lambda n: f"system-{n}")
    name = factory.Sequence(lambda n: f"System {n} Integrated Care System")
    short_name = factory.Sequence(lambda n: f"System {n}")
    kind = Organisation.Kind.ICS
    ods_code = factory.Sequence(lambda n: f"Q{n:02}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")
    job_title = "Director"

    @classmethod
    def _create(cls, model_class: type[User], *_args: Any, **fields: Any) -> User:
        return model_class.objects.create_user(
            fields.pop("email"), fields.pop("password", PASSWORD), **fields
        )


class EvidenceFactory(factory.django.DjangoModelFactory):
    """A published web page of strength B, dated two months before `AT`."""

    class Meta:
        model = a.Evidence

    organisation = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence(lambda n: f"Evidence {n}")
    kind = a.Evidence.Kind.LINK
    url = factory.Sequence(lambda n: f"https://www.example.org/evidence/{n}")
    dated_on = dt.date(2026, 9, 16)
    is_published = True
    coverage = a.Coverage.MOST
    added_by = factory.SubFactory(UserFactory)
    added_at = AT


class StepFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = a.ImprovementStep

    what = factory.Sequence(lambda n: f"Improvement step {n}")
    owner = "Chief People Officer"
    due_on = dt.date(2027, 3, 31)
    resource = "£10,000"
    added_at = AT


def organisation(slug: str = "north-east-london", **fields: Any) -> Organisation:
    """The organisation of this slug, made when it is not there yet."""
    found = Organisation.objects.filter(slug=slug).first()
    if found:
        return found
    name = slug.replace("-", " ").title()
    words = {"name": f"{name} Integrated Care System", "short_name": name} | fields
    return OrganisationFactory(slug=slug, **words)


def user_with(role: str, at_organisation: Organisation | None = None, **fields: Any) -> User:
    """A person who holds the role there; the Health Equity Group is made where it is needed."""
    place = at_organisation
    if place is None:
        heg = role == Role.HEG
        place = (
            organisation("health-equity-group", kind=Organisation.Kind.HEG)
            if heg
            else organisation()
        )
    user = UserFactory(**fields)
    add_role(user, role, place)
    return user


def add_role(user: User, role: str, at_organisation: Organisation) -> Membership:
    """One more role for a person, felt at once."""
    user.__dict__.pop("active_memberships", None)
    return Membership.objects.create(
        user=user, organisation=at_organisation, role=role, started_at=AT - dt.timedelta(days=30)
    )


LEVELS = ("Not started", "Committed", "Under way", "Embedded", "Making a difference")


def small_framework(version: str = "small-1", *, is_current: bool = True) -> c.Framework:
    """Two commitments with three actions each and an enabler with two considerations."""
    framework = c.Framework.objects.create(
        version=version,
        name=f"Framework {version}",
        title="A strategic framework",
        issued_by="London’s partners",
        is_current=is_current,
    )
    levels = [
        c.Level.objects.create(
            framework=framework, number=n, name=name, means=f"{name} means", evidence="Proof"
        )
        for n, name in enumerate(LEVELS)
    ]
    for order, (code, title, items) in enumerate(
        (("L", "Leadership", 3), ("W", "Workforce", 3), ("D", "Data", 2))
    ):
        _section(framework, levels, order, code, title, items)
    return framework


def _section(
    framework: c.Framework, levels: list[c.Level], order: int, code: str, title: str, items: int
) -> None:
    is_enabler = code == "D"
    section = c.Section.objects.create(
        framework=framework,
        code=code,
        slug=title.lower(),
        kind=c.Section.Kind.ENABLER if is_enabler else c.Section.Kind.COMMITMENT,
        order=order,
        title=title,
        statement_title=f"{title} statement",
        statement=f"We commit to {title.lower()}.",
    )
    change = c.ShortTermChange.objects.create(
        section=section, code=f"{code}-S1", order=1, text=f"A change in {title.lower()}"
    )
    for number in range(1, items + 1):
        item = c.Item.objects.create(
            section=section,
            code=f"{code}{number}",
            order=number,
            wording=f"Wording of {code}{number}" + (", and" if is_enabler else "."),
            short_name=f"Short name {code}{number}",
            plain="In plain words",
            look_for="What to look for",
        )
        item.short_term_changes.add(change)
        c.Descriptor.objects.bulk_create(
            c.Descriptor(
                item=item, level=level, means=f"{level.name} for {item.code}", evidence="Proof"
            )
            for level in levels
        )


def open_cycle(framework: c.Framework, **changes: Any) -> a.Cycle:
    """A full cycle that opened on 5 October 2026 and is due on 15 December, unless changed."""
    words = {
        "slug": "2026",
        "name": "Self-assessment 2026",
        "kind": a.Cycle.Kind.FULL,
        "framework": framework,
        "opens_at": london(2026, 10, 5),
        "due_at": london(2026, 12, 15, 23, 59),
        "closes_at": london(2027, 1, 15, 23, 59),
        "last_release_at": london(2027, 3, 31),
        "by": None,
    } | changes
    return services.open_cycle(at=words.pop("at", words["opens_at"]), **words)


def open_assessment(
    framework: c.Framework, at_organisation: Organisation | None = None, **changes: Any
) -> a.Assessment:
    """The organisation's assessment in a newly opened cycle."""
    place = at_organisation or organisation()
    cycle = open_cycle(framework, **changes)
    return a.Assessment.objects.select_related("cycle", "organisation").get(
        cycle=cycle, organisation=place
    )


def cite(answer: a.Answer, at: dt.datetime = AT, **fields: Any) -> a.Evidence:
    """Evidence in the organisation's library that this answer cites."""
    place = answer.assessment.organisation
    fields.setdefault("added_by", User.objects.first() or UserFactory())
    evidence = EvidenceFactory(organisation=place, added_at=at, **fields)
    a.Citation.objects.create(answer=answer, evidence=evidence, added_at=at)
    return evidence


def complete_assessment(
    assessment: a.Assessment,
    *,
    by: User,
    at: dt.datetime = AT,
    levels: dict[str, int] | None = None,
) -> a.Assessment:
    """Answer every item, at level 3 with evidence unless `levels` says otherwise by code."""
    for answer in assessment.answers.select_related("item__section").in_order():
        answer.assessment = assessment
        level = (levels or {}).get(answer.item.code, EMBEDDED)
        services.save_answer(
            answer=answer,
            level=level,
            coverage=a.Coverage.MOST,
            narrative=f"What we do about {answer.item.code}.",
            version=answer.version,
            by=by,
            at=at,
        )
        if level >= EMBEDDED:
            cite(answer, at, dated_on=at.date() - dt.timedelta(days=60))
        if level > EMBEDDED:
            observe_change(answer)
    return assessment


def observe_change(answer: a.Answer) -> a.ObservedChange:
    """The measured change that level 4 asks for."""
    return a.ObservedChange.objects.create(
        answer=answer,
        measure="Staff from ethnic minorities in senior posts",
        unit="%",
        baseline="61.000",
        baseline_on=dt.date(2025, 3, 31),
        later="66.400",
        later_on=dt.date(2026, 3, 31),
        shows=answer.item.section.short_term_changes.first(),
    )


def board_ask(
    assessment: a.Assessment, *, by: User, at: dt.datetime = AT, **words: Any
) -> a.BoardAsk:
    """Something asked of the Board, to be decided unless `words` says otherwise."""
    given = {"text": "Fund the community panel for three years.", "wants": "decide"} | words
    return services.add_ask(assessment=assessment, by=by, at=at, **given)


def board_outcome(
    ask: a.BoardAsk, *, by: User, at: dt.datetime = AT, **words: Any
) -> a.BoardOutcome:
    """What the Board decided on the day of `at`: agreed, unless `words` says otherwise."""
    given = {
        "decided_on": at.date(),
        "decision": "agreed",
        "words": "",
        "minute_reference": "ICB/26/114",
    } | words
    return services.record_outcome(ask=ask, version=ask.outcomes.count(), by=by, at=at, **given)


def board_risk(
    at_organisation: Organisation, *, by: User, at: dt.datetime = AT, **words: Any
) -> a.Risk:
    given = {
        "what": "Ethnicity is not recorded well enough to see who is left out.",
        "board_assurance_reference": "BAF 4",
        "response": "Recording is a standing item of the data board.",
        "owner": "Chief Information Officer",
    } | words
    return services.add_risk(organisation=at_organisation, by=by, at=at, **given)


def signed_off(
    assessment: a.Assessment,
    *,
    lead: User,
    sponsor: User,
    at: dt.datetime = AT,
    levels: dict[str, int] | None = None,
) -> a.Snapshot:
    """A complete assessment, sent by the lead and signed off by the sponsor."""
    complete_assessment(assessment, by=lead, at=at, levels=levels)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    snapshot = services.sign_off(assessment=assessment, by=sponsor, at=at)
    assessment.refresh_from_db()
    return snapshot
