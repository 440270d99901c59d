"""Changes an organisation's plan: what it says, what it puts first, and its measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from assessments.models import Measure, Plan, PlanPriority
from assessments.services.refusals import Refusal, StaleMeasure, StalePlan
from commitments.models import Item
from portal.audit import record
from portal.models import Organisation, User

FEWEST_MEASURES, MOST_MEASURES = 3, 8
WORDS = frozenset({"title", "summary", "url", "minute_reference", "approved_on"})
FIGURES = frozenset(
    {
        "name",
        "source",
        "unit",
        "ethnic_group",
        "higher_is_better",
        "baseline",
        "baseline_on",
        "target",
        "target_on",
        "latest",
        "latest_on",
        "note",
    }
)


class TooManyMeasures(Refusal):
    sentence = f"A plan has no more than {MOST_MEASURES} measures. Remove one first."


class MeasureExists(Refusal):
    sentence = "The plan already has this measure for these people."


@transaction.atomic
def save_plan(
    *, organisation: Organisation, version: int, by: User, at: dt.datetime, **words: Any
) -> Plan:
    """Record what the plan says at the version the form carried; 0 where none is recorded yet.

    Raises StalePlan. `words` are those of WORDS.
    """
    _refuse_unknown(words, WORDS)
    Plan.objects.get_or_create(organisation=organisation)
    plans = Plan.objects.filter(organisation=organisation)
    changed = plans.filter(version=version).update(**words, version=version + 1)
    current = plans.select_related("organisation").get()
    if changed:
        _record(current, "plan.saved", by, at, version=current.version)
    elif not _says(current, words):
        raise StalePlan(current)
    return current


@transaction.atomic
def set_priorities(
    *,
    plan: Plan,
    priorities: Sequence[tuple[Item, str]],
    by: User,
    at: dt.datetime,
    version: int | None = None,
) -> Plan:
    """Say which actions the plan puts first, and why; replaces what it put first before.

    `version` is the plan's as the form carried it, or that of `plan` itself; raises StalePlan.
    """
    expected = plan.version if version is None else version
    changed = Plan.objects.filter(pk=plan.pk, version=expected).update(version=expected + 1)
    current = Plan.objects.select_related("organisation").get(pk=plan.pk)
    if not changed:
        if _puts_first(current, priorities):
            return current
        raise StalePlan(current)
    current.priorities.all().delete()
    PlanPriority.objects.bulk_create(
        PlanPriority(plan=current, item=item, why=why) for item, why in priorities
    )
    codes = [item.code for item, _why in priorities]
    _record(current, "plan.priorities-set", by, at, version=current.version, codes=codes)
    return current


@transaction.atomic
def add_measure(*, plan: Plan, by: User, at: dt.datetime, **figures: Any) -> Measure:
    """Add a measure. Raises TooManyMeasures, MeasureExists. `figures` are those of FIGURES."""
    _refuse_unknown(figures, FIGURES)
    held = _hold(plan)
    kept = held.measures.filter(removed_at__isnull=True)
    _refuse_same(held, figures)
    if kept.count() >= MOST_MEASURES:
        raise TooManyMeasures
    measure = Measure.objects.create(plan=held, updated_by=by, updated_at=at, **figures)
    _record_measure(measure, "measure.added", by, at)
    return measure


@transaction.atomic
def change_measure(
    *, measure: Measure, version: int, by: User, at: dt.datetime, **figures: Any
) -> Measure:
    """Change it at the version the form carried. Raises StaleMeasure, MeasureExists."""
    _refuse_unknown(figures, FIGURES)
    held = _hold(measure.plan)
    _refuse_same(held, figures, but=measure)
    kept = Measure.objects.filter(pk=measure.pk, version=version, removed_at__isnull=True)
    changed = kept.update(**figures, version=version + 1, updated_by=by, updated_at=at)
    current = _current(measure)
    if changed:
        _record_measure(current, "measure.changed", by, at)
    elif current.removed_at or not _says(current, figures):
        raise StaleMeasure(current)
    return current


@transaction.atomic
def remove_measure(*, measure: Measure, version: int, by: User, at: dt.datetime) -> Measure:
    """Take it out of the plan; papers that were signed off keep it. Raises StaleMeasure."""
    kept = Measure.objects.filter(pk=measure.pk, version=version, removed_at__isnull=True)
    changed = kept.update(removed_at=at, version=version + 1, updated_by=by, updated_at=at)
    current = _current(measure)
    if not changed and not current.removed_at:
        raise StaleMeasure(current)
    if changed:
        _record_measure(current, "measure.removed", by, at)
    return current


def _refuse_unknown(given: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := given.keys() - known:
        raise TypeError(f"not known here: {', '.join(sorted(unknown))}")


def _hold(plan: Plan) -> Plan:
    """The plan as it is now, locked, so that two people add measures one after the other."""
    return Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)


def _refuse_same(plan: Plan, figures: dict[str, Any], but: Measure | None = None) -> None:
    others = plan.measures.filter(removed_at__isnull=True).exclude(pk=but.pk if but else None)
    same = {"name": figures["name"], "ethnic_group": figures.get("ethnic_group", "")}
    if others.filter(**same).exists():
        raise MeasureExists


def _current(measure: Measure) -> Measure:
    return Measure.objects.select_related("plan__organisation").get(pk=measure.pk)


def _says(current: Plan | Measure, given: dict[str, Any]) -> bool:
    """Whether it already says exactly this: a form posted twice, not a clash."""
    return all(getattr(current, name) == value for name, value in given.items())


def _puts_first(plan: Plan, priorities: Sequence[tuple[Item, str]]) -> bool:
    stored = set(plan.priorities.values_list("item", "why"))
    return stored == {(item.pk, why) for item, why in priorities}


def _record(plan: Plan, verb: str, by: User, at: dt.datetime, **detail: object) -> None:
    record(by=by, verb=verb, target=plan, organisation=plan.organisation, at=at, **detail)


def _record_measure(measure: Measure, verb: str, by: User, at: dt.datetime) -> None:
    record(
        by=by,
        verb=verb,
        target=measure,
        organisation=measure.plan.organisation,
        at=at,
        version=measure.version,
    )
