"""The draft's own figures: each section rolled up, and all actions together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assessments.models import Assessment
from assessments.queries.sheet import Line, load_sheet
from assessments.scoring import Rating, RollUp, roll_up
from commitments.models import Section


@dataclass(frozen=True)
class SectionScore:
    section: Section
    roll_up: RollUp


@dataclass(frozen=True)
class Scorecard:
    """Commitments and enablers beside each other; the enablers are not added to the actions."""

    sections: tuple[SectionScore, ...]
    actions: RollUp
    considerations: RollUp


def scorecard(assessment: Assessment) -> Scorecard:
    """Computed from the answers as they stand; never stored."""
    return score(load_sheet(assessment))


def score(lines: Sequence[Line]) -> Scorecard:
    """The same, of lines already loaded in the framework's order."""
    sections = tuple(
        SectionScore(section, roll_up(rating(line) for line in group))
        for section, group in groupby(lines, key=lambda line: line.answer.item.section)
    )
    is_action = [(line.answer.item.section.is_commitment, rating(line)) for line in lines]
    return Scorecard(
        sections=sections,
        actions=roll_up(one for action, one in is_action if action),
        considerations=roll_up(one for action, one in is_action if not action),
    )


def rating(line: Line) -> Rating:
    answer = line.answer
    return Rating(answer.item.code, answer.level, applicable=line.exemption is None)
