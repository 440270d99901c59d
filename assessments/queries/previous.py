"""What an organisation said before: last cycle's answer, and earlier snapshots."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, Subquery

from assessments.models import Answer, Assessment, Cycle, FrozenItem, Snapshot
from portal.models import Organisation


def latest_signed_off(organisation: Organisation, *, before: dt.datetime) -> Assessment | None:
    """The organisation's latest signed-off full assessment of a cycle opened before an instant."""
    earlier = organisation.assessments.signed_off().filter(
        cycle__kind=Cycle.Kind.FULL, cycle__opens_at__lt=before
    )
    return earlier.select_related("cycle").order_by("-cycle__opens_at").first()


def previous_answer(answer: Answer) -> Answer | None:
    """What was said of the same item, or its predecessor, in the last signed-off full cycle."""
    assessment = answer.assessment
    last = latest_signed_off(assessment.organisation, before=assessment.cycle.opens_at)
    if last is None:
        return None
    same = last.answers.filter(item__in=[answer.item_id, answer.item.predecessor_id or 0])
    found = same.select_related("item").first()
    if found:
        found.assessment = last
    return found


def earlier_snapshots(assessment: Assessment) -> list[Snapshot]:
    """The latest snapshot of each earlier full cycle, oldest first, without its document."""
    newer = Snapshot.objects.filter(assessment=OuterRef("assessment")).order_by("-version")
    earlier = Snapshot.objects.filter(
        assessment__organisation=assessment.organisation_id,
        assessment__cycle__kind=Cycle.Kind.FULL,
        assessment__cycle__opens_at__lt=assessment.cycle.opens_at,
        version=Subquery(newer.values("version")[:1]),
    )
    rows = earlier.select_related("assessment__cycle").defer("document")
    return list(rows.order_by("assessment__cycle__opens_at"))


def levels_of(snapshots: list[Snapshot]) -> dict[int, dict[str, int | None]]:
    """Level by item code, for each snapshot's key."""
    levels: dict[int, dict[str, int | None]] = {snapshot.pk: {} for snapshot in snapshots}
    frozen = FrozenItem.objects.filter(snapshot__in=snapshots).order_by("order")
    for snapshot_id, code, level in frozen.values_list("snapshot", "code", "level"):
        levels[snapshot_id][code] = level
    return levels
