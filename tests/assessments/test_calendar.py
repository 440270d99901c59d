"""The calendar: which cycles open and which messages are due, in London time and never twice."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.calendar import (
    LONDON,
    AssessmentDates,
    CadenceRule,
    cycle_of,
    due_cycles,
    due_messages,
    london_date,
    london_instant,
    phase,
)

FULL = CadenceRule("full", 1, 12, 74, 104, 150, "{year} self-assessment", "{year}")
MID_YEAR = CadenceRule("mid_year", 9, 1, 30, 45, 60, "Mid-year {year} to {next_year}", "{year}-mid")
DATES = AssessmentDates(
    "2027/north-east-london",
    london_instant(date(2027, 1, 12), time(9)),
    london_instant(date(2027, 3, 31), time(23, 59)),
    london_instant(date(2027, 4, 30), time(23, 59)),
)
HOUR = timedelta(hours=1)


def london(*parts):
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)


def sent(messages):
    return [message.kind for message in messages]


@pytest.mark.parametrize(
    ("on", "at", "expected"),
    [
        (date(2027, 1, 12), time(9), datetime(2027, 1, 12, 9, tzinfo=UTC)),
        (date(2027, 7, 1), time(9), datetime(2027, 7, 1, 8, tzinfo=UTC)),
        (date(2027, 3, 28), time(9), datetime(2027, 3, 28, 8, tzinfo=UTC)),
        (date(2027, 3, 27), time(23, 59), datetime(2027, 3, 27, 23, 59, tzinfo=UTC)),
        (date(2027, 10, 30), time(23, 59), datetime(2027, 10, 30, 22, 59, tzinfo=UTC)),
        (date(2027, 10, 31), time(23, 59), datetime(2027, 10, 31, 23, 59, tzinfo=UTC)),
    ],
)
def test_london_instant_across_clock_changes(on, at, expected):
    assert london_instant(on, at) == expected


def test_london_date_just_after_midnight_in_summer():
    assert london_date(datetime(2027, 6, 30, 23, 30, tzinfo=UTC)) == date(2027, 7, 1)


def test_london_date_without_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        london_date(datetime(2027, 6, 30))  # noqa: DTZ001


def test_cycle_of_a_rule_and_year():
    cycle = cycle_of(FULL, 2027)
    assert (cycle.slug, cycle.name, cycle.kind) == ("2027", "2027 self-assessment", "full")
    assert cycle.opens_at == london(2027, 1, 12, 9)
    assert cycle.due_at == london(2027, 3, 27, 23, 59)
    assert cycle.closes_at == london(2027, 4, 26, 23, 59)
    assert cycle.last_release_at == london(2027, 6, 11, 9)
    assert cycle_of(MID_YEAR, 2027).name == "Mid-year 2027 to 2028"


@given(
    st.dates(date(2001, 1, 1), date(2001, 12, 31)),
    st.lists(st.integers(0, 400), min_size=3, max_size=3).map(sorted),
    st.integers(2020, 2060),
)
def test_cycle_of_is_never_timed_between_one_and_two(opens_on, days, year):
    cycle = cycle_of(CadenceRule("full", opens_on.month, opens_on.day, *days, "n", "s"), year)
    times = (cycle.opens_at, cycle.due_at, cycle.closes_at, cycle.last_release_at)
    clocks = [at.astimezone(LONDON).time() for at in times]
    assert clocks == [time(9), time(23, 59), time(23, 59), time(9)]
    assert cycle.opens_at < cycle.due_at <= cycle.closes_at


@pytest.mark.parametrize(
    ("month", "day", "days"), [(2, 29, (1, 2, 3)), (1, 1, (5, 4, 6)), (1, 1, (-1, 2, 3))]
)
def test_cadence_rule_refuses_dates_that_cannot_be(month, day, days):
    with pytest.raises(ValueError):  # noqa: PT011
        CadenceRule("full", month, day, *days, "n", "s")


def test_due_cycles_opens_at_nine_and_not_before():
    opening = london(2027, 1, 12, 9)
    assert due_cycles([FULL], set(), opening - timedelta(seconds=1), 2027) == []
    assert [cycle.slug for cycle in due_cycles([FULL], set(), opening, 2027)] == ["2027"]


def test_due_cycles_catches_up_after_an_outage():
    late = london(2027, 2, 3, 14, 20)
    assert due_cycles([FULL], set(), late, 2027) == [cycle_of(FULL, 2027)]


def test_due_cycles_existing_is_not_opened_again():
    assert due_cycles([FULL], {"2027"}, london(2027, 2, 1, 9), 2027) == []


def test_due_cycles_does_not_invent_closed_or_earlier_cycles():
    assert due_cycles([FULL], set(), london(2027, 4, 26, 23, 59), 2020) == [cycle_of(FULL, 2027)]
    assert due_cycles([FULL], set(), london(2027, 4, 27, 0, 0), 2020) == []
    assert due_cycles([FULL], set(), london(2027, 2, 1, 9), 2028) == []


def test_due_cycles_over_the_turn_of_the_year():
    winter = replace(FULL, opens_month=11, slug_pattern="{year}-{next_year}")
    found = due_cycles([winter], set(), london(2027, 1, 20, 9), 2026)
    assert [cycle.slug for cycle in found] == ["2026-2027"]


def test_due_cycles_two_rules_with_one_slug_open_one_cycle():
    other = replace(FULL, opens_day=10, slug_pattern="{year}-b")
    found = due_cycles([FULL, FULL, other], set(), london(2027, 2, 1, 9), 2027)
    assert [cycle.slug for cycle in found] == ["2027-b", "2027"]


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 24 * 20), min_size=1, max_size=60))
def test_due_cycles_ticking_with_gaps_opens_each_once(gaps):
    at, opened = datetime(2026, 12, 1, tzinfo=UTC), []
    for gap in gaps:
        at += gap * HOUR
        opened += [c.slug for c in due_cycles([FULL, MID_YEAR], opened, at, 2027)]
    assert len(opened) == len(set(opened))
    passed = [rule for rule in (FULL, MID_YEAR) if cycle_of(rule, 2027).opens_at <= at]
    assert {cycle_of(rule, 2027).slug for rule in passed} <= {*opened}


def test_due_messages_one_by_one():
    expected = {
        london(2027, 1, 12, 8, 59): [],
        london(2027, 1, 12, 9): ["opened"],
        london(2027, 3, 17, 8, 59): [],
        london(2027, 3, 17, 9): ["due-14"],
        london(2027, 3, 24, 9): ["due-7"],
        london(2027, 3, 30, 9): ["due-1"],
        london(2027, 4, 1, 8, 59): [],
        london(2027, 4, 1, 9): ["late"],
        london(2027, 4, 29, 9): [],
    }
    already: set[str] = set()
    for at, kinds in expected.items():
        messages = due_messages([DATES], at, already)
        assert sent(messages) == kinds, at
        already |= {message.dedupe_key for message in messages}


def test_due_messages_after_an_outage_only_the_most_recent_reminder():
    messages = due_messages([DATES], london(2027, 3, 30, 12), {f"{DATES.key}:opened"})
    assert sent(messages) == ["due-1"]
    assert messages[0].days_left == 1
    assert messages[0].assessment_key == DATES.key


def test_due_messages_missed_reminder_is_not_sent_after_the_due_date():
    overnight = london(2027, 4, 1, 0, 30)
    assert due_messages([DATES], overnight, {f"{DATES.key}:opened"}) == []


def test_due_messages_none_that_a_later_one_has_overtaken():
    """The clock was turned back, or a worker's is slow."""
    already = {f"{DATES.key}:opened", f"{DATES.key}:due-1:2027-03-31"}
    assert due_messages([DATES], london(2027, 3, 30, 7), already) == []
    assert due_messages([DATES], london(2027, 3, 30, 10), already) == []
    extended = {f"{DATES.key}:opened", f"{DATES.key}:due-1:2027-03-24"}
    assert sent(due_messages([DATES], london(2027, 3, 30, 7), extended)) == ["due-7"]


