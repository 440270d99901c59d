"""An organisation's plan and self-assessment in a cycle, and what is frozen of it."""

from assessments.models.answers import (
    Answer,
    Assignment,
    Comment,
    Coverage,
    Exemption,
    ObservedChange,
    Revision,
    WorkingText,
)
from assessments.models.board import BoardAsk, BoardOutcome, Risk
from assessments.models.cycles import Assessment, CadenceRule, Cycle
from assessments.models.evidence import Citation, Evidence, ImprovementStep
from assessments.models.plans import Measure, Plan, PlanPriority
from assessments.models.redactions import LONGEST_REASON, Redaction, Withheld
from assessments.models.snapshots import FrozenItem, FrozenSection, Release, Snapshot

__all__ = [
    "LONGEST_REASON",
    "Answer",
    "Assessment",
    "Assignment",
    "BoardAsk",
    "BoardOutcome",
    "CadenceRule",
    "Citation",
    "Comment",
    "Coverage",
    "Cycle",
    "Evidence",
    "Exemption",
    "FrozenItem",
    "FrozenSection",
    "ImprovementStep",
    "Measure",
    "ObservedChange",
    "Plan",
    "PlanPriority",
    "Redaction",
    "Release",
    "Revision",
    "Risk",
    "Snapshot",
    "Withheld",
    "WorkingText",
]
