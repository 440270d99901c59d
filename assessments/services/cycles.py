"""Opens and changes cycles, adds and extends assessments, records what does not apply."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q

from assessments import emails
from assessments.calendar import london_date
from assessments.models import Answer, Assessment, CadenceRule, Cycle, Exemption
from assessments.queries import latest_signed_off
from assessments.services.carry_forward import carry_forward
from assessments.services.locks import hold, hold_open
from assessments.services.refusals import (
    AlreadyAdded,
    AlreadyExempt,
    AlreadySignedOff,
    CycleExists,
    DatesOutOfOrder,
    ExtensionTooEarly,
)
from commitments.models import Framework, Item
from portal.audit import record
from portal.models import Organisation, User


@transaction.atomic
def open_cycle(
    *,
    slug: str,
    name: str,
    kind: str,
    framework: Framework,
    opens_at: dt.datetime,
    due_at: dt.datetime,
    closes_at: dt.datetime,
    last_release_at: dt.datetime,
    by: User | None,
    at: dt.datetime,
) -> Cycle:
    """Make a cycle, with an assessment for every live system if it has opened already.

    For a cycle that opens later the calendar adds them on the day, so that they carry forward
    what is signed off by then.
    """
    _refuse_disorder(opens_at, due_at, closes_at, last_release_at)
    if Cycle.objects.filter(Q(slug=slug) | Q(name=name)).exists():
        raise CycleExists
    cycle = Cycle.objects.create(
        slug=slug,
        name=name,
        kind=kind,
        framework=framework,
        opens_at=opens_at,
        due_at=due_at,
        closes_at=closes_at,
        last_release_at=last_release_at,
    )
    record(by=by, verb="cycle.opened", target=cycle, organisation=None, at=at, slug=slug)
    if opens_at <= at:
        add_missing_assessments(cycle=cycle, by=by, at=at)
    return cycle


@transaction.atomic
def change_cycle(
    *,
    cycle: Cycle,
    opens_at: dt.datetime,
    due_at: dt.datetime,
    closes_at: dt.datetime,
    last_release_at: dt.datetime,
    by: User,
    at: dt.datetime,
) -> Cycle:
    """Move a cycle's dates for everybody."""
    _refuse_disorder(opens_at, due_at, closes_at, last_release_at)
    dates = {
        "opens_at": opens_at,
        "due_at": due_at,
        "closes_at": closes_at,
        "last_release_at": last_release_at,
    }
    Cycle.objects.filter(pk=cycle.pk).update(**dates)
    words = {name: value.astimezone(dt.UTC).isoformat() for name, value in dates.items()}
    record(by=by, verb="cycle.changed", target=cycle, organisation=None, at=at, **words)
    return Cycle.objects.get(pk=cycle.pk)


def _refuse_disorder(*instants: dt.datetime) -> None:
    opens_at, due_at, closes_at, last_release_at = instants
    if not opens_at < due_at <= closes_at <= last_release_at:
        raise DatesOutOfOrder


def add_missing_assessments(*, cycle: Cycle, by: User | None, at: dt.datetime) -> list[Assessment]:
    """An assessment for every system that is live today and has none in the cycle."""
    live = Organisation.objects.systems().live(on=london_date(at))
    missing = live.exclude(assessments__cycle=cycle).order_by("slug")
    return [add_assessment(cycle=cycle, organisation=one, by=by, at=at) for one in missing]


@transaction.atomic
def add_assessment(
    *, cycle: Cycle, organisation: Organisation, by: User | None, at: dt.datetime
) -> Assessment:
    """Give an organisation its assessment: an answer per item in a full cycle, none at mid-year.

    The words of its latest signed-off full assessment are carried forward, marked not reconfirmed.
    """
    held = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if held.assessments.filter(organisation=organisation).exists():
        raise AlreadyAdded
    assessment = Assessment.objects.create(cycle=held, organisation=organisation, opened_at=at)
    carried = 0
    if held.is_full:
        items = Item.objects.filter(section__framework=held.framework_id).in_order()
        Answer.objects.bulk_create([Answer(assessment=assessment, item=item) for item in items])
        source = latest_signed_off(organisation, before=held.opens_at)
        carried = carry_forward(source, into=assessment, at=at) if source else 0
    record(
        by=by,
        verb="assessment.opened",
        target=assessment,
        organisation=organisation,
        at=at,
        cycle=held.slug,
        carried=carried,
    )
    return assessment


@transaction.atomic
def extend_assessment(
    *, assessment: Assessment, extended_to: dt.datetime, reason: str, by: User, at: dt.datetime
) -> Assessment:
    """Give one organisation until a later instant, with a reason.

    Also when it is signed off and its sponsor has asked to reopen it.
    """
    held = hold(assessment.pk)
    if held.signed_off_at and not held.reopening_asked_at:
        raise AlreadySignedOff
    if extended_to <= held.closes_at or extended_to <= at:
        raise ExtensionTooEarly
    held.extended_to, held.extension_reason = extended_to, reason
    held.save(update_fields=["extended_to", "extension_reason"])
    record(
        by=by,
        verb="assessment.extended",
        target=held,
        organisation=held.organisation,
        at=at,
        extended_to=extended_to.astimezone(dt.UTC).isoformat(),
    )
    emails.extended(assessment=held, by=by, at=at)
    return held


@transaction.atomic
def exempt_item(*, answer: Answer, reason: str, by: User, at: dt.datetime) -> Exemption:
    """Record that an item does not apply to an organisation in this cycle."""
    held = hold_open(answer.assessment_id, at=at)
    exemption, created = Exemption.objects.get_or_create(
        answer=answer, defaults={"reason": reason, "by": by, "at": at}
    )
    if not created:
        raise AlreadyExempt
    record(
        by=by,
        verb="answer.exempted",
        target=answer,
        organisation=held.organisation,
        at=at,
        code=answer.item.code,
    )
    return exemption


@transaction.atomic
def set_cadence(
    *,
    kind: str,
    first_year: int,
    opens_month: int,
    opens_day: int,
    due_after_days: int,
    closes_after_days: int,
    last_release_after_days: int,
    by: User | None,
    at: dt.datetime,
    is_active: bool = True,
) -> CadenceRule:
    """Say when the calendar opens a cycle of this kind each year, or that it no longer does."""
    days = (0, due_after_days, closes_after_days, last_release_after_days)
    if due_after_days < 1 or list(days) != sorted(days):
        raise DatesOutOfOrder
    words = {
        "first_year": first_year,
        "opens_month": opens_month,
        "opens_day": opens_day,
        "due_after_days": due_after_days,
        "closes_after_days": closes_after_days,
        "last_release_after_days": last_release_after_days,
        "is_active": is_active,
    }
    rule, _created = CadenceRule.objects.update_or_create(kind=kind, defaults=words)
    record(by=by, verb="cadence.set", target=rule, organisation=None, at=at, kind=kind, **words)
    return rule
