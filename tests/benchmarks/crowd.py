"""More organisations and more cycles than the demonstration has, written as rows at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models

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
    """Assessments with answers, snapshots and frozen rows, all like one that was released."""
    model = Snapshot.objects.filter(release__isnull=False).latest("pk")
    frozen = list(FrozenItem.objects.filter(snapshot=model))
    answers = list(model.assessment.answers.all())
    moments = {"opened_at": cycle.opens_at, "sent_at": at, "signed_off_at": at}
    assessments = Assessment.objects.bulk_create(
        _like(model.assessment, cycle_id=cycle.pk, organisation_id=system.pk, **moments)
        for system in systems
    )
    Answer.objects.bulk_create(
        (_like(row, assessment_id=one.pk) for one in assessments for row in answers),
        batch_size=500,
    )
    snapshots = Snapshot.objects.bulk_create(
        _like(model, assessment_id=one.pk, signed_off_at=at) for one in assessments
    )
    Release.objects.bulk_create(
        Release(snapshot=one, cause=Release.Cause.LAST_DATE, at=at) for one in snapshots
    )
    FrozenItem.objects.bulk_create(
        (
            _like(row, snapshot_id=one.pk, cycle_id=cycle.pk, organisation_id=system.pk)
            for one, system in zip(snapshots, systems, strict=True)
            for row in frozen
        ),
        batch_size=500,
    )


def _like(row: models.Model, **changes: Any) -> Any:
    """A new row with the same values but these."""
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    return type(row)(**{field.attname: getattr(row, field.attname) for field in fields} | changes)
