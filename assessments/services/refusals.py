"""Why a service would not do what was asked, each reason by name and in plain English."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from assessments.models import (
        Answer,
        BoardAsk,
        BoardOutcome,
        Evidence,
        ImprovementStep,
        Measure,
        Plan,
        Risk,
    )
    from assessments.queries import Gap


class Refusal(Exception):
    """Nothing was changed. `str()` is a sentence that a page may show."""

    sentence: ClassVar[str] = "This cannot be done now."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class StaleAnswer(Refusal):
    """Somebody else saved first; the refused words are kept as a revision."""

    sentence = "Somebody else has saved this answer since you opened it."

    def __init__(self, current: Answer) -> None:
        super().__init__()
        self.current = current


class StaleRow(Refusal):
    """Somebody else changed this row of the organisation's own first."""

    sentence = "Somebody else has changed this since you opened it."

    def __init__(
        self,
        current: Evidence | ImprovementStep | Plan | Measure | BoardAsk | BoardOutcome | Risk,
    ) -> None:
        super().__init__()
        self.current = current


class StaleEvidence(StaleRow):
    sentence = "Somebody else has changed this evidence since you opened it."


class StaleStep(StaleRow):
    sentence = "Somebody else has changed this improvement step since you opened it."


class StalePlan(StaleRow):
    sentence = "Somebody else has changed the plan since you opened it."


class StaleMeasure(StaleRow):
    sentence = "Somebody else has changed this measure since you opened it."


class StaleAsk(StaleRow):
    sentence = "Somebody else has changed this ask since you opened it."


class StaleRisk(StaleRow):
    sentence = "Somebody else has changed this risk since you opened it."


class NotOpen(Refusal):
    sentence = "This assessment is not open at the moment."


class AnswersLocked(NotOpen):
    sentence = "The answers are locked, because the assessment was sent for sign-off."


class Incomplete(Refusal):
    """Something is still missing; `gaps` says what and where."""

    sentence = "The assessment is not complete yet."

    def __init__(self, gaps: Sequence[Gap]) -> None:
        super().__init__()
        self.gaps = list(gaps)


class OwnSending(Refusal):
    sentence = "You sent this assessment for sign-off, so another sponsor has to sign it off."


class CountersignatureNeeded(Refusal):
    sentence = (
        "You wrote some of these answers and have signed. A second sponsor has to countersign."
    )


class NotSent(Refusal):
    sentence = "This assessment has not been sent for sign-off."


class NotSignedOff(Refusal):
    sentence = "This assessment is not signed off."


class AlreadySent(Refusal):
    sentence = "This assessment has already been sent for sign-off."


class AlreadySignedOff(Refusal):
    sentence = "This assessment is already signed off."


class ReopeningNotAsked(Refusal):
    sentence = "An assessment is reopened only when its sponsor has asked for it."


class NoQuestions(Refusal):
    sentence = "Write at least one question to the answers you return."


class TooManyMessages(Refusal):
    sentence = "Write no more than three messages to the Board."


class WrongKind(Refusal):
    sentence = "This cannot be done in a cycle of this kind."


class CycleExists(Refusal):
    sentence = "There is already a cycle with this name or address."


class DatesOutOfOrder(Refusal):
    sentence = (
        "A cycle must open before it is due, be due before it closes, "
        "and close before its last release date."
    )


class AlreadyAdded(Refusal):
    sentence = "This organisation already has an assessment in this cycle."


class ExtensionTooEarly(Refusal):
    sentence = "Choose a date after the one the assessment closes on now."


class AlreadyExempt(Refusal):
    sentence = "It is already recorded that this does not apply."


class NotAContributor(Refusal):
    sentence = "Only people with a role in this organisation’s assessment can be asked to answer."


class NotAssignedToYou(Refusal):
    sentence = "This was given to somebody else."


class AssignmentMovedOn(Refusal):
    sentence = "Somebody has already dealt with this."
