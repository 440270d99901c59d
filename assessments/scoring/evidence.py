"""How strong evidence is, when it is too old, and what an answer still lacks for sign-off."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from .constants import (
    COMMITTED,
    EMBEDDED,
    EVIDENCE_STALE_AFTER_MONTHS,
    LEVELS,
    MAKING_A_DIFFERENCE,
    NOT_STARTED,
    UNDER_WAY,
)

Grade = Literal["A", "B", "C", "D"]

GRADES: Final[tuple[Grade, ...]] = ("A", "B", "C", "D")
GRADE_OF_TICK: Final[dict[str, Grade]] = {
    "independent": "A",
    "external": "A",
    "community_led": "A",
    "published": "B",
    "board_minuted": "B",
    "internal": "C",
}


@dataclass(frozen=True)
class EvidenceFacts:
    """What the rules need to know of one cited piece of evidence."""

    ticks: frozenset[str]
    dated_on: date | None = None
    coverage: str = ""
    referenced: bool = False
    """It carries a link or a minute reference, so that a reader can go and see."""

    @property
    def grade(self) -> Grade:
        return evidence_strength(self.ticks)


@dataclass(frozen=True)
class StepFacts:
    """What the rules need to know of one improvement step: owner is a role, due_on its date."""

    owner: str = ""
    due_on: date | None = None
    resource: str = ""


@dataclass(frozen=True)
class MeasureFacts:
    """The change a level 4 rests on: two dated figures and the short-term change they show."""

    name: str = ""
    baseline: Decimal | None = None
    baseline_on: date | None = None
    latest: Decimal | None = None
    latest_on: date | None = None
    change_code: str = ""


def evidence_strength(ticks: Iterable[str]) -> Grade:
    """The strongest grade its ticks earn; without a tick it is a statement only (D).

    Raises KeyError on a tick that does not exist.
    """
    return min((GRADE_OF_TICK[tick] for tick in ticks), default="D")


def grade_counts(grades: Iterable[Grade]) -> dict[Grade, int]:
    """How many of each grade, every grade named. Counts are shown; nothing is multiplied."""
    graded = list(grades)
    return {grade: graded.count(grade) for grade in GRADES}


def is_stale(dated_on: date | None, at: date) -> bool:
    """Whether evidence is more than 18 months old; without a date it cannot be called recent."""
    if dated_on is None:
        return True
    months = (at.year - dated_on.year) * 12 + at.month - dated_on.month
    # Dated the 31st, it turns stale on the 1st after a month that has no 31st.
    return months > EVIDENCE_STALE_AFTER_MONTHS or (
        months == EVIDENCE_STALE_AFTER_MONTHS and at.day > dated_on.day
    )


def missing_evidence(
    level: int | None,
    *,
    on: date,
    narrative: str = "",
    coverage: str = "",
    evidence: Sequence[EvidenceFacts] = (),
    steps: Sequence[StepFacts] = (),
    measure: MeasureFacts | None = None,
) -> list[str]:
    """What an answer at this level still lacks for sign-off, one plain sentence each.

    Refuses only what can be checked; whether the words are true is for the sponsor to judge.
    An answer without a level lacks no evidence: it needs a reason, which is not asked here.
    """
    if level is None:
        return []
    if level not in LEVELS:
        raise ValueError(f"{level!r} is not a level")
    missing = [] if narrative.strip() else [_NARRATIVE_NEEDED[level]]
    if level == COMMITTED:
        missing += _missing_commitment(evidence, steps)
    if level >= UNDER_WAY and not coverage:
        missing.append("Say how much of the system this covers.")
    if level == UNDER_WAY and not evidence:
        missing.append("Add evidence of what is delivered, such as a plan, a budget or a post.")
    if level >= EMBEDDED:
        missing += _missing_proof(evidence, on)
    if level == MAKING_A_DIFFERENCE:
        missing += _missing_measure(measure or MeasureFacts(), on)
    return missing


_NARRATIVE_NEEDED: Final = {
    NOT_STARTED: "Write a sentence saying that nothing has been agreed or done yet.",
    COMMITTED: "Write a sentence saying what has been agreed.",
    UNDER_WAY: "Write a sentence saying what is delivered, and where it is not yet.",
    EMBEDDED: "Write a sentence saying what is normal practice, and for which communities.",
    MAKING_A_DIFFERENCE: "Write a sentence saying what has changed, and how it is linked.",
}


def _missing_commitment(evidence: Sequence[EvidenceFacts], steps: Sequence[StepFacts]) -> list[str]:
    missing = []
    if not any(item.grade in ("A", "B") or item.referenced for item in evidence):
        missing.append("Add the minute or the published statement that agrees it.")
    if not any(step.owner.strip() and step.due_on for step in steps):
        missing.append("Add an improvement step with a named lead and a target date.")
    return missing


def _missing_proof(evidence: Sequence[EvidenceFacts], on: date) -> list[str]:
    strong = [item for item in evidence if item.grade in ("A", "B")]
    if not strong:
        return [
            "Add at least one piece of evidence of strength A or B: "
            "independent, community-led, published or Board-minuted."
        ]
    if all(is_stale(item.dated_on, on) for item in strong):
        return [
            "Add evidence of strength A or B that is dated and "
            f"no more than {EVIDENCE_STALE_AFTER_MONTHS} months old."
        ]
    return []


def _missing_measure(measure: MeasureFacts, on: date) -> list[str]:
    checks = (
        (measure.name.strip(), "Name the measure that shows the change."),
        (measure.baseline is not None, "Give the measure’s baseline figure."),
        (measure.baseline_on, "Give the date of the baseline figure."),
        (measure.latest is not None, "Give the measure’s later figure."),
        (measure.latest_on, "Give the date of the later figure."),
        (measure.change_code, "Choose the short-term change the measure shows."),
    )
    missing = [sentence for given, sentence in checks if not given]
    if measure.baseline_on and measure.latest_on and measure.latest_on <= measure.baseline_on:
        missing.append("The later figure’s date must be after the baseline’s date.")
    if measure.latest_on and measure.latest_on > on:
        missing.append("The later figure’s date must not be in the future.")
    if measure.baseline is not None and measure.baseline == measure.latest:
        missing.append("The later figure is the same as the baseline, so it shows no change.")
    return missing
