"""The plan, what it puts first and its measures: the services."""

import datetime as dt
from decimal import Decimal

import pytest

from assessments.models import Measure, Plan
from assessments.queries import items_by_section, measures_of, plan_of, plan_page
from assessments.services import (
    MeasureExists,
    StaleMeasure,
    StalePlan,
    TooManyMeasures,
    add_measure,
    change_measure,
    remove_measure,
    save_plan,
    set_priorities,
)
from commitments.models import Item
from portal.models import AuditEvent
from tests import factories

WORDS = {"title": "Said and Done", "minute_reference": "ICB/24/067"}
FIGURES = {
    "name": "Bowel screening uptake",
    "source": "Local extract",
    "unit": "%",
    "ethnic_group": "Bangladeshi",
    "baseline": Decimal("44.1"),
    "baseline_on": dt.date(2025, 3, 31),
    "target": Decimal("58"),
    "target_on": dt.date(2028, 3, 31),
}


@pytest.fixture
def plan(system, lead, at):
    return save_plan(organisation=system, version=0, by=lead, at=at, **WORDS)


@pytest.fixture
def measure(plan, lead, at):
    return add_measure(plan=plan, by=lead, at=at, **FIGURES)


def item(code):
    return Item.objects.get(code=code)


def verbs():
    return list(AuditEvent.objects.order_by("sequence").values_list("verb", flat=True))


def test_plan_is_recorded_and_changed_once_each(system, plan, lead, at):
    assert (plan.version, plan.title) == (1, "Said and Done")
    for _time in range(2):
        changed = save_plan(
            organisation=system, version=1, by=lead, at=at, **(WORDS | {"title": "New"})
        )
    assert (changed.version, changed.title) == (2, "New")
    assert verbs() == ["plan.saved", "plan.saved"]


@pytest.mark.parametrize("version", [0, 7])
def test_stale_plan_is_refused_with_what_is_saved(system, plan, lead, at, version):
    with pytest.raises(StalePlan) as stale:
        save_plan(organisation=system, version=version, by=lead, at=at, title="Mine")
    assert stale.value.current.title == "Said and Done"


def test_version_of_a_plan_that_is_not_there_is_refused_and_makes_none(system, lead, at):
    with pytest.raises(StalePlan):
        save_plan(organisation=system, version=3, by=lead, at=at, **WORDS)
    assert not Plan.objects.exists()


def test_words_nobody_may_set_are_refused(system, plan, lead, at):
    with pytest.raises(TypeError, match="version"):
        add_measure(plan=plan, by=lead, at=at, version=5, **FIGURES)


def test_priorities_replace_each_other(plan, framework, lead, at):
    set_priorities(plan=plan, priorities=[(item("L1"), "First")], by=lead, at=at)
    with pytest.raises(StalePlan):
        set_priorities(plan=plan, priorities=[(item("W1"), "Stale")], by=lead, at=at)
    wanted = [(item("L2"), "Because"), (item("W1"), "Also")]
    for _time in range(2):
        now = set_priorities(plan=plan, priorities=wanted, version=2, by=lead, at=at)
    assert now.version == 3
    assert {(one.item.code, one.why) for one in now.priorities.all()} == {
        ("L2", "Because"),
        ("W1", "Also"),
    }
    codes = [
        event.detail["codes"] for event in AuditEvent.objects.filter(verb="plan.priorities-set")
    ]
    assert codes == [["L1"], ["L2", "W1"]]


def test_measure_is_added_changed_and_removed_once_each(measure, lead, at):
    figures = FIGURES | {"latest": Decimal("52.6"), "latest_on": dt.date(2026, 9, 30)}
    for _time in range(2):
        changed = change_measure(measure=measure, version=1, by=lead, at=at, **figures)
    assert (changed.latest, changed.version) == (Decimal("52.6"), 2)
    for _time in range(2):
        removed = remove_measure(measure=measure, version=2, by=lead, at=at)
    assert removed.removed_at == at
    assert verbs() == ["plan.saved", "measure.added", "measure.changed", "measure.removed"]


def test_stale_measure_is_refused(measure, lead, at):
    change_measure(measure=measure, version=1, by=lead, at=at, **(FIGURES | {"unit": "ratio"}))
    with pytest.raises(StaleMeasure) as stale:
        change_measure(measure=measure, version=1, by=lead, at=at, **FIGURES)
    assert stale.value.current.unit == "ratio"
    with pytest.raises(StaleMeasure):
        remove_measure(measure=measure, version=1, by=lead, at=at)
    remove_measure(measure=measure, version=2, by=lead, at=at)
    with pytest.raises(StaleMeasure):
        change_measure(measure=measure, version=3, by=lead, at=at, **FIGURES)


def test_same_measure_for_the_same_people_stands_once(plan, measure, lead, at):
    with pytest.raises(MeasureExists):
        add_measure(plan=plan, by=lead, at=at, **FIGURES)
    other = add_measure(plan=plan, by=lead, at=at, **(FIGURES | {"ethnic_group": ""}))
    with pytest.raises(MeasureExists):
        change_measure(measure=other, version=1, by=lead, at=at, **FIGURES)
    remove_measure(measure=measure, version=1, by=lead, at=at)
    add_measure(plan=plan, by=lead, at=at, **FIGURES)


def test_plan_has_no_more_than_eight_measures(plan, lead, at):
    for number in range(8):
        add_measure(plan=plan, by=lead, at=at, **(FIGURES | {"name": f"Measure {number}"}))
    with pytest.raises(TooManyMeasures):
        add_measure(plan=plan, by=lead, at=at, **FIGURES)
    assert Measure.objects.count() == 8


def test_page_has_kept_measures_and_steps_in_the_framework_s_order(
    plan, measure, framework, lead, at, system
):
    set_priorities(plan=plan, priorities=[(item("W1"), "Two"), (item("L2"), "One")], by=lead, at=at)
    for code in ("D1", "L1"):
        factories.StepFactory(organisation=system, item=item(code))
    page = plan_page(system, at.date())
    assert [one.item.code for one in page.priorities] == ["L2", "W1"]
    assert [row.measure for row in page.measures] == [measure]
    assert [row.item for row in page.steps] == ["L1 Short name L1", "D1 Short name D1"]


def test_organisation_without_a_plan_has_an_empty_one(system, at):
    empty = plan_of(system)
    assert (empty.pk, empty.version, measures_of(empty)) == (None, 0, [])
    assert plan_page(system, at.date()).priorities == ()


def test_items_are_those_of_the_framework_in_use(framework):
    factories.small_framework("small-2", is_current=False)
    groups = items_by_section()
    assert [section.title for section, _items in groups] == ["Leadership", "Workforce", "Data"]
    assert [one.code for _section, items in groups for one in items] == [
        "L1",
        "L2",
        "L3",
        "W1",
        "W2",
        "W3",
        "D1",
        "D2",
    ]


def test_plan_and_what_is_in_it_name_themselves(plan, measure, framework, system, lead, at):
    now = set_priorities(plan=plan, priorities=[(item("L1"), "First")], by=lead, at=at)
    assert str(plan) == "Said and Done"
    assert str(Plan(organisation=system)) == "Plan of North East London Integrated Care System"
    assert str(now.priorities.get()) == "L1 first, in Said and Done"
    assert str(measure) == "Bowel screening uptake"
