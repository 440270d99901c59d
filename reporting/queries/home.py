"""What home says to each person: what to do next, by when, and what there is to read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from assessments.calendar import london_date
from assessments.models import Assessment, Assignment, Cycle
from assessments.queries import AskRow, open_asks
from portal.models import User
from portal.queries import Glass, glass_broken_at
from portal.roles import Role
from reporting.models import CHECKERS, PackSource, Report
from reporting.queries.packs import open_checks
from reporting.queries.systems import statuses_in

MAXIMUM_PAPERS = 4
RECORDERS = (Role.LEAD, Role.SPONSOR, Role.SECRETARY)
"""Who records what a Board decided; they and its members see what is still open."""


@dataclass(frozen=True)
class Next:
    """One organisation's assessment as its lead or sponsor meets it."""

    organisation: str
    slug: str
    cycle: str
    state: str
    due_on: dt.date
    is_late: bool
    answered: int
    items: int
    does: str
    """The one thing to do next, as the link's words; empty where nothing is to be done."""
    url: str


@dataclass(frozen=True)
class Status:
    """One system in the current cycle, as far as the Health Equity Group may know."""

    system: str
    words: str


@dataclass(frozen=True)
class Home:
    """Everything on one person's home page."""

    assessments: tuple[Next, ...]
    actions_open: int
    actions_due_on: dt.date | None
    papers: tuple[Report, ...]
    open_asks: tuple[AskRow, ...]
    records_outcomes: bool
    checks: tuple[PackSource, ...]
    """Drafts of a London pack whose facts wait to be checked."""
    cycle: Cycle | None
    statuses: tuple[Status, ...]
    is_heg: bool
    is_admin: bool
    is_community: bool
    roles: tuple[str, ...]
    read_by: tuple[Glass, ...]
    """Administrators who lately read what an organisation of this lead or sponsor has written."""


def home(user: User, *, at: dt.datetime) -> Home:
    """Gather one person's home; the number of queries is the same for any number of rows."""
    is_heg = user.holds(Role.HEG)
    cycle = _current_cycle(at) if is_heg else None
    open_actions = _open_actions(user, at) if user.holds(Role.CONTRIBUTOR) else []
    dates = [assignment.due_on for assignment in open_actions if assignment.due_on]
    return Home(
        assessments=tuple(_next(one, user, at) for one in _running(user, at)),
        actions_open=len(open_actions),
        actions_due_on=min(dates, default=None),
        papers=tuple(_papers(user)),
        open_asks=tuple(_open_asks(user)),
        records_outcomes=user.holds(*RECORDERS),
        checks=tuple(open_checks(user, at=at)) if user.holds(*CHECKERS) else (),
        cycle=cycle,
        statuses=tuple(_statuses(cycle)) if cycle else (),
        is_heg=is_heg,
        is_admin=user.holds(Role.ADMIN),
        is_community=user.holds(Role.COMMUNITY),
        roles=tuple(
            ", ".join(dict.fromkeys([one.get_role_display(), one.organisation.name]))
            for one in user.active_memberships
        ),
        read_by=tuple(_read_by(user, at)),
    )


def _read_by(user: User, at: dt.datetime) -> list[Glass]:
    run = [
        m.organisation_id for m in user.active_memberships if m.role in (Role.LEAD, Role.SPONSOR)
    ]
    return glass_broken_at(run, at=at) if run else []


def _running(user: User, at: dt.datetime) -> QuerySet[Assessment]:
    """What the person leads or sponsors in cycles that have opened and are not over for it."""
    mine = Assessment.objects.filter(
        organisation__in=user.organisations_as(Role.LEAD, Role.SPONSOR), cycle__opens_at__lte=at
    )
    going_on = Q(cycle__closes_at__gte=at) | Q(extended_to__gte=at)
    unsigned = Q(sent_at__isnull=False, signed_off_at__isnull=True)
    return (
        mine.filter(going_on | unsigned)
        .select_related("cycle", "organisation")
        .annotate(
            items=Count("answers"),
            answered=Count(
                "answers",
                filter=Q(answers__is_reconfirmed=True)
                & (Q(answers__level__isnull=False) | ~Q(answers__not_assessed_reason="")),
            ),
        )
        .order_by("cycle__due_at", "organisation__name")
    )


def _next(assessment: Assessment, user: User, at: dt.datetime) -> Next:
    due_at = assessment.extended_to or assessment.cycle.due_at
    does, url = _deed(assessment, user)
    return Next(
        organisation=assessment.organisation.name,
        slug=assessment.organisation.slug,
        cycle=assessment.cycle.name,
        state=assessment.state_name,
        due_on=london_date(due_at),
        is_late=assessment.is_draft and at > due_at,
        answered=assessment.answered,
        items=assessment.items,
        does=does,
        url=url,
    )


def _deed(assessment: Assessment, user: User) -> tuple[str, str]:
    """What this person does next with it, and where."""
    roles = user.roles_in(assessment.organisation)
    place = [assessment.cycle.slug, assessment.organisation.slug]
    if assessment.signed_off_at:
        return "Read the papers", reverse("reporting:index")
    if assessment.sent_at:
        if Role.SPONSOR in roles:
            return "Review and sign off", reverse("assessments:sign_off", args=place)
        return "See what was sent", assessment.get_absolute_url()
    if assessment.items and assessment.answered == assessment.items:
        return "Check the answers", reverse("assessments:check", args=place)
    return "Continue the assessment", assessment.get_absolute_url()


def _open_actions(user: User, at: dt.datetime) -> list[Assignment]:
    """What the person was asked to answer and has not handed in."""
    waiting = Assignment.objects.filter(
        person=user,
        state__in=(Assignment.State.GIVEN, Assignment.State.RETURNED),
        answer__assessment__organisation__in=user.organisations_as(Role.CONTRIBUTOR),
        answer__assessment__sent_at__isnull=True,
        answer__assessment__cycle__closes_at__gte=at,
    )
    return list(waiting)


def _papers(user: User) -> QuerySet[Report]:
    """The newest Board papers that the person may read."""
    seen = Report.objects.visible_to(user)
    newer = seen.filter(
        kind=OuterRef("kind"),
        snapshot__assessment=OuterRef("snapshot__assessment"),
        version__gt=OuterRef("version"),
    )
    papers = seen.filter(~Exists(newer), kind=Report.Kind.BOARD_PAPER)
    return papers.select_related(
        "snapshot__assessment__cycle", "snapshot__assessment__organisation"
    ).order_by("-snapshot__signed_off_at", "-version")[:MAXIMUM_PAPERS]


def _open_asks(user: User) -> list[AskRow]:
    """What the Boards of the person's organisations were asked and have not decided."""
    organisations = user.organisations_as(*RECORDERS, Role.BOARD)
    return open_asks(organisations) if organisations else []


def _current_cycle(at: dt.datetime) -> Cycle | None:
    return Cycle.objects.started(at=at).full().order_by("-opens_at").first()


def _statuses(cycle: Cycle) -> list[Status]:
    """Alphabetical, and only how far each system is."""
    return [Status(system, words) for system, words in statuses_in(cycle)]
