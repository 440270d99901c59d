"""Changes improvement steps, and the measured change that an answer at level 4 rests on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from assessments.models import Answer, ImprovementStep, ObservedChange
from assessments.services.locks import hold_open
from assessments.services.refusals import StaleRow, StaleStep
from commitments.models import Item
from portal.audit import record
from portal.models import Organisation, User

STEP = frozenset({"what", "owner", "due_on", "resource", "status"})
CHANGE = frozenset(
    {
        "measure",
        "unit",
        "ethnic_group",
        "baseline",
        "baseline_on",
        "later",
        "later_on",
        "shows",
    }
)


class StaleChange(StaleRow):
    """`current` is None where somebody else has taken the change away."""

    sentence = "Somebody else has changed this measured change since you opened it."


@transaction.atomic
def add_step(
    *, organisation: Organisation, item: Item, by: User, at: dt.datetime, **words: Any
) -> ImprovementStep:
    """Say what is next for an item. `words` are those of STEP."""
    _refuse_unknown(words, STEP)
    step = ImprovementStep.objects.create(
        organisation=organisation, item=item, added_by=by, added_at=at, **words
    )
    _record_step(step, "step.added", by, at)
    return step


@transaction.atomic
def change_step(
    *, step: ImprovementStep, version: int, by: User, at: dt.datetime, **words: Any
) -> ImprovementStep:
    """Change it at the version the form carried; raises StaleStep."""
    _refuse_unknown(words, STEP)
    kept = ImprovementStep.objects.kept().filter(pk=step.pk, version=version)
    changed = kept.update(**words, version=version + 1)
    current = _current(step)
    if changed:
        _record_step(current, "step.changed", by, at)
    elif current.withdrawn_at or not _says(current, words):
        raise StaleStep(current)
    return current


@transaction.atomic
def withdraw_step(
    *, step: ImprovementStep, version: int, by: User, at: dt.datetime
) -> ImprovementStep:
    """Take it from the list; papers that were signed off keep it."""
    kept = ImprovementStep.objects.kept().filter(pk=step.pk, version=version)
    changed = kept.update(withdrawn_at=at, version=version + 1)
    current = _current(step)
    if not changed and not current.withdrawn_at:
        raise StaleStep(current)
    if changed:
        _record_step(current, "step.withdrawn", by, at)
    return current


@transaction.atomic
def record_change(
    *, answer: Answer, version: int, by: User, at: dt.datetime, **figures: Any
) -> ObservedChange:
    """Record before and after, at the version the form carried; version 0 where none is yet.

    Raises StaleChange. `figures` are those of CHANGE.
    """
    _refuse_unknown(figures, CHANGE)
    assessment = hold_open(answer.assessment_id, at=at)
    current = ObservedChange.objects.select_related("shows").filter(answer=answer).first()
    if version != (current.version if current else 0):
        if current and _says(current, figures):
            return current
        raise StaleChange(current)
    change, _created = ObservedChange.objects.update_or_create(
        answer=answer, defaults={**figures, "version": version + 1}
    )
    _record_change(answer, assessment.organisation, "change.recorded", by, at, version + 1)
    return change


@transaction.atomic
def remove_change(*, answer: Answer, version: int, by: User, at: dt.datetime) -> None:
    """Take away a measured change that was recorded by mistake. Again changes nothing."""
    assessment = hold_open(answer.assessment_id, at=at)
    current = ObservedChange.objects.select_related("shows").filter(answer=answer).first()
    if current is None:
        return
    if current.version != version:
        raise StaleChange(current)
    current.delete()
    _record_change(answer, assessment.organisation, "change.removed", by, at, version)


def _refuse_unknown(words: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := words.keys() - known:
        raise TypeError(f"not known here: {', '.join(sorted(unknown))}")


def _current(step: ImprovementStep) -> ImprovementStep:
    return ImprovementStep.objects.select_related("organisation", "item").get(pk=step.pk)


def _says(current: ImprovementStep | ObservedChange, words: dict[str, Any]) -> bool:
    """Whether it already says exactly this: a form posted twice, not a clash."""
    return all(getattr(current, name) == value for name, value in words.items())


def _record_step(step: ImprovementStep, verb: str, by: User, at: dt.datetime) -> None:
    record(
        by=by,
        verb=verb,
        target=step,
        organisation=step.organisation,
        at=at,
        code=step.item.code,
        version=step.version,
    )


def _record_change(
    answer: Answer,
    organisation: Organisation,
    verb: str,
    by: User,
    at: dt.datetime,
    version: int,
) -> None:
    record(
        by=by,
        verb=verb,
        target=answer,
        organisation=organisation,
        at=at,
        code=answer.item.code,
        version=version,
    )
