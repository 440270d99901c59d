"""Working days in England, and the dates of a London pack's factual check."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

CHECK_WORKING_DAYS: Final = 5
"""How long the systems have for the factual check, not counting the day it opens."""

LONDON: Final = ZoneInfo("Europe/London")
MORNING: Final = time(9, 0)
END_OF_DAY: Final = time(23, 59)

PROCLAIMED: Final = frozenset([date(2023, 5, 8)])
"""Holidays of one year only. A new one is added here; all others follow from the rules below."""


def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays of a year, each on the day that it is observed."""
    easter = _easter(year)
    days = {
        _observed(date(year, 1, 1)),
        easter - timedelta(days=2),
        easter + timedelta(days=1),
        _first_monday(date(year, 5, 1)),
        _first_monday(date(year, 5, 25)),
        _first_monday(date(year, 8, 25)),
        *_christmas(year),
    }
    return frozenset(days | {day for day in PROCLAIMED if day.year == year})


def is_working_day(on: date) -> bool:
    """Monday to Friday, unless it is a bank holiday."""
    return on.weekday() < 5 and on not in bank_holidays(on.year)


def working_days_after(on: date, number: int) -> date:
    """The day that is so many working days after a day, or before it when negative."""
    step = timedelta(days=1 if number > 0 else -1)
    left = abs(number)
    while left:
        on += step
        left -= is_working_day(on)
    return on


def check_closes_at(opens_at: datetime) -> datetime:
    """The end of the fifth working day after the one on which the check opens, in London."""
    opens_on = opens_at.astimezone(LONDON).date()
    return _instant(working_days_after(opens_on, CHECK_WORKING_DAYS), END_OF_DAY)


def reminds_at(closes_at: datetime) -> datetime:
    """The morning of the working day before the check closes."""
    closes_on = closes_at.astimezone(LONDON).date()
    return _instant(working_days_after(closes_on, -1), MORNING)


def _instant(on: date, at: time) -> datetime:
    return datetime.combine(on, at, LONDON).astimezone(UTC)


def _first_monday(start: date) -> date:
    """The first Monday on or after a day."""
    return start + timedelta(days=-start.weekday() % 7)


def _observed(on: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return _first_monday(on) if on.weekday() > 4 else on


def _christmas(year: int) -> tuple[date, date]:
    """Christmas Day and Boxing Day; whichever falls on a weekend moves past the other."""
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    if christmas.weekday() == 4:  # Boxing Day on a Saturday
        return christmas, date(year, 12, 28)
    if christmas.weekday() == 5:
        return date(year, 12, 27), date(year, 12, 28)
    if christmas.weekday() == 6:  # Boxing Day stays on its Monday
        return date(year, 12, 27), boxing
    return christmas, boxing


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm of 1876)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    moon = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    month, day = divmod(moon + sunday - 7 * ((golden + 11 * moon + 22 * sunday) // 451) + 114, 31)
    return date(year, month, day + 1)
