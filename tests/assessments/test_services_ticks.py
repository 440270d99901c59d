"""The calendar's tick: everything due, once, also after an outage, never twice."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assessments import services
from assessments.models import Assessment, Cycle, Release
from portal.models import AuditEvent, Message
from tests import factories
from tests.factories import london

DAY = dt.timedelta(days=1)


def rule(heg, **changes):
    """Opens on 5 October, due on 14 December, closes on 13 January, last release on 24 March."""
    words = {
        "kind": "full",
        "first_year": 2026,
        "opens_month": 10,
        "opens_day": 5,
        "due_after_days": 70,
        "closes_after_days": 100,
        "last_release_after_days": 170,
        "by": heg,
        "at": factories.AT,
    }
    return services.set_cadence(**(words | changes))


def tick(at, **words):
    return services.run_calendar(at=at, **words)


def kinds(outcome):
    return [message.partition(":")[0] for message in outcome.messages]


def test_tick_without_rules_or_cycles_does_nothing(system, at):
    assert not tick(at)


def test_tick_opens_the_cycle_adds_assessments_and_writes_to_people(
    framework, system, lead, sponsor, heg
):
    rule(heg)

    outcome = tick(london(2026, 10, 5, 9))

    (cycle,) = outcome.cycles
    assert (cycle.slug, cycle.name, cycle.kind) == ("2026", "Self-assessment 2026", "full")
    assert cycle.framework == framework
    assert (cycle.opens_at, cycle.due_at) == (london(2026, 10, 5), london(2026, 12, 14, 23, 59))
    assert cycle.last_release_at == london(2027, 3, 24)
    assert [one.organisation for one in outcome.assessments] == [system]
    assert outcome.assessments[0].answers.count() == 8
    assert set(Message.objects.values_list("to", flat=True)) == {lead.email, sponsor.email}
    assert kinds(outcome) == ["opened", "opened"]
    assert AuditEvent.objects.get(verb="cycle.opened").actor == "portal"


def test_tick_before_the_opening_hour_does_nothing(framework, system, lead, heg):
    rule(heg)

    assert not tick(london(2026, 10, 5, 8, 59))


def test_tick_opens_a_mid_year_update_without_answers(framework, system, heg):
    rule(heg, kind="mid_year", opens_month=4)

    (cycle,) = tick(london(2026, 4, 5, 9)).cycles

    assert (cycle.slug, cycle.name) == ("2026-mid-year", "Mid-year update 2026")
    assert not cycle.assessments.get().answers.exists()


def test_tick_opens_full_and_mid_year_in_the_order_of_their_dates(framework, system, heg):
    rule(heg, opens_month=3)
    rule(heg, kind="mid_year", opens_month=2)

    assert [cycle.kind for cycle in tick(london(2026, 3, 6)).cycles] == ["mid_year", "full"]


def test_tick_asks_no_rule_that_is_switched_off(framework, system, heg):
    rule(heg, is_active=False)

    assert not tick(london(2026, 10, 6))


def test_tick_makes_no_second_cycle_where_one_was_opened_by_hand(framework, system, heg):
    by_hand = {"slug": "by-hand", "name": "By hand"}
    factories.open_cycle(framework, opens_at=london(2026, 9, 1), **by_hand)
    rule(heg)

    assert tick(london(2026, 10, 6)).cycles == []


def test_tick_finds_another_name_where_its_own_is_in_use(framework, system, heg):
    factories.open_cycle(framework, slug="2026", opens_at=london(2025, 9, 1))
    rule(heg)

    (cycle,) = tick(london(2026, 10, 6)).cycles

    assert (cycle.slug, cycle.name) == ("2026-2", "Self-assessment 2026 (2)")
    assert tick(london(2026, 10, 6)).cycles == []


def test_tick_leaves_other_years_and_kinds_alone(framework, system, heg):
    factories.open_cycle(framework, slug="spring", name="Spring update", kind=Cycle.Kind.MID_YEAR)
    rule(heg)

    assert [cycle.slug for cycle in tick(london(2026, 10, 6)).cycles] == ["2026"]


def test_tick_twice_or_ten_times_has_one_effect(framework, system, lead, sponsor, heg):
    rule(heg)
    at = london(2026, 12, 1, 9)
    first = tick(at)
    counts = Message.objects.count(), AuditEvent.objects.count()

    for minutes in range(9):
        assert not tick(at + dt.timedelta(minutes=minutes))

    assert first
    assert Cycle.objects.count() == Assessment.objects.count() == 1
    assert (Message.objects.count(), AuditEvent.objects.count()) == counts


def test_tick_after_five_days_of_outage_sends_only_the_latest_reminder(
    framework, system, lead, heg
):
    rule(heg)
    tick(london(2026, 10, 5))

    assert kinds(tick(london(2026, 12, 8))) == ["due-7"]
    assert kinds(tick(london(2026, 12, 13, 10))) == ["due-1"]
    assert kinds(tick(london(2026, 12, 13, 11))) == []


def test_tick_sends_every_reminder_on_its_day_and_says_late_once(
    framework, system, lead, sponsor, heg
):
    rule(heg)
    sent = {}
    day = london(2026, 10, 5, 9, 30)
    while day < london(2027, 1, 20):
        for message in tick(day).messages:
            sent.setdefault(day.date().isoformat(), []).append(message.partition(":")[0])
        day += DAY

    assert sent == {
        "2026-10-05": ["opened", "opened"],
        "2026-11-30": ["due-14"],
        "2026-12-07": ["due-7"],
        "2026-12-13": ["due-1"],
        "2026-12-15": ["late", "late"],
    }
    late = Message.objects.get(dedupe_key__contains="late", to=sponsor.email)
    assert late.subject == "Self-assessment 2026 is late for North East London"
    assert "Wednesday 13 January 2027" in late.body


def test_tick_writes_nothing_for_what_was_sent(assessment, lead, at):
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)

    assert tick(london(2026, 12, 14, 12)).messages == []


def test_tick_writes_to_who_leads_and_sponsors_once(assessment, lead, system):
    factories.add_role(lead, "sponsor", system)

    assert kinds(tick(london(2026, 12, 8, 9))) == ["opened", "due-7"]


def test_tick_after_the_close_writes_only_to_the_extended(assessment, lead, heg, at):
    closed = assessment.closes_at + DAY
    assert tick(closed).messages == []

    services.extend_assessment(
        assessment=assessment, extended_to=closed + 7 * DAY, reason="Floods", by=heg, at=closed
    )

    assert kinds(tick(closed + DAY)) == ["opened", "due-7"]


def test_tick_adds_assessments_of_a_cycle_made_before_it_opened(framework, system):
    factories.open_cycle(framework, at=london(2026, 9, 1))
    assert tick(london(2026, 10, 4)).assessments == []

    (added,) = tick(london(2026, 10, 5)).assessments

    assert added.organisation == system
    assert added.answers.count() == 8


@pytest.fixture
def snapshot(assessment, lead, sponsor):
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor)


def test_tick_releases_once_the_board_day_has_passed(assessment, snapshot, sponsor, at):
    board_on = dt.date(2026, 12, 10)
    services.record_board_date(assessment=assessment, board_on=board_on, by=sponsor, at=at)
    assert tick(london(2026, 12, 10, 23)).releases == []

    (release,) = tick(london(2026, 12, 11, 0)).releases

    assert (release.snapshot, release.cause, release.by) == (snapshot, "board_date", None)
    assert tick(london(2027, 4, 1)).releases == []


def test_tick_releases_on_the_last_release_date(assessment, snapshot):
    assert tick(assessment.cycle.last_release_at - DAY).releases == []

    (release,) = tick(assessment.cycle.last_release_at).releases

    assert release.cause == "last_date"
    assert Release.objects.count() == 1


def test_tick_releases_on_the_last_date_though_the_board_meets_later(
    assessment, snapshot, sponsor, at
):
    services.record_board_date(
        assessment=assessment, board_on=dt.date(2027, 5, 1), by=sponsor, at=at
    )

    (release,) = tick(assessment.cycle.last_release_at).releases

    assert release.cause == "last_date"


def test_tick_releases_the_latest_version_and_nothing_that_is_reopened(
    assessment, snapshot, lead, sponsor, heg, at
):
    services.ask_to_reopen(assessment=assessment, reason="An error.", by=sponsor, at=at)
    services.reopen(assessment=assessment, by=heg, at=at)
    last = assessment.cycle.last_release_at
    assert tick(last).releases == []

    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    second = services.sign_off(assessment=assessment, by=sponsor, at=at)

    assert [release.snapshot for release in tick(last).releases] == [second]


def test_tick_as_a_dry_run_says_the_same_and_changes_nothing(framework, system, lead, heg):
    rule(heg)
    at = london(2026, 12, 1)
    events = AuditEvent.objects.count()

    outcome = tick(at, dry_run=True)

    assert len(outcome.cycles) == len(outcome.assessments) == 1
    assert kinds(outcome) == ["opened"]
    assert not Cycle.objects.exists()
    assert not Message.objects.exists()
    assert AuditEvent.objects.count() == events
    assert len(tick(at).cycles) == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_tick_of_two_schedulers_at_once_has_one_effect(framework, system, lead, sponsor, heg):
    rule(heg)
    start = Barrier(3)

    def beat(_number):
        try:
            start.wait(timeout=10)
            return tick(london(2026, 10, 5, 9))
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(beat, range(3)))

    assert sum(len(outcome.cycles) for outcome in outcomes) == 1
    assert Cycle.objects.count() == Assessment.objects.count() == 1
    assert Message.objects.count() == 2
