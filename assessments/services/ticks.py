"""The calendar's tick: does whatever is due at an instant, once, however often it is asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from assessments import calendar, emails
from assessments.models import (
    Assessment,
    CadenceRule,
    Cycle,
    Release,
    Snapshot,
)
from assessments.services.cycles import add_missing_assessments, open_cycle
from assessments.services.release import release
from commitments.models import Framework
from portal.models import Message, User
from portal.roles import Role

# What a rule's cycles are called: by the year they open in.
NAMES = {
    Cycle.Kind.FULL: ("{year}", "Self-assessment {year}"),
    Cycle.Kind.MID_YEAR: ("{year}-mid-year", "Mid-year update {year}"),
}
# The lead hears everything; the sponsor that it began, and that it is late.
HEARD_BY_SPONSORS = {"opened", "late"}


@dataclass
class CalendarOutcome:
    """What one tick did, for the command to print."""

    cycles: list[Cycle] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.cycles or self.assessments or self.messages or self.releases)


@transaction.atomic
def run_calendar(*, at: dt.datetime, dry_run: bool = False) -> CalendarOutcome:
    """Open cycles, add assessments, release and write messages that are due at this instant.

    What an outage left undone is caught up; a second run at the same instant finds nothing to do.
    A dry run does the same and takes it all back.
    """
    outcome = CalendarOutcome()
    outcome.cycles = _open_due_cycles(at)
    # The systems' assessments of those, and of cycles that were made before they opened.
    new = Assessment.objects.filter(cycle__in=outcome.cycles).order_by("pk")
    outcome.assessments = list(new.select_related("cycle", "organisation"))
    outcome.assessments += _add_missing(at)
    outcome.releases = list(_release_due(at))
    outcome.messages = list(_write_due_messages(at))
    if dry_run:
        transaction.set_rollback(True)
    return outcome


def _open_due_cycles(at: dt.datetime) -> list[Cycle]:
    """Two schedulers at once wait for each other at the rules' rows."""
    rules = list(CadenceRule.objects.select_for_update().filter(is_active=True).order_by("kind"))
    due = [
        cycle
        for rule in rules
        for cycle in calendar.due_cycles([_pure(rule)], _opened(rule), at, rule.first_year)
    ]
    return [_open(cycle, at) for cycle in sorted(due, key=lambda cycle: cycle.opens_at)]


def _open(due: calendar.CycleToOpen, at: dt.datetime) -> Cycle:
    slug, name = due.slug, due.name
    number = 1
    # Somebody may have used the name for a cycle that opened in another year.
    while Cycle.objects.filter(Q(slug=slug) | Q(name=name)).exists():
        number += 1
        slug, name = f"{due.slug}-{number}", f"{due.name} ({number})"
    return open_cycle(
        slug=slug,
        name=name,
        kind=due.kind,
        framework=Framework.objects.current(),
        opens_at=due.opens_at,
        due_at=due.due_at,
        closes_at=due.closes_at,
        last_release_at=due.last_release_at,
        by=None,
        at=at,
    )


def _pure(rule: CadenceRule) -> calendar.CadenceRule:
    slug_pattern, name_pattern = NAMES[Cycle.Kind(rule.kind)]
    return calendar.CadenceRule(
        kind=rule.kind,  # type: ignore[arg-type]
        opens_month=rule.opens_month,
        opens_day=rule.opens_day,
        due_after_days=rule.due_after_days,
        closes_after_days=rule.closes_after_days,
        last_release_after_days=rule.last_release_after_days,
        name_pattern=name_pattern,
        slug_pattern=slug_pattern,
    )


def _opened(rule: CadenceRule) -> set[str]:
    """The rule's slugs of years in which such a cycle has opened, whatever that one is called:
    one that somebody made by hand is the year's cycle.
    """
    slug_pattern, _name_pattern = NAMES[Cycle.Kind(rule.kind)]
    opened = Cycle.objects.filter(kind=rule.kind).values_list("opens_at", flat=True)
    return {slug_pattern.format(year=calendar.london_date(at).year) for at in opened}


def _add_missing(at: dt.datetime) -> Iterator[Assessment]:
    for cycle in Cycle.objects.open(at=at).order_by("opens_at", "pk"):
        yield from add_missing_assessments(cycle=cycle, by=None, at=at)


def _release_due(at: dt.datetime) -> Iterator[Release]:
    """At the first of the Board date passed and the cycle's last release date."""
    today = calendar.london_date(at)
    unreleased = (
        Snapshot.objects.filter(release__isnull=True, assessment__signed_off_at__isnull=False)
        .filter(Q(assessment__board_on__lt=today) | Q(assessment__cycle__last_release_at__lte=at))
        .exclude(version__lt=_latest_version())
        .select_related("assessment__cycle", "assessment__organisation")
    )
    for snapshot in unreleased.order_by("pk"):
        board_on = snapshot.assessment.board_on
        met = board_on is not None and board_on < today
        cause = Release.Cause.BOARD_DATE if met else Release.Cause.LAST_DATE
        yield release(snapshot=snapshot, cause=cause, by=None, at=at)


def _latest_version() -> Subquery:
    same = Snapshot.objects.filter(assessment=OuterRef("assessment")).order_by("-version")
    return Subquery(same.values("version")[:1])


def _write_due_messages(at: dt.datetime) -> Iterator[str]:
    told = {
        f"assessment:{assessment.pk}:{person.pk}": (assessment, person, kinds)
        for assessment in _being_written(at)
        for person, kinds in _who_hears(assessment)
    }
    dates = [_dates(key, assessment) for key, (assessment, _person, _kinds) in told.items()]
    already = set(
        Message.objects.filter(dedupe_key__startswith="assessment:").values_list(
            "dedupe_key", flat=True
        )
    )
    for due in calendar.due_messages(dates, at, already):
        assessment, person, kinds = told[due.assessment_key]
        if kinds and due.kind not in kinds:
            continue
        emails.calendar_message(
            assessment=assessment,
            person=person,
            kind=due.kind,
            days_left=due.days_left,
            dedupe_key=due.dedupe_key,
            at=at,
        )
        yield f"{due.kind}: {assessment.organisation}, {assessment.cycle}, to {person.email}"


def _being_written(at: dt.datetime) -> QuerySet[Assessment]:
    """Neither sent nor over, the extended ones included."""
    open_now = Q(cycle__opens_at__lte=at) & (
        Q(extended_to__isnull=True, cycle__closes_at__gte=at) | Q(extended_to__gte=at)
    )
    rows = Assessment.objects.in_draft().filter(open_now)
    return rows.select_related("cycle", "organisation").order_by("pk")


def _who_hears(assessment: Assessment) -> list[tuple[User, set[str]]]:
    """Each person once, with the kinds of message they hear; none named means all."""
    leads = emails.people(assessment, Role.LEAD)
    sponsors = [p for p in emails.people(assessment, Role.SPONSOR) if p not in leads]
    everything: set[str] = set()
    return [(lead, everything) for lead in leads] + [
        (sponsor, HEARD_BY_SPONSORS) for sponsor in sponsors
    ]


def _dates(key: str, assessment: Assessment) -> calendar.AssessmentDates:
    return calendar.AssessmentDates(
        key=key,
        opens_at=max(assessment.cycle.opens_at, assessment.opened_at),
        due_at=assessment.extended_to or assessment.cycle.due_at,
        closes_at=assessment.closes_at,
    )
