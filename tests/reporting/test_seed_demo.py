"""Starting a demonstration: where it refuses, what it says, and any day and seed will do."""

import datetime as dt
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from assessments import calendar
from assessments.models import Assessment, Cycle
from assessments.services import run_calendar
from portal.models import AuditEvent, User
from reporting import demo
from reporting.demo.script import OPENED_AGO, cycle_plans, months_before
from tests.factories import LONDON

WEEK = dt.timedelta(days=7)

State = Assessment.State


def test_seed_demo_refuses_outside_a_demonstration(settings, db):
    settings.DEMO = False
    with pytest.raises(CommandError, match="set DEMO=1"):
        call_command("seed_demo")
    assert not User.objects.exists()


@pytest.mark.parametrize("now", ["yesterday", "2026-11-22T10:00", "2026-11-22"])
def test_seed_demo_refuses_a_time_without_a_zone(settings, db, now):
    settings.DEMO = True
    with pytest.raises(CommandError, match="with a zone"):
        call_command("seed_demo", "--now", now)


def test_welcome_says_how_to_make_the_first_accounts_of_an_empty_portal(settings, db, capsys):
    settings.DEMO = False
    call_command("welcome")
    printed = capsys.readouterr().out
    assert "script/manage make_administrator" in printed
    assert "--role heg" in printed


def test_welcome_says_where_mail_is_written(settings, db, tmp_path, capsys):
    settings.EMAIL_FILE_PATH = str(tmp_path)
    call_command("welcome")
    assert f"Mail is written to files in {tmp_path}\n" in capsys.readouterr().out


def test_welcome_is_short_where_people_have_accounts(settings, heg, capsys):
    settings.DEMO = False
    call_command("welcome")
    assert "make_administrator" not in capsys.readouterr().out


# Dates, for whenever somebody starts the demonstration

MOMENTS = [
    dt.datetime(2027, 1, 1, 0, 0, tzinfo=LONDON),
    dt.datetime(2026, 12, 31, 23, 59, tzinfo=LONDON),
    dt.datetime(2028, 2, 28, 12, 0, tzinfo=LONDON),
    dt.datetime(2028, 2, 29, 12, 0, tzinfo=LONDON),
    dt.datetime(2028, 4, 14, 9, 0, tzinfo=LONDON),  # opened on 29 February
    dt.datetime(2027, 3, 28, 0, 30, tzinfo=dt.UTC),  # clocks go forward
    dt.datetime(2027, 3, 28, 1, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC),  # clocks go back
    dt.datetime(2026, 10, 25, 1, 30, tzinfo=dt.UTC),
    *(dt.datetime(2027, month, 15, 9, 0, tzinfo=LONDON) for month in range(1, 13)),
    *(dt.datetime(2027, month, 1, 9, 0, tzinfo=LONDON) for month in range(1, 13)),
]


@pytest.mark.parametrize("at", MOMENTS, ids=dt.datetime.isoformat)
def test_no_boundary_of_a_cycle_is_within_a_week(at):
    plans = cycle_plans(at)
    boundaries = [
        instant
        for plan in plans
        for instant in (plan.opens_at, plan.due_at, plan.closes_at, plan.last_release_at)
    ]
    reminders = [plans[-1].due_at + dt.timedelta(days=days) for _kind, days in calendar.REMINDERS]
    assert min(abs(instant - at) for instant in [*boundaries, *reminders]) > WEEK
    assert plans[-1].opens_at < at < plans[-1].due_at


@pytest.mark.parametrize("at", MOMENTS, ids=dt.datetime.isoformat)
def test_cycles_are_a_year_apart_and_named_by_it(at):
    plans = cycle_plans(at)
    assert [int(plan.slug) for plan in plans] == [int(plans[-1].slug) - ago for ago in (2, 1, 0)]
    assert [plan.name for plan in plans] == [f"Self-assessment {plan.slug}" for plan in plans]
    assert {plan.opens_at.astimezone(LONDON).hour for plan in plans} == {9}
    assert {plan.due_at.astimezone(LONDON).time() for plan in plans} == {dt.time(23, 59)}
    opened_ago = at - plans[-1].opens_at
    assert abs(opened_ago - dt.timedelta(days=OPENED_AGO)) < dt.timedelta(days=4)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (dt.date(2026, 3, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 1, 15), 1, dt.date(2025, 12, 15)),
        (dt.date(2026, 12, 29), -2, dt.date(2027, 2, 28)),
        (dt.date(2026, 11, 5), 12, dt.date(2025, 11, 5)),
    ],
)
def test_months_before_stays_within_the_month(day, months, expected):
    assert months_before(day, months) == expected


def test_another_seed_plays_on_the_29th_of_february(settings, db):
    settings.DEMO = True
    call_command("load_framework", stdout=StringIO())
    call_command("load_organisations", stdout=StringIO())
    at = dt.datetime(2028, 2, 29, 12, 0, tzinfo=dt.UTC)

    accounts = demo.seed(seed=2, at=at)

    assert demo.is_seeded()
    assert demo.accounts() == accounts
    current = Assessment.objects.filter(cycle=Cycle.objects.latest("opens_at"))
    states = Counter(State(one.state) for one in current)
    assert states == {State.DRAFT: 3, State.AWAITING: 2, State.SIGNED_OFF: 2}
    told = AuditEvent.objects.filter(chain="north-east-london")
    assert told.exists()
    assert not told.filter(at__gt=at).exists()
    assert not run_calendar(at=at)
