"""The operator's commands say in plain lines what they did, and refuse in plain words."""

import datetime as dt
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from assessments import services
from assessments.models import Cycle
from assessments.tasks import run_calendar as task
from portal.models import Message
from tests import factories
from tests.factories import london


def run(name, *arguments):
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def rule(heg):
    return services.set_cadence(
        kind="full",
        first_year=2026,
        opens_month=10,
        opens_day=5,
        due_after_days=70,
        closes_after_days=100,
        last_release_after_days=170,
        by=heg,
        at=factories.AT,
    )


def test_run_calendar_prints_what_it_did_and_then_that_nothing_is_due(
    framework, system, lead, sponsor, rule
):
    assert run("run_calendar", "--now", "2026-10-05T09:00") == [
        "Opened Self-assessment 2026 (2026)",
        "Added the assessment of North East London Integrated Care System, Self-assessment 2026",
        "Wrote a message, opened: North East London Integrated Care System, "
        f"Self-assessment 2026, to {lead.email}",
        "Wrote a message, opened: North East London Integrated Care System, "
        f"Self-assessment 2026, to {sponsor.email}",
    ]
    assert run("run_calendar", "--now", "2026-10-05") == ["Nothing is due."]


def test_run_calendar_prints_releases(assessment, lead, sponsor):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)

    assert run("run_calendar", "--now", "2027-03-31T10:00+01:00") == [
        "Released North East London Integrated Care System, Self-assessment 2026, version 1: "
        "The cycle's last release date came"
    ]


def test_run_calendar_dry_run_changes_nothing(framework, system, rule):
    lines = run("run_calendar", "--now", "2026-10-06", "--dry-run")

    assert lines[:2] == ["Dry run: nothing was changed.", "Opened Self-assessment 2026 (2026)"]
    assert not Cycle.objects.exists()


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01", ""])
def test_run_calendar_refuses_what_is_no_instant(db, text):
    with pytest.raises(CommandError, match="is not a date and time"):
        run("run_calendar", "--now", text)


@pytest.mark.parametrize(
    ("now", "cycles"), [("2026-10-05T08:59", 0), ("2026-10-05T09:00", 1), ("2026-10-05", 1)]
)
def test_run_calendar_reads_times_as_londons(framework, system, rule, now, cycles):
    run("run_calendar", "--now", now)

    assert Cycle.objects.count() == cycles


@time_machine.travel(london(2026, 10, 6, 9), tick=False)
def test_run_calendar_acts_now_unless_told_otherwise(framework, system, rule):
    assert run("run_calendar")[0] == "Opened Self-assessment 2026 (2026)"


@time_machine.travel(london(2026, 10, 6, 9), tick=False)
def test_run_calendar_task_acts_now(framework, system, lead, rule):
    task()

    assert Cycle.objects.get().slug == "2026"
    assert Message.objects.get().to == lead.email


DATES = (
    "--opens=2026-10-05",
    "--due=2026-12-14",
    "--closes=2027-01-13",
    "--last-release=2027-03-24",
)


@time_machine.travel(london(2026, 10, 6, 9), tick=False)
def test_open_cycle_adds_the_assessments(framework, system):
    lines = run("open_cycle", "2026", "Self-assessment 2026", *DATES)

    assert lines == ["Made Self-assessment 2026 with 1 assessments."]
    cycle = Cycle.objects.get()
    assert (cycle.opens_at, cycle.closes_at) == (
        london(2026, 10, 5),
        london(2027, 1, 13, 23, 59),
    )
    assert (cycle.kind, cycle.framework) == ("full", framework)


def test_open_cycle_of_a_named_framework_and_kind(framework, system):
    second = factories.small_framework("small-2", is_current=False)

    run("open_cycle", "mid", "Mid-year", "--kind=mid_year", "--framework=small-2", *DATES)

    cycle = Cycle.objects.get()
    assert (cycle.kind, cycle.framework) == ("mid_year", second)


def test_open_cycle_twice_is_refused_in_plain_words(framework):
    run("open_cycle", "2026", "Self-assessment 2026", *DATES)

    with pytest.raises(CommandError, match="already a cycle"):
        run("open_cycle", "2026", "Self-assessment 2026", *DATES)


@pytest.mark.parametrize("named", [(), ("--framework=none",)])
def test_open_cycle_without_its_framework_says_so(db, named):
    with pytest.raises(CommandError, match="Load the framework first"):
        run("open_cycle", "2026", "Self-assessment 2026", *DATES, *named)


def test_open_cycle_needs_dates_that_exist(framework):
    wrong = ("--opens=2026-02-30", *DATES[1:])

    with pytest.raises(CommandError, match="invalid fromisoformat value"):
        run("open_cycle", "2026", "Self-assessment 2026", *wrong)


def test_release_dates_are_londons_in_summer(framework):
    run("open_cycle", "2026", "Self-assessment 2026", *DATES[:3], "--last-release=2027-07-01")

    assert Cycle.objects.get().last_release_at == dt.datetime(2027, 7, 1, 8, tzinfo=dt.UTC)
