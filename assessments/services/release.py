"""What follows sign-off: release, reopening, the Board's date and sharing with peers."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from assessments import emails
from assessments.models import Assessment, Release, Snapshot
from assessments.services.locks import hold, refuse_outside_dates
from assessments.services.refusals import NotSignedOff, ReopeningNotAsked
from portal.audit import record
from portal.models import Organisation, User


@transaction.atomic
def release(*, snapshot: Snapshot, cause: str, by: User | None, at: dt.datetime) -> Release:
    """Let the Health Equity Group, and peers who share, see it. Once; again changes nothing."""
    held = hold(snapshot.assessment_id)
    if not held.signed_off_at or Snapshot.objects.latest_of(held) != snapshot:
        raise NotSignedOff
    given, created = Release.objects.get_or_create(
        snapshot=snapshot, defaults={"cause": cause, "by": by, "at": at}
    )
    if created:
        _record(held, "snapshot.released", by=by, at=at, version=snapshot.version, cause=cause)
        emails.released(assessment=held, by=by, at=at)
    return given


@transaction.atomic
def ask_to_reopen(*, assessment: Assessment, reason: str, by: User, at: dt.datetime) -> Assessment:
    """The sponsor asks the Health Equity Group to give a signed-off assessment back."""
    held = hold(assessment.pk)
    if not held.signed_off_at:
        raise NotSignedOff
    held.reopening_reason, held.reopening_asked_at = reason, at
    held.save(update_fields=["reopening_reason", "reopening_asked_at"])
    _record(held, "reopening.asked", by=by, at=at)
    emails.reopening_asked(assessment=held, by=by, at=at)
    return held


@transaction.atomic
def reopen(*, assessment: Assessment, by: User, at: dt.datetime) -> Assessment:
    """Give it back, when its sponsor has asked. What was released stays until it is replaced.

    After the close its date has to be extended first: a new sign-off needs time to be sent.
    """
    held = hold(assessment.pk)
    if not held.signed_off_at:
        raise NotSignedOff
    if not held.reopening_asked_at:
        raise ReopeningNotAsked
    refuse_outside_dates(held, at=at)
    held.sent_at = held.sent_by = held.signed_at = held.signed_by = None
    held.countersigned_by = held.signed_off_at = held.reopening_asked_at = None
    held.save()
    _record(held, "assessment.reopened", by=by, at=at)
    emails.reopened(assessment=held, by=by, at=at)
    return held


@transaction.atomic
def record_board_date(
    *, assessment: Assessment, board_on: dt.date | None, by: User, at: dt.datetime
) -> Assessment:
    """When the Board meets on it; the calendar releases it once that day has passed."""
    held = hold(assessment.pk)
    held.board_on = board_on
    held.save(update_fields=["board_on"])
    words = board_on.isoformat() if board_on else ""
    _record(held, "board-date.recorded", by=by, at=at, board_on=words)
    return held


@transaction.atomic
def set_sharing(
    *, organisation: Organisation, shares: bool, by: User, at: dt.datetime
) -> Organisation:
    """Agree, or no longer agree, to share released answers with systems that share theirs."""
    rows = Organisation.objects.filter(pk=organisation.pk, shares_with_peers_since__isnull=shares)
    if rows.update(shares_with_peers_since=at if shares else None):
        record(
            by=by,
            verb="sharing.agreed" if shares else "sharing.ended",
            target=organisation,
            organisation=organisation,
            at=at,
        )
    return Organisation.objects.get(pk=organisation.pk)


def _record(
    held: Assessment, verb: str, *, by: User | None, at: dt.datetime, **detail: object
) -> None:
    record(
        by=by,
        verb=verb,
        target=held,
        organisation=held.organisation,
        at=at,
        cycle=held.cycle.slug,
        **detail,
    )
