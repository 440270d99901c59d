"""What can be asked about assessments: lists, gaps, figures, and the document that is frozen."""

from assessments.queries.document import (
    SCHEMA,
    Document,
    canonical,
    roll_up_document,
    snapshot_document,
)
from assessments.queries.gaps import Gap, advice, gaps, line_advice, line_gaps
from assessments.queries.personal_data import is_nhs_number, personal_data_warnings
from assessments.queries.previous import (
    earlier_snapshots,
    latest_signed_off,
    levels_of,
    previous_answer,
)
from assessments.queries.scorecard import Scorecard, SectionScore, score, scorecard
from assessments.queries.sheet import Line, load_line, load_sheet
from assessments.queries.task_list import Status, TaskList, TaskRow, TaskSection, task_list

__all__ = [
    "SCHEMA",
    "Document",
    "Gap",
    "Line",
    "Scorecard",
    "SectionScore",
    "Status",
    "TaskList",
    "TaskRow",
    "TaskSection",
    "advice",
    "canonical",
    "earlier_snapshots",
    "gaps",
    "is_nhs_number",
    "latest_signed_off",
    "levels_of",
    "line_advice",
    "line_gaps",
    "load_line",
    "load_sheet",
    "personal_data_warnings",
    "previous_answer",
    "roll_up_document",
    "score",
    "scorecard",
    "snapshot_document",
    "task_list",
]
