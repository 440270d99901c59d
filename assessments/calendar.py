"""Which cycles open, which messages are due and what phase an assessment is in, at an instant."""

from collections.abc import Collection, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

CycleKind = Literal["full", "mid_year"]
MessageKind = Literal["opened", "due-14", "due-7", "due-1", "late"]
Phase = Literal["not open", "open", "late", "closed"]

LONDON: Final = ZoneInfo("Europe/London")
# Clocks change between 01:00 and 02:00 in London: nothing may be timed there.
MORNING: Final = time(9, 0)
END_OF_DAY: Final = time(23, 59)

REMINDERS: Final[tuple[tuple[MessageKind, int], ...]] = (
    ("due-14", -14),
    ("due-7", -7),
    ("due-1", -1),
    ("late", 1),
)
"""Each reminder and its day, counted from the due date, earliest first."""


@dataclass(frozen=True)
class CadenceRule:
    """When a kind of cycle opens each year; the other dates are days after the opening date.

    The patterns may use {year}, the year it opens, and {next_year}.
    Raises ValueError for a date some years lack, or dates out of order.
    """

    kind: CycleKind
    opens_month: int
    opens_day: int
    due_after_days: int
    closes_after_days: int
    last_release_after_days: int
    name_pattern: str
    slug_pattern: str

    def __post_init__(self) -> None:
        date(2001, self.opens_month, self.opens_day)  # not a leap year: 29 February is refused
        days = (0, self.due_after_days, self.closes_after_days, self.last_release_after_days)
        if list(days) != sorted(days):
            raise ValueError("A cycle opens, is due, closes and is last released in that order")


@dataclass(frozen=True)
class CycleToOpen:
    """A cycle the calendar asks for; its four instants are in UTC."""

    slug: str
    name: str
    kind: CycleKind
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    last_release_at: datetime


@dataclass(frozen=True)
class AssessmentDates:
    """One assessment's dates; `sent` once it has been sent for sign-off.

    `key` starts every dedupe key. One per person and assessment gives each person their messages.
    """

    key: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
    sent: bool = False


@dataclass(frozen=True)
class MessageDue:
    """A message to put in the outbox once; `days_left` is in London days, negative when late."""

    kind: MessageKind
    assessment_key: str
    dedupe_key: str
    days_left: int


def london_instant(on: date, at: time) -> datetime:
    """The UTC instant of a London wall-clock time, right in summer and winter."""
    return datetime.combine(on, at, LONDON).astimezone(UTC)


def london_date(at: datetime) -> date:
    """The date in London at an instant. Raises ValueError on an instant without a time zone."""
    if at.tzinfo is None:
        raise ValueError("An instant needs a time zone")
    return at.astimezone(LONDON).date()


def due_cycles(
    rules: Iterable[CadenceRule], existing_slugs: Collection[str], at: datetime, first_year: int
) -> list[CycleToOpen]:
    """The cycles that should be open at an instant and do not exist yet, earliest opening first.

    Catches up on an opening that passed unnoticed. A cycle that would already be closed is not
    invented, nor is one that opened in a year before `first_year`.
    """
    this_year = london_date(at).year
    due: dict[str, CycleToOpen] = {}
    for rule in rules:
        for year in range(first_year, this_year + 1):
            cycle = cycle_of(rule, year)
            if cycle.slug not in existing_slugs and cycle.opens_at <= at <= cycle.closes_at:
                due.setdefault(cycle.slug, cycle)
    return sorted(due.values(), key=lambda cycle: (cycle.opens_at, cycle.slug))


def cycle_of(rule: CadenceRule, year: int) -> CycleToOpen:
    """The cycle a rule gives in the year it opens."""
    opens_on = date(year, rule.opens_month, rule.opens_day)

    def after(days: int, at: time) -> datetime:
        return london_instant(opens_on + timedelta(days=days), at)

    return CycleToOpen(
        slug=rule.slug_pattern.format(year=year, next_year=year + 1),
        name=rule.name_pattern.format(year=year, next_year=year + 1),
        kind=rule.kind,
        opens_at=after(0, MORNING),
        due_at=after(rule.due_after_days, END_OF_DAY),
        closes_at=after(rule.closes_after_days, END_OF_DAY),
        last_release_at=after(rule.last_release_after_days, MORNING),
    )


def due_messages(
    assessments: Iterable[AssessmentDates], at: datetime, already: Set[str]
) -> list[MessageDue]:
    """The messages to send at an instant and not sent already, by assessment.

    Nothing goes out for an assessment that was sent for sign-off or has closed. An opening
    missed in an outage is still announced; of missed reminders only the most recent is sent, and
    none once a later one went, though the clock were turned back.
    A dedupe key names the due date, so that an extension brings its own reminders.
    """
    return [
        message
        for assessment in assessments
        if not assessment.sent and assessment.opens_at <= at <= assessment.closes_at
        for message in _messages_of(assessment, at)
        if already.isdisjoint(_this_and_later(message))
    ]


def phase(opens_at: datetime, due_at: datetime, closes_at: datetime, at: datetime) -> Phase:
    """Where an assessment is; sending late is possible until it closes. Both ends are included."""
    if at < opens_at:
        return "not open"
    if at <= due_at:
        return "open"
    return "late" if at <= closes_at else "closed"


def _this_and_later(message: MessageDue) -> Iterator[str]:
    """The message's key, and those of the reminders that follow it to the same due date."""
    yield message.dedupe_key
    kinds = [kind for kind, _days in REMINDERS]
    if message.kind in kinds:
        later = kinds[kinds.index(message.kind) + 1 :]
        yield from (message.dedupe_key.replace(f":{message.kind}:", f":{kind}:") for kind in later)


def _messages_of(assessment: AssessmentDates, at: datetime) -> Iterator[MessageDue]:
    due_on = london_date(assessment.due_at)
    days_left = (due_on - london_date(at)).days
    key = assessment.key
    yield MessageDue("opened", key, f"{key}:opened", days_left)
    reached = [
        kind
        for kind, days in REMINDERS
        # A reminder whose day came before the opening was never due.
        if assessment.opens_at < london_instant(due_on + timedelta(days=days), MORNING) <= at
    ]
    # Once the due date has passed, only "late" is still true.
    if reached and (at <= assessment.due_at or reached[-1] == "late"):
        yield MessageDue(reached[-1], key, f"{key}:{reached[-1]}:{due_on}", days_left)