def test_due_messages_missed_opening_is_announced_still():
    messages = due_messages([DATES], london(2027, 3, 26, 12), set())
    assert sent(messages) == ["opened", "due-7"]
    assert messages[1].days_left == 5


def test_due_messages_none_when_sent_or_closed():
    at = london(2027, 3, 30, 12)
    assert due_messages([replace(DATES, sent=True)], at, set()) == []
    assert due_messages([DATES], london(2027, 5, 1, 0, 0), set()) == []


def test_due_messages_extension_brings_its_own_reminders():
    first = due_messages([DATES], london(2027, 3, 24, 9), {f"{DATES.key}:opened"})
    extended = replace(DATES, due_at=london(2027, 4, 20, 23, 59))
    already = {f"{DATES.key}:opened", *(message.dedupe_key for message in first)}
    assert due_messages([extended], london(2027, 3, 30, 9), already) == []
    assert sent(due_messages([extended], london(2027, 4, 13, 9), already)) == ["due-7"]


def test_due_messages_reminder_before_the_opening_was_never_due():
    short = replace(DATES, opens_at=london(2027, 3, 22, 9))
    assert sent(due_messages([short], london(2027, 3, 22, 10), set())) == ["opened"]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 24 * 9), min_size=1, max_size=80))
def test_due_messages_ticking_with_gaps_sends_each_at_most_once(gaps):
    at, already, kinds = london(2027, 1, 10, 0), set(), []
    for gap in gaps:
        at += gap * HOUR
        messages = due_messages([DATES], at, already)
        assert len(messages) <= 2
        assert due_messages([DATES], at, already | {m.dedupe_key for m in messages}) == []
        already |= {message.dedupe_key for message in messages}
        kinds += sent(messages)
    assert len(kinds) == len(set(kinds))
    order = ["opened", "due-14", "due-7", "due-1", "late"]
    assert kinds == sorted(kinds, key=order.index)


def test_due_messages_ticking_every_hour_sends_all_five():
    at, already = london(2027, 1, 10, 0), set()
    while at < london(2027, 5, 5, 0):
        already |= {message.dedupe_key for message in due_messages([DATES], at, already)}
        at += HOUR
    assert already == {
        f"{DATES.key}:opened",
        *(f"{DATES.key}:{kind}:2027-03-31" for kind in ("due-14", "due-7", "due-1", "late")),
    }


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (london(2027, 1, 12, 8, 59), "not open"),
        (london(2027, 1, 12, 9), "open"),
        (london(2027, 3, 31, 23, 59), "open"),
        (london(2027, 4, 1, 0, 0), "late"),
        (london(2027, 4, 30, 23, 59), "late"),
        (london(2027, 5, 1, 0, 0), "closed"),
    ],
)
def test_phase_at_its_edges(at, expected):
    assert phase(DATES.opens_at, DATES.due_at, DATES.closes_at, at) == expected
