"""What stands on the page of an organisation's plan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from assessments.models import Measure, Plan, PlanPriority
from assessments.queries.evidence import StepRow, figure, step_row
from commitments.models import Framework, Item, Section
from portal.models import Organisation

ALL_PEOPLE = "All people"


@dataclass(frozen=True)
class MeasureRow:
    """A measure with its figures as text."""

    measure: Measure

    @property
    def people(self) -> str:
        return self.measure.ethnic_group or ALL_PEOPLE

    @property
    def aim(self) -> str:
        return "Higher is better" if self.measure.higher_is_better else "Lower is better"

    @property
    def baseline(self) -> str:
        return figure(self.measure.baseline, self.measure.unit)

    @property
    def target(self) -> str:
        return figure(self.measure.target, self.measure.unit)

    @property
    def latest(self) -> str:
        latest = self.measure.latest
        return "" if latest is None else figure(latest, self.measure.unit)


@dataclass(frozen=True)
class PlanPage:
    """A plan with its priorities, measures and the organisation's improvement steps."""

    plan: Plan
    priorities: tuple[PlanPriority, ...]
    measures: tuple[MeasureRow, ...]
    steps: tuple[StepRow, ...]


def plan_of(organisation: Organisation) -> Plan:
    """The recorded plan, or an empty one at version 0 that is not stored."""
    plan = Plan.objects.filter(organisation=organisation).first()
    plan = plan or Plan(organisation=organisation)
    plan.organisation = organisation
    return plan


def plan_page(organisation: Organisation, on: dt.date) -> PlanPage:
    plan = plan_of(organisation)
    steps = organisation.steps.kept().select_related("item")
    steps = steps.order_by("item__section__order", "item__order", "due_on", "pk")
    return PlanPage(
        plan,
        tuple(priorities_of(plan)),
        tuple(MeasureRow(measure) for measure in measures_of(plan)),
        tuple(step_row(step, on, str(step.item)) for step in steps),
    )


def priorities_of(plan: Plan) -> list[PlanPriority]:
    """In the framework's order."""
    if plan.pk is None:
        return []
    rows = plan.priorities.select_related("item__section")
    return list(rows.order_by("item__section__order", "item__order"))


def measures_of(plan: Plan) -> list[Measure]:
    if plan.pk is None:
        return []
    return list(plan.measures.filter(removed_at__isnull=True).order_by("pk"))


def items_by_section() -> list[tuple[Section, list[Item]]]:
    """What the framework in use recommends: actions by commitment, then what its enablers ask."""
    rows = Item.objects.filter(section__framework=Framework.objects.current())
    groups: dict[Section, list[Item]] = {}
    for item in rows.select_related("section").in_order():
        groups.setdefault(item.section, []).append(item)
    return list(groups.items())
