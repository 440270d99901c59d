"""Loads an assessment's answers with everything the rules ask about them, in a few queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from assessments.models import (
    Answer,
    Assessment,
    Comment,
    Evidence,
    Exemption,
    ImprovementStep,
    ObservedChange,
    Revision,
)
from assessments.queries.evidence import cited_evidence
from assessments.queries.personal_data import personal_data_warnings
from assessments.scoring import EvidenceFacts, MeasureFacts, StepFacts, missing_evidence
from portal.models import User


@dataclass(frozen=True)
class Line:
    """One answer with what stands beside it."""

    answer: Answer
    evidence: tuple[Evidence, ...] = ()
    """What the answer cites and nobody has withdrawn."""
    steps: tuple[ImprovementStep, ...] = ()
    question: str = ""
    """What the sponsor asked and nobody has replied to, or changed the answer for, since."""

    @property
    def exemption(self) -> Exemption | None:
        return getattr(self.answer, "exemption", None)

    @property
    def observed_change(self) -> ObservedChange | None:
        return getattr(self.answer, "observed_change", None)

    @property
    def proof(self) -> list[Evidence]:
        """The evidence that somebody can go and look at."""
        return [one for one in self.evidence if not one.why_not_counted]

    @property
    def not_counted(self) -> list[str]:
        """What is cited and proves nothing, one plain sentence each."""
        return [
            f"“{one.title}” does not count as evidence: {one.why_not_counted}."
            for one in self.evidence
            if one.why_not_counted
        ]

    @property
    def warnings(self) -> list[str]:
        """What looks like personal data in this version and was not looked at."""
        answer = self.answer
        if answer.personal_data_checked_version == answer.version:
            return []
        return personal_data_warnings(f"{answer.narrative}\n{answer.not_assessed_reason}")

    def missing_evidence(self, on: dt.date) -> list[str]:
        answer = self.answer
        return missing_evidence(
            answer.level,
            on=on,
            narrative=answer.narrative,
            coverage=answer.coverage,
            evidence=[evidence_facts(evidence) for evidence in self.proof],
            steps=[
                StepFacts(owner=step.owner, due_on=step.due_on, resource=step.resource)
                for step in self.steps
            ],
            measure=measure_facts(self.observed_change),
        )


def evidence_facts(evidence: Evidence) -> EvidenceFacts:
    return EvidenceFacts(
        ticks=evidence.ticks,
        dated_on=evidence.dated_on,
        coverage=evidence.coverage,
        referenced=bool(evidence.url or evidence.minute_reference),
    )


def measure_facts(change: ObservedChange | None) -> MeasureFacts | None:
    if change is None:
        return None
    return MeasureFacts(
        name=change.measure,
        baseline=change.baseline,
        baseline_on=change.baseline_on,
        latest=change.later,
        latest_on=change.later_on,
        change_code=change.shows.code,
    )


def load_line(answer: Answer) -> Line:
    """One answer's line, for its own page."""
    return _lines(answer.assessment, Answer.objects.filter(pk=answer.pk))[0]


def load_sheet(assessment: Assessment, *, user: User | None = None) -> list[Line]:
    """Every answer in the framework's order; with a user, those the user may see."""
    answers = Answer.objects.visible_to(user) if user else Answer.objects.all()
    return _lines(assessment, answers.filter(assessment=assessment))


def _lines(assessment: Assessment, rows: Iterable[Answer]) -> list[Line]:
    answers = list(
        rows.select_related(  # type: ignore[attr-defined]
            "item__section",
            "assignment__person",
            "exemption",
            "observed_change__shows",
        ).in_order()
    )
    for answer in answers:
        answer.assessment = assessment
    cited = cited_evidence(answers)
    steps: dict[int, list[ImprovementStep]] = defaultdict(list)
    for step in assessment.organisation.steps.kept().order_by("due_on", "pk"):
        steps[step.item_id].append(step)
    questions = _open_questions(assessment)
    return [
        Line(
            answer,
            tuple(cited[answer.pk]),
            tuple(steps[answer.item_id]),
            questions.get(answer.pk, ""),
        )
        for answer in answers
    ]


def _open_questions(assessment: Assessment) -> dict[int, str]:
    """The sponsor's last question to each answer that nothing has happened to since."""
    kinds = (Comment.Kind.SPONSOR, Comment.Kind.REPLIED)
    written = Comment.objects.filter(answer__assessment=assessment, kind__in=kinds)
    asked: dict[int, Comment] = {}
    for comment in written.order_by("at", "pk"):
        asked.pop(comment.answer_id, None)
        if comment.kind == Comment.Kind.SPONSOR:
            asked[comment.answer_id] = comment
    if not asked:
        return {}
    changed = Revision.objects.filter(answer__in=asked).exclude(kind=Revision.Kind.REFUSED)
    for answer_id, at in changed.values_list("answer", "at"):
        if answer_id in asked and at > asked[answer_id].at:
            del asked[answer_id]
    return {answer_id: comment.text for answer_id, comment in asked.items()}
