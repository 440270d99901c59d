"""The demonstration: five systems, a trust and a borough, over three cycles, by the services."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from random import Random

from django.db import transaction

from assessments import services
from assessments.models import (
    Assessment,
    Assignment,
    Cycle,
    ImprovementStep,
    Plan,
)
from commitments.models import Framework, Item
from portal.models import Message, Organisation, User
from reporting.demo.board import (
    cover_of,
    read_papers,
    record_outcomes,
    write_asks,
    write_risks,
)
from reporting.demo.packs import play_pack
from reporting.demo.people import (
    PASSWORD,
    Account,
    accounts,
    add_heg,
    add_people,
    set_passwords,
)
from reporting.demo.performance import Performance
from reporting.demo.script import (
    CLOSES_AFTER,
    DUE_AFTER,
    LAST_RELEASE_AFTER,
    LONDON,
    CyclePlan,
    Script,
    cycle_plans,
    months_before,
    read_scripts,
)
from reporting.services import save_cover

__all__ = ["PASSWORD", "Account", "accounts", "is_seeded", "seed"]

SHARING = ("north-east-london", "south-west-london")
"""Systems that agreed to share released answers with each other."""


def is_seeded() -> bool:
    return User.objects.filter(email=f"lead.{SHARING[0]}@example.org").exists()


@transaction.atomic
def seed(*, seed: int, at: dt.datetime) -> list[Account]:
    """Make the demonstration unless it is there; returns its accounts. One seed, one result.

    Where it is there, the papers that were made since are read by their Boards.
    """
    if is_seeded():
        read_papers(at=at)
        return accounts()
    random = Random(seed)
    scripts = read_scripts()
    plans = cycle_plans(at)
    _add_everybody(scripts, at=plans[0].opens_at)
    heg = User.objects.get(email="heg@example.org")
    _set_cadence(plans[-1], by=heg, at=plans[0].opens_at)
    for slug in SHARING:
        sponsor = User.objects.get(email=f"sponsor.{slug}@example.org")
        organisation = Organisation.objects.get(slug=slug)
        services.set_sharing(
            organisation=organisation, shares=True, by=sponsor, at=plans[0].opens_at
        )
    for index, plan in enumerate(plans):
        cycle = _open(plan, by=heg)
        playing = [script for script in scripts if script.takes_part(index)]
        for script in playing:
            _play(script, cycle, index, random=random, at=at)
        if index == 1:
            play_pack(cycle, heg=heg)
    services.run_calendar(at=at)
    # Nobody is mailed about what happened in the story's past.
    Message.objects.filter(sent_at__isnull=True).update(sent_at=at, body="")
    return accounts()


def _add_everybody(scripts: list[Script], *, at: dt.datetime) -> None:
    joined_at = at - dt.timedelta(days=30)
    add_heg(Organisation.objects.get(slug="health-equity-group"), at=joined_at)
    for script in scripts:
        add_people(script, Organisation.objects.get(slug=script.slug), at=joined_at)
    set_passwords()


def _set_cadence(plan: CyclePlan, *, by: User, at: dt.datetime) -> None:
    """The rules that made these cycles, and a mid-year update half a year after each."""
    opens_on = plan.opens_at.astimezone(LONDON).date()
    services.set_cadence(
        kind=Cycle.Kind.FULL,
        first_year=opens_on.year - 2,
        opens_month=opens_on.month,
        opens_day=opens_on.day,
        due_after_days=DUE_AFTER,
        closes_after_days=CLOSES_AFTER,
        last_release_after_days=LAST_RELEASE_AFTER,
        by=by,
        at=at,
    )
    half_a_year_on = months_before(opens_on, -6)
    services.set_cadence(
        kind=Cycle.Kind.MID_YEAR,
        first_year=half_a_year_on.year,
        opens_month=half_a_year_on.month,
        opens_day=half_a_year_on.day,
        due_after_days=28,
        closes_after_days=42,
        last_release_after_days=56,
        by=by,
        at=at,
    )


def _open(plan: CyclePlan, *, by: User) -> Cycle:
    return services.open_cycle(
        slug=plan.slug,
        name=plan.name,
        kind=Cycle.Kind.FULL,
        framework=Framework.objects.current(),
        opens_at=plan.opens_at,
        due_at=plan.due_at,
        closes_at=plan.closes_at,
        last_release_at=plan.last_release_at,
        by=by,
        at=plan.opens_at,
    )


def _play(script: Script, cycle: Cycle, index: int, *, random: Random, at: dt.datetime) -> None:
    if index < 2:
        _play_whole(script, cycle, index, random=random)
    else:
        _play_current(script, cycle, random=random, at=at)


def _play_whole(script: Script, cycle: Cycle, index: int, *, random: Random) -> None:
    """A past cycle: written, sent a week before it was due, signed, tabled and released."""
    due = cycle.due_at
    part = Performance(
        script, cycle, index, random=random, last_work=due - dt.timedelta(days=9, hours=8)
    )
    if index:
        _write_plan(part, at=cycle.opens_at + dt.timedelta(days=1))
        write_risks(part, at=cycle.opens_at + dt.timedelta(days=1))
        _move_steps_on(part, at=cycle.opens_at + dt.timedelta(days=1))
    assessment = part.write()
    write_asks(part, assessment, at=part.last_work)
    part.send(assessment, at=due - dt.timedelta(days=7, hours=9))
    met = due + dt.timedelta(days=14)
    _fill_cover(part, assessment, met, at=due - dt.timedelta(days=4))
    part.sign_off(assessment, at=due - dt.timedelta(days=3, hours=6))
    part.release(assessment, at=met + dt.timedelta(days=1))
    met_on = met.astimezone(LONDON).date()
    record_outcomes(part, assessment, met_on, at=met + dt.timedelta(days=2))


def _play_current(script: Script, cycle: Cycle, *, random: Random, at: dt.datetime) -> None:
    """The cycle in progress, as far as this organisation has got."""
    stage = script.stage

    def ago(days: int) -> dt.datetime:
        return at - dt.timedelta(days=days)

    part = Performance(script, cycle, 2, random=random, last_work=ago(stage.last_work))
    _bring_measures_up_to_date(part, at=cycle.opens_at + dt.timedelta(days=1))
    _write_steps(part, at=cycle.opens_at + dt.timedelta(days=1))
    assessment = part.write()
    write_asks(part, assessment, at=part.last_work)
    if stage.sent is None:
        _share_out(part, assessment, at=ago(stage.last_work))
        return
    part.send(assessment, at=ago(stage.sent))
    if stage.signed is None or stage.board is None:
        return
    _fill_cover(part, assessment, ago(stage.board), at=ago(stage.signed))
    part.sign_off(assessment, at=ago(stage.signed))
    if stage.released is not None:
        part.release(assessment, at=ago(stage.released))
        met_on = ago(stage.board).astimezone(LONDON).date()
        record_outcomes(part, assessment, met_on, at=ago(stage.released - 1))


def _write_plan(part: Performance, *, at: dt.datetime) -> None:
    """Approved half a year before the second cycle; its measures have moved half their way."""
    words = part.script.content["plan"]
    if words is None:
        return
    due_on = part.cycle.due_at.astimezone(LONDON).date()
    approved_on = months_before(due_on, 8)
    plan = services.save_plan(
        organisation=part.organisation,
        version=0,
        by=part.lead,
        at=at,
        title=words["title"],
        summary=words["summary"],
        url=f"https://www.example.org/{part.organisation.slug}/anti-racism-plan",
        minute_reference=words["minute_reference"],
        approved_on=approved_on,
    )
    items = {item.code: item for item in Item.objects.filter(section__framework__is_current=True)}
    services.set_priorities(
        plan=plan,
        priorities=[(items[one["item"]], one["why"]) for one in words["priorities"]],
        by=part.lead,
        at=at,
    )
    _add_measures(part, plan, approved_on, at=at)


def _add_measures(part: Performance, plan: Plan, approved_on: dt.date, *, at: dt.datetime) -> None:
    latest_on = months_before(part.cycle.due_at.astimezone(LONDON).date(), 4)
    for measure in part.script.content["plan"]["measures"]:
        baseline, latest = Decimal(measure["baseline"]), Decimal(measure["latest"])
        services.add_measure(
            plan=plan,
            by=part.lead,
            at=at,
            name=measure["name"],
            source=measure["source"],
            unit=measure["unit"],
            ethnic_group=measure["ethnic_group"],
            higher_is_better=measure["higher_is_better"],
            baseline=baseline,
            baseline_on=approved_on,
            target=Decimal(measure["target"]),
            target_on=months_before(approved_on, -48),
            latest=((baseline + latest) / 2).quantize(baseline),
            latest_on=latest_on,
            note="",
        )


def _bring_measures_up_to_date(part: Performance, *, at: dt.datetime) -> None:
    latest_on = months_before(part.cycle.due_at.astimezone(LONDON).date(), 4)
    plan = Plan.objects.filter(organisation=part.organisation).first()
    if plan is None:
        return
    for words in part.script.content["plan"]["measures"]:
        measure = plan.measures.get(name=words["name"], ethnic_group=words["ethnic_group"])
        services.change_measure(
            measure=measure,
            version=measure.version,
            by=part.lead,
            at=at,
            name=measure.name,
            ethnic_group=measure.ethnic_group,
            latest=Decimal(words["latest"]),
            latest_on=latest_on,
            note=words["note"],
        )


STANDINGS = (
    (ImprovementStep.Status.DONE, "Within existing staff time", 0),
    (ImprovementStep.Status.ON_TRACK, "One day a week of a programme manager", 13),
    (ImprovementStep.Status.AT_RISK, "", 11),
    (ImprovementStep.Status.DONE, "£15,000 from the health inequalities fund", 0),
    (ImprovementStep.Status.OFF_TRACK, "Two days a month, not yet agreed", 6),
)
"""How first steps stand a year on: status, resource, and by how many months they were put off."""


def _move_steps_on(part: Performance, *, at: dt.datetime) -> None:
    """A year later some first steps are taken, some run late, and a few have no money."""
    first = ImprovementStep.objects.kept().filter(organisation=part.organisation)
    for number, step in enumerate(first.select_related("item").order_by("pk")):
        status, resource, months = STANDINGS[number % len(STANDINGS)]
        services.change_step(
            step=step,
            version=step.version,
            by=part.lead,
            at=at,
            what=step.what,
            owner=step.owner,
            due_on=months_before(step.due_on, -months),
            resource=resource,
            status=status,
        )


def _write_steps(part: Performance, *, at: dt.datetime) -> None:
    due_on = part.cycle.due_at.astimezone(LONDON).date()
    items = {item.code: item for item in Item.objects.filter(section__framework__is_current=True)}
    first = ImprovementStep.objects.kept().filter(organisation=part.organisation)
    for step in first.select_related("item"):
        # What was the first step of a past cycle has been taken by now.
        services.change_step(
            step=step,
            version=step.version,
            by=part.lead,
            at=at,
            what=step.what,
            owner=step.owner,
            due_on=step.due_on,
            resource=step.resource,
            status=ImprovementStep.Status.DONE,
        )
    for words in part.script.content["steps"]:
        months = words["due_months"]
        services.add_step(
            organisation=part.organisation,
            item=items[words["item"]],
            by=part.lead,
            at=at,
            what=words["what"],
            owner=words["owner"],
            due_on=None if months is None else months_before(due_on, -months),
            resource=words["resource"],
            status=words["status"],
        )


def _fill_cover(
    part: Performance, assessment: Assessment, met_at: dt.datetime, *, at: dt.datetime
) -> None:
    name = part.organisation.name.replace("Integrated Care System", "Integrated Care Board")
    save_cover(
        assessment=assessment,
        version=0,
        by=part.lead,
        at=at,
        board_name=f"NHS {name}" if "Integrated Care Board" in name else f"Board of {name}",
        board_on=met_at.astimezone(LONDON).date(),
        purpose="decision",
        author=f"{part.lead.name}, {part.lead.job_title}",
        **cover_of(part),
    )


def _share_out(part: Performance, assessment: Assessment, *, at: dt.datetime) -> None:
    """Sections to contributors; what is answered is handed in or accepted, the rest is open."""
    contributors = part.people["contributor"]
    due_on = assessment.cycle.due_at.astimezone(LONDON).date() - dt.timedelta(days=14)
    answers = list(assessment.answers.select_related("item__section").in_order())
    for number, section in enumerate(("W", "C", "D", "P")):
        person = contributors[number % len(contributors)]
        asked = [answer for answer in answers if answer.item.section.code == section]
        services.assign_answers(answers=asked, person=person, due_on=due_on, by=part.lead, at=at)
    given = Assignment.objects.filter(answer__assessment=assessment, answer__is_reconfirmed=True)
    ready = given.filter(answer__level__isnull=False).select_related("person", "answer__item")
    for number, assignment in enumerate(ready.order_by("answer__pk")):
        services.mark_opened(assignment=assignment, at=at)
        handed = services.hand_in(assignment=assignment, note="", by=assignment.person, at=at)
        if number % 3:
            services.accept(assignment=handed, by=part.lead, at=at)
