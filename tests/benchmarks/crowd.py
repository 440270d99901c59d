"""More organisations and more cycles than the demonstration has, written as rows at once."""

from __future__ import annotations

import datetime as dt

from assessments.models import Answer, Assessment, Cycle, FrozenItem, Release, Snapshot
from portal.models import Organisation


def add_organisations(number: int, *, at: dt.datetime) -> None:
    """This many systems in all, the new ones with a released assessment of the current cycle."""
    have = Organisation.objects.filter(kind=Organisation.Kind.ICS).count()
    new = Organisation.objects.bulk_create(
        Organisation(
            slug=f"crowd-{n}",
            name=f"Crowd {n} Integrated Care System",
            short_name=f"Crowd {n}",
            kind=Organisation.Kind.ICS,
        )
        for n in range(have, number)
    )
    _take_part(Cycle.objects.latest("opens_at"), new, at=at)


def add_cycles(number: int) -> None:
    """This many full cycles in all; every system takes part in each, and is released."""
    first = Cycle.objects.earliest("opens_at")
    systems = list(Organisation.objects.filter(kind=Organisation.Kind.ICS))
    for ago in range(1, number - Cycle.objects.count() + 1):
        shift = dt.timedelta(days=364 * ago)
        cycle = Cycle.objects.create(
            slug=f"crowd-{ago}",
            name=f"Crowd {ago}",
            kind=first.kind,
            framework=first.framework,
            opens_at=first.opens_at - shift,
            due_at=first.due_at - shift,
            closes_at=first.closes_at - shift,
            last_release_at=first.last_release_at - shift,
        )
        _take_part(cycle, systems, at=cycle.due_at)


def _take_part(cycle: Cycle, systems: list[Organisation], *, at: dt.datetime) -> None:
    """Assessments with answers, snapshots and frozen rows, each like one that was released."""
    model = Snapshot.objects.filter(release__isnull=False).latest("pk")
    rows = list(FrozenItem.objects.filter(snapshot=model))
    items = [row.item_id for row in rows]
    assessments = Assessment.objects.bulk_create(
        Assessment(
            cycle=cycle,
            organisation=system,
            opened_at=cycle.opens_at,
            sent_at=at,
            sent_by=model.assessment.sent_by,
            signed_off_at=at,
            signed_by=model.assessment.signed_by,
        )
        for system in systems
    )
    Answer.objects.bulk_create(
        (Answer(assessment=one, item_id=item) for one in assessments for item in items),
        batch_size=500,
    )
    snapshots = Snapshot.objects.bulk_create(_like(model, assessment=one) for one in assessments)
    Release.objects.bulk_create(
        Release(snapshot=one, cause=Release.Cause.LAST_DATE, at=at) for one in snapshots
    )
    FrozenItem.objects.bulk_create(
        (
            _like(row, snapshot=one, cycle=cycle, organisation=one.assessment.organisation)
            for one in snapshots
            for row in rows
        ),
        batch_size=500,
    )


def _like[Row](row: Row, **changes: object) -> Row: ...
