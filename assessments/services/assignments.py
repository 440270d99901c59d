"""Shares the answers out: asks, hands in, declines, accepts, returns, nudges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from assessments import emails
from assessments.models import Answer, Assessment, Assignment, Comment
from assessments.services.locks import hold, hold_open
from assessments.services.refusals import (
    AnswersLocked,
    AssignmentMovedOn,
    NotAContributor,
    NotAssignedToYou,
)
from portal.audit import record
from portal.models import User
from portal.roles import Permission, can

NUDGE_PAUSE = dt.timedelta(days=1)
"""Nobody is nudged twice within this time."""

State = Assignment.State


@transaction.atomic
def assign_answers(
    *,
    answers: Iterable[Answer],
    person: User,
    due_on: dt.date | None,
    by: User,
    at: dt.datetime,
) -> int:
    """Ask one person to answer these items of one assessment; returns how many are new to them.

    An item given to somebody else moves over. What the person already has only takes the new date.
    """
    asked = list(answers)
    if not asked:
        return 0
    assessment = hold_open(asked[0].assessment_id, at=at)
    if not can(person, Permission.ANSWER, assessment.organisation):
        raise NotAContributor
    given = [_give(answer, person, due_on, by=by, at=at) for answer in asked]
    codes = [answer.item.code for answer, new in zip(asked, given, strict=True) if new]
    record(
        by=by,
        verb="answers.assigned",
        target=assessment,
        organisation=assessment.organisation,
        at=at,
        codes=[answer.item.code for answer in asked],
        person=person.email,
        due_on=due_on.isoformat() if due_on else "",
    )
    if codes:
        emails.asked_to_answer(
            assessment=assessment, person=person, codes=codes, due_on=due_on, by=by, at=at
        )
    return len(codes)


def _give(
    answer: Answer, person: User, due_on: dt.date | None, *, by: User, at: dt.datetime
) -> bool:
    """Whether the answer is new to the person."""
    held = Assignment.objects.filter(answer=answer, person=person).exclude(state=State.DECLINED)
    if held.update(due_on=due_on):
        return False
    Assignment.objects.update_or_create(
        answer=answer,
        defaults={
            "person": person,
            "due_on": due_on,
            "state": State.GIVEN,
            "assigned_by": by,
            "assigned_at": at,
            "opened_at": None,
            "changed_at": at,
            "nudged_at": None,
        },
    )
    return True


def mark_opened(*, assignment: Assignment, at: dt.datetime) -> bool:
    """Note that the person has looked at what they were given; True the first time."""
    unopened = Assignment.objects.filter(pk=assignment.pk, opened_at__isnull=True)
    return bool(unopened.update(opened_at=at))


@transaction.atomic
def hand_in(*, assignment: Assignment, note: str, by: User, at: dt.datetime) -> Assignment:
    """The person asked says that their answer is ready for the lead."""
    _refuse_others(assignment, by)
    moved = _move(assignment, State.HANDED_IN, (State.GIVEN, State.RETURNED), by=by, at=at)
    if note:
        _say(moved.answer, Comment.Kind.HANDED_IN, note, by=by, at=at)
    emails.tell_leads(answer=moved.answer, event="handed-in", by=by, at=at)
    return moved


@transaction.atomic
def decline(*, assignment: Assignment, reason: str, by: User, at: dt.datetime) -> Assignment:
    """The person asked says that they cannot answer this, and why."""
    _refuse_others(assignment, by)
    moved = _move(assignment, State.DECLINED, (State.GIVEN, State.RETURNED), by=by, at=at)
    _say(moved.answer, Comment.Kind.DECLINED, reason, by=by, at=at)
    emails.tell_leads(answer=moved.answer, event="declined", by=by, at=at)
    return moved


@transaction.atomic
def accept(*, assignment: Assignment, by: User, at: dt.datetime) -> Assignment:
    """The lead takes what was handed in."""
    return _move(assignment, State.ACCEPTED, (State.HANDED_IN,), by=by, at=at)


@transaction.atomic
def return_to_contributor(
    *, assignment: Assignment, text: str, by: User, at: dt.datetime
) -> Assignment:
    """The lead gives an answer back, saying what is still wanted."""
    moved = _move(assignment, State.RETURNED, (State.HANDED_IN, State.ACCEPTED), by=by, at=at)
    _say(moved.answer, Comment.Kind.RETURNED, text, by=by, at=at)
    emails.tell_person(person=moved.person, answer=moved.answer, event="returned", by=by, at=at)
    return moved


@transaction.atomic
def ask(*, answer: Answer, text: str, by: User, at: dt.datetime) -> Comment:
    """Ask about an answer: the person asked to answer writes to the leads, others to them."""
    comment = _converse(answer, Comment.Kind.ASKED, text, by=by, at=at)
    assignment = Assignment.objects.current().filter(answer=answer).first()
    if assignment is None or assignment.person == by:
        emails.tell_leads(answer=comment.answer, event="asked", by=by, at=at)
    else:
        emails.tell_person(
            person=assignment.person,
            answer=comment.answer,
            event="asked",
            by=by,
            at=at,
        )
    return comment


@transaction.atomic
def reply(*, answer: Answer, text: str, by: User, at: dt.datetime) -> Comment:
    """Answer what was asked; everybody who has written about this answer hears of it."""
    comment = _converse(answer, Comment.Kind.REPLIED, text, by=by, at=at)
    wrote = Comment.objects.filter(answer=answer).exclude(by=by).values("by")
    for person in User.objects.filter(pk__in=wrote, is_active=True).order_by("pk"):
        emails.tell_person(person=person, answer=comment.answer, event="replied", by=by, at=at)
    return comment


@transaction.atomic
def nudge_unopened(*, assessment: Assessment, by: User, at: dt.datetime) -> int:
    """Remind everybody who has not opened what they were given; returns how many items."""
    held = hold_open(assessment.pk, at=at)
    unopened = Assignment.objects.filter(
        answer__assessment=held, state=State.GIVEN, opened_at__isnull=True
    ).exclude(nudged_at__gt=at - NUDGE_PAUSE)
    by_person: dict[User, list[Assignment]] = {}
    for assignment in unopened.select_related("person", "answer__item").order_by("answer__pk"):
        by_person.setdefault(assignment.person, []).append(assignment)
    if not by_person:
        return 0
    for person, assignments in by_person.items():
        codes = [assignment.answer.item.code for assignment in assignments]
        emails.nudged(assessment=held, person=person, codes=codes, by=by, at=at)
    keys = [a.pk for assignments in by_person.values() for a in assignments]
    Assignment.objects.filter(pk__in=keys).update(nudged_at=at)
    record(
        by=by,
        verb="answers.nudged",
        target=held,
        organisation=held.organisation,
        at=at,
        people=len(by_person),
        items=len(keys),
    )
    return len(keys)


def _refuse_others(assignment: Assignment, by: User) -> None:
    if assignment.person != by:
        raise NotAssignedToYou


def _move(
    assignment: Assignment,
    state: str,
    allowed: tuple[str, ...],
    *,
    by: User,
    at: dt.datetime,
) -> Assignment:
    """From one of the allowed states to the next, once."""
    assessment = hold_open(assignment.answer.assessment_id, at=at)
    rows = Assignment.objects.filter(pk=assignment.pk, person=assignment.person, state__in=allowed)
    if not rows.update(state=state, changed_at=at):
        raise AssignmentMovedOn
    moved = Assignment.objects.select_related("person", "answer__item").get(pk=assignment.pk)
    moved.answer.assessment = assessment
    _record(moved.answer, f"assignment.{state}", by=by, at=at)
    return moved


def _converse(answer: Answer, kind: str, text: str, *, by: User, at: dt.datetime) -> Comment:
    """A comment that may be written until the assessment is signed off."""
    assessment = hold(answer.assessment_id)
    if assessment.signed_off_at:
        raise AnswersLocked("The assessment is signed off, so nothing can be added to it.")
    answer.assessment = assessment
    comment = _say(answer, kind, text, by=by, at=at)
    _record(answer, f"answer.{kind}", by=by, at=at)
    return comment


def _say(answer: Answer, kind: str, text: str, *, by: User, at: dt.datetime) -> Comment:
    return Comment.objects.create(answer=answer, kind=kind, text=text, by=by, at=at)


def _record(answer: Answer, verb: str, *, by: User, at: dt.datetime) -> None:
    record(
        by=by,
        verb=verb,
        target=answer,
        organisation=answer.assessment.organisation,
        at=at,
        code=answer.item.code,
    )
