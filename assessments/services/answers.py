"""Changes answers: by compare-and-set on the version, so that nobody's words are lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from assessments.models import Answer, Assessment, Revision, WorkingText
from assessments.services.locks import hold, hold_open
from assessments.services.refusals import AnswersLocked, StaleAnswer
from portal.audit import record
from portal.models import User


def save_answer(
    *,
    answer: Answer,
    level: int | None,
    narrative: str,
    version: int,
    by: User,
    at: dt.datetime,
    coverage: str | None = None,
) -> Answer:
    """Store what the person says at the version their form carried; return the answer as saved.

    Coverage None leaves it as it is. A person who is not first gets StaleAnswer with the answer
    as it stands; their words are kept as a refused revision. The same words twice are one save.
    """
    words: dict[str, Any] = {"level": level, "narrative": narrative}
    if coverage is not None:
        words["coverage"] = coverage
    also = {} if level is None else {"not_assessed_reason": ""}
    return _replace(answer, version, words, also, verb="answer.saved", by=by, at=at)


def record_not_assessed(
    *, answer: Answer, reason: str, version: int, by: User, at: dt.datetime
) -> Answer:
    """Say why an item is not assessed in this cycle. Its words stay, its level goes."""
    words = {"level": None}
    also = {"not_assessed_reason": reason}
    return _replace(answer, version, words, also, verb="answer.not-assessed", by=by, at=at)


def reconfirm_answer(*, answer: Answer, version: int, by: User, at: dt.datetime) -> Answer:
    """Say that words carried forward from the last cycle still hold, having read this version."""
    kind = Revision.Kind.RECONFIRMED
    with transaction.atomic():
        assessment = hold_open(answer.assessment_id, at=at)
        rows = Answer.objects.filter(pk=answer.pk, version=version)
        changed = rows.update(version=version + 1, is_reconfirmed=True)
        current = Answer.objects.select_related("item").get(pk=answer.pk)
        if changed:
            _add_revision(current, kind, by=by, at=at)
            _record(assessment, current, "answer.reconfirmed", by, at, level=current.level)
            return current
        twice = current.revisions.filter(version=version + 1, kind=kind, by=by).exists()
    if twice:
        return current
    raise StaleAnswer(current)


def confirm_no_personal_data(*, answer: Answer, by: User, at: dt.datetime) -> Answer:
    """Say that what looks like personal data in this version of the answer is none."""
    with transaction.atomic():
        assessment = hold_open(answer.assessment_id, at=at)
        unchanged = Answer.objects.filter(pk=answer.pk, version=answer.version)
        if unchanged.update(personal_data_checked_version=answer.version):
            _record(assessment, answer, "answer.personal-data-checked", by, at)
            return Answer.objects.get(pk=answer.pk)
    raise StaleAnswer(Answer.objects.get(pk=answer.pk))


def keep_working_text(
    *,
    answer: Answer,
    user: User,
    base_version: int,
    sequence: int,
    level: str,
    coverage: str,
    narrative: str,
    at: dt.datetime,
) -> WorkingText:
    """Keep what the person is typing. An older sequence arriving late changes nothing.

    Kept even while an assessment is sent or closed, so that typing is never lost; refused once it
    is signed off, when working texts are deleted for good.
    """
    words = {
        "base_version": base_version,
        "sequence": sequence,
        "level": level,
        "coverage": coverage,
        "narrative": narrative,
        "saved_at": at,
    }
    with transaction.atomic():
        if hold(answer.assessment_id).signed_off_at:
            raise AnswersLocked("The assessment is signed off, so its answers cannot be changed.")
        mine = {"user": user, "answer": answer}
        text, created = WorkingText.objects.get_or_create(**mine, defaults=words)
        if not created:
            WorkingText.objects.filter(pk=text.pk, sequence__lt=sequence).update(**words)
            text.refresh_from_db()
    return text


def _replace(
    answer: Answer,
    version: int,
    words: dict[str, Any],
    also: dict[str, str],
    *,
    verb: str,
    by: User,
    at: dt.datetime,
) -> Answer:
    """Compare the version and set. A refusal is committed with the loser's words, then raised."""
    with transaction.atomic():
        assessment = hold_open(answer.assessment_id, at=at)
        rows = Answer.objects.filter(pk=answer.pk, version=version)
        changed = rows.update(**words, **also, version=version + 1, is_reconfirmed=True)
        current = Answer.objects.select_related("item").get(pk=answer.pk)
        if changed:
            _add_revision(current, Revision.Kind.SAVED, by=by, at=at)
            WorkingText.objects.filter(answer=current, user=by).delete()
            _record(assessment, current, verb, by, at, level=current.level)
            return current
        if _says(current, words | also):
            return current
        _keep_refused(current, version, words | also, by=by, at=at)
        _record(assessment, current, "answer.refused", by, at, refused_version=version)
    raise StaleAnswer(current)


def _says(current: Answer, words: dict[str, Any]) -> bool:
    """Whether the answer already says exactly this: a form posted twice, not a clash."""
    return current.is_reconfirmed and all(
        getattr(current, name) == value for name, value in words.items()
    )


def _add_revision(current: Answer, kind: str, *, by: User, at: dt.datetime) -> None:
    Revision.objects.create(
        answer=current,
        kind=kind,
        version=current.version,
        level=current.level,
        coverage=current.coverage,
        narrative=current.narrative,
        by=by,
        at=at,
    )


def _keep_refused(
    current: Answer, version: int, words: dict[str, Any], *, by: User, at: dt.datetime
) -> None:
    Revision.objects.create(
        answer=current,
        kind=Revision.Kind.REFUSED,
        version=version,
        level=words.get("level"),
        coverage=words.get("coverage", ""),
        narrative=words.get("narrative") or words.get("not_assessed_reason", ""),
        by=by,
        at=at,
    )


def _record(
    assessment: Assessment,
    answer: Answer,
    verb: str,
    by: User,
    at: dt.datetime,
    **detail: object,
) -> None:
    record(
        by=by,
        verb=verb,
        target=answer,
        organisation=assessment.organisation,
        at=at,
        code=answer.item.code,
        version=answer.version,
        **detail,
    )
