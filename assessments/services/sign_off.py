"""Sends for sign-off, returns, signs, freezes: what a lead and a sponsor decide together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from assessments import emails
from assessments.calendar import london_date
from assessments.models import Assessment, Comment, Revision, Snapshot
from assessments.queries import gaps
from assessments.services.freeze import freeze
from assessments.services.locks import hold, hold_open, refuse_outside_dates, refuse_unless_open
from assessments.services.refusals import (
    AlreadySent,
    AlreadySignedOff,
    CountersignatureNeeded,
    Incomplete,
    NoQuestions,
    NotSent,
    OwnSending,
    TooManyMessages,
    WrongKind,
)
from portal.audit import record
from portal.models import User

MAXIMUM_MESSAGES = 3


@transaction.atomic
def write_messages(
    *, assessment: Assessment, messages: Sequence[str], by: User, at: dt.datetime
) -> Assessment:
    """Write the lead's messages to the Board, up to three; empty ones are left out."""
    held = hold_open(assessment.pk, at=at)
    written = [message for message in messages if message]
    if len(written) > MAXIMUM_MESSAGES:
        raise TooManyMessages
    held.messages = written
    held.version += 1
    held.save(update_fields=["messages", "version"])
    _record(held, "messages.written", by=by, at=at, number=len(written))
    return held


@transaction.atomic
def send_for_sign_off(*, assessment: Assessment, by: User, at: dt.datetime) -> Assessment:
    """Lock the answers and ask the sponsors. Late is possible until the cycle closes."""
    held = hold(assessment.pk)
    _refuse_mid_year(held)
    if held.signed_off_at:
        raise AlreadySignedOff
    if held.sent_at:
        raise AlreadySent
    refuse_unless_open(held, at=at)
    _refuse_gaps(held, at=at)
    held.sent_at, held.sent_by = at, by
    held.save(update_fields=["sent_at", "sent_by"])
    _record(held, "assessment.sent", by=by, at=at, late=at > held.cycle.due_at)
    emails.sent_for_sign_off(assessment=held, by=by, at=at)
    return held


@transaction.atomic
def take_back(*, assessment: Assessment, by: User, at: dt.datetime) -> Assessment:
    """Unlock the answers again, while there is still time to send them once more."""
    held = _hold_sent(assessment)
    refuse_outside_dates(held, at=at)
    _unlock(held)
    _record(held, "assessment.taken-back", by=by, at=at)
    return held


@transaction.atomic
def return_with_questions(
    *, assessment: Assessment, questions: Mapping[str, str], by: User, at: dt.datetime
) -> Assessment:
    """Give the assessment back to its lead with questions, by item code."""
    held = _hold_sent(assessment)
    asked = {code: text for code, text in questions.items() if text}
    answers = held.answers.filter(item__code__in=asked).select_related("item").in_order()
    comments = [
        Comment(
            answer=answer, kind=Comment.Kind.SPONSOR, text=asked[answer.item.code], by=by, at=at
        )
        for answer in answers
    ]
    if not comments:
        raise NoQuestions
    Comment.objects.bulk_create(comments)
    _unlock(held)
    codes = [comment.answer.item.code for comment in comments]
    _record(held, "assessment.returned", by=by, at=at, codes=codes)
    emails.returned_with_questions(assessment=held, codes=codes, by=by, at=at)
    return held


@transaction.atomic
def sign_off(*, assessment: Assessment, by: User, at: dt.datetime) -> Snapshot | None:
    """Sign; freeze when nobody else has to sign as well.

    Whoever sent it cannot sign. A sponsor who wrote answers signs first (None is returned), then
    a second sponsor countersigns.
    """
    held = _hold_sent(assessment)
    if held.sent_by == by:
        raise OwnSending
    if held.signed_by == by:
        raise CountersignatureNeeded
    _refuse_gaps(held, at=at)
    if held.signed_by is None and wrote_answers(held, by):
        held.signed_at, held.signed_by = at, by
        held.save(update_fields=["signed_at", "signed_by"])
        _record(held, "assessment.signed", by=by, at=at)
        emails.countersignature_needed(assessment=held, by=by, at=at)
        return None
    if held.signed_by is None:
        held.signed_at, held.signed_by = at, by
    else:
        held.countersigned_by = by
    held.signed_off_at = at
    held.save(update_fields=["signed_at", "signed_by", "countersigned_by", "signed_off_at"])
    snapshot = freeze(held, at=at)
    _record(
        held,
        "assessment.signed-off",
        by=by,
        at=at,
        version=snapshot.version,
        digest=snapshot.digest,
        countersigned=held.countersigned_by is not None,
    )
    emails.signed_off(assessment=held, by=by, at=at)
    return snapshot


def wrote_answers(assessment: Assessment, person: User) -> bool:
    """Whether the person saved any answer of this assessment since it opened."""
    return Revision.objects.filter(
        answer__assessment=assessment,
        kind=Revision.Kind.SAVED,
        by=person,
        at__gte=assessment.opened_at,
    ).exists()


@transaction.atomic
def complete_mid_year(*, assessment: Assessment, by: User, at: dt.datetime) -> Assessment:
    """Say that plan measures and steps are up to date. Nothing is frozen at mid-year."""
    held = hold(assessment.pk)
    if held.cycle.is_full:
        raise WrongKind
    if held.signed_off_at:
        raise AlreadySignedOff("This update is already complete.")
    refuse_outside_dates(held, at=at)
    held.sent_at = held.signed_at = held.signed_off_at = at
    held.sent_by = held.signed_by = by
    held.save(update_fields=["sent_at", "sent_by", "signed_at", "signed_by", "signed_off_at"])
    _record(held, "mid-year.completed", by=by, at=at)
    return held


def _hold_sent(assessment: Assessment) -> Assessment:
    """Held, and neither in draft nor signed off."""
    held = hold(assessment.pk)
    if held.signed_off_at:
        raise AlreadySignedOff
    if not held.sent_at:
        raise NotSent
    return held


def _refuse_mid_year(held: Assessment) -> None:
    if not held.cycle.is_full:
        raise WrongKind


def _refuse_gaps(held: Assessment, *, at: dt.datetime) -> None:
    missing = gaps(held, london_date(at))
    if missing:
        raise Incomplete(missing)


def _unlock(held: Assessment) -> None:
    held.sent_at = held.sent_by = held.signed_at = held.signed_by = None
    held.save(update_fields=["sent_at", "sent_by", "signed_at", "signed_by"])


def _record(held: Assessment, verb: str, *, by: User, at: dt.datetime, **detail: object) -> None:
    record(
        by=by,
        verb=verb,
        target=held,
        organisation=held.organisation,
        at=at,
        cycle=held.cycle.slug,
        **detail,
    )
