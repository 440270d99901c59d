"""Brings the last cycle's words into a new assessment as a draft nobody has looked at yet."""

from __future__ import annotations

import datetime as dt

from django.db.models import Prefetch

from assessments.models import Answer, Assessment, Citation, ObservedChange, Revision


def carry_forward(source: Assessment, *, into: Assessment, at: dt.datetime) -> int:
    """Copy level, coverage, words, citations and observed change; returns how many answers.

    An item is followed through framework versions by its predecessor. What was not assessed, and
    evidence withdrawn since, stays behind.
    """
    earlier = {answer.item_id: answer for answer in _said(source)}
    pairs = []
    for answer in into.answers.select_related("item").in_order():
        before = earlier.get(answer.item_id) or earlier.get(answer.item.predecessor_id)
        if before:
            _copy(before, answer)
            pairs.append((before, answer))
    answers = [answer for _before, answer in pairs]
    fields = ["level", "coverage", "narrative", "version", "is_reconfirmed", "carried_from"]
    Answer.objects.bulk_update(answers, fields)
    Revision.objects.bulk_create(_revision(answer, at) for answer in answers)
    Citation.objects.bulk_create(_citations(pairs, at))
    ObservedChange.objects.bulk_create(_changes(pairs))
    return len(pairs)


def _said(source: Assessment) -> list[Answer]:
    kept = Citation.objects.filter(evidence__withdrawn_at__isnull=True).order_by("pk")
    assessed = source.answers.filter(level__isnull=False, exemption__isnull=True)
    return list(
        assessed.select_related("observed_change").prefetch_related(Prefetch("citations", kept))
    )


def _copy(before: Answer, answer: Answer) -> None:
    answer.level = before.level
    answer.coverage = before.coverage
    answer.narrative = before.narrative
    answer.version = 1
    answer.is_reconfirmed = False
    answer.carried_from = before


def _revision(answer: Answer, at: dt.datetime) -> Revision:
    return Revision(
        answer=answer,
        kind=Revision.Kind.CARRIED,
        version=1,
        level=answer.level,
        coverage=answer.coverage,
        narrative=answer.narrative,
        by=None,
        at=at,
    )


def _citations(pairs: list[tuple[Answer, Answer]], at: dt.datetime) -> list[Citation]:
    return [
        Citation(
            answer=answer,
            evidence_id=citation.evidence_id,
            added_by_id=citation.added_by_id,
            added_at=at,
        )
        for before, answer in pairs
        for citation in before.citations.all()
    ]


def _changes(pairs: list[tuple[Answer, Answer]]) -> list[ObservedChange]:
    changes = []
    for before, answer in pairs:
        change = getattr(before, "observed_change", None)
        if change:
            change.pk = None
            change._state.adding = True
            change.answer = answer
            changes.append(change)
    return changes
