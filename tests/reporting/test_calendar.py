"""Working days in England, and the five that a factual check lasts."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calendar import (
    CHECK_WORKING_DAYS,
    LONDON,
    bank_holidays,
    check_closes_at,
    is_working_day,
    reminds_at,
    working_days_after,
)
from tests.factories import london

# As the government published them.
PUBLISHED = {
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2033: "01-03 04-15 04-18 05-02 05-30 08-29 12-26 12-27",
}
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2060, 12, 31))


@pytest.mark.parametrize("year", PUBLISHED)
def test_bank_holidays_are_those_that_were_published(year):
    days = [f"{day:%m-%d}" for day in sorted(bank_holidays(year))]
    assert days == PUBLISHED[year].split()


@given(st.integers(2024, 2100))
def test_every_year_has_eight_bank_holidays_and_none_on_a_weekend(year):
    days = bank_holidays(year)
    assert len(days) == 8
    assert all(day.weekday() < 5 for day in days)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (dt.date(2026, 11, 25), True),
        (dt.date(2026, 11, 28), False),
        (dt.date(2026, 11, 29), False),
        (dt.date(2026, 12, 28), False),
        (dt.date(2026, 12, 29), True),
    ],
)
def test_working_day_is_a_weekday_without_a_holiday(day, works):
    assert is_working_day(day) is works


@given(DAYS, st.integers(1, 15))
def test_working_days_are_counted_one_by_one(start, number):
    end = working_days_after(start, number)
    between = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    assert sum(map(is_working_day, between)) == number
    assert is_working_day(end)


@given(DAYS)
def test_working_days_are_counted_backwards_as_well(start):
    before = working_days_after(start, -1)
    assert is_working_day(before)
    assert before < start
    assert working_days_after(before, 1) >= start


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (london(2026, 11, 25, 10), london(2026, 12, 2, 23, 59)),
        (london(2026, 11, 27, 23, 58), london(2026, 12, 4, 23, 59)),
        (london(2026, 11, 28), london(2026, 12, 4, 23, 59)),
        (london(2026, 12, 22), london(2026, 12, 31, 23, 59)),
        (london(2027, 3, 24), london(2027, 4, 2, 23, 59)),  # Easter, and the clocks
        (dt.datetime(2027, 6, 30, 23, 30, tzinfo=dt.UTC), london(2027, 7, 8, 23, 59)),
    ],
)
def test_check_closes_at_the_end_of_the_fifth_working_day(opens, closes):
    assert check_closes_at(opens) == closes
    days = (opens.astimezone(LONDON).date(), closes.date())
    assert working_days_after(days[0], CHECK_WORKING_DAYS) == days[1]


def test_reminder_comes_on_the_morning_of_the_working_day_before():
    assert reminds_at(london(2026, 12, 2, 23, 59)) == london(2026, 12, 1, 9)
    assert reminds_at(london(2026, 12, 7, 23, 59)) == london(2026, 12, 4, 9)
    assert reminds_at(london(2026, 12, 29, 23, 59)) == london(2026, 12, 24, 9)
