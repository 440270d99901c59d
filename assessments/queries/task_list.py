"""The task list: every section with its items, whose they are and how far they have got."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from assessments.calendar import london_date
from assessments.models import Answer, Assessment, Assignment, WorkingText
from assessments.queries.gaps import line_gaps
from assessments.queries.sheet import Line, load_sheet
from commitments.models import Section
from portal.models import User


class Status(StrEnum):
    """The six statuses of a row; `words` is what the page says."""

    COMPLETED = "completed"
    READY = "ready"
    IN_PROGRESS = "in-progress"
    NOT_STARTED = "not-started"
    CANNOT_START = "cannot-start"
    PROBLEM = "problem"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Status.COMPLETED: "Completed",
    Status.READY: "Ready for lead",
    Status.IN_PROGRESS: "In progress",
    Status.NOT_STARTED: "Not yet started",
    Status.CANNOT_START: "Cannot start yet",
    Status.PROBLEM: "There is a problem",
}


@dataclass(frozen=True)
class TaskRow:
    code: str
    name: str
    status: Status
    assignee: str
    due_on: dt.date | None
    url: str
    """Empty where there is nothing to open yet."""
    hint: str = ""
    """Why the status is what it is, where the status alone would puzzle."""
    is_opened: bool = True
    """False while the person asked has not looked at it."""

    @property
    def status_words(self) -> str:
        return self.status.words


@dataclass(frozen=True)
class TaskSection:
    section: Section
    rows: tuple[TaskRow, ...]

    @property
    def completed(self) -> int:
        return sum(row.status is Status.COMPLETED for row in self.rows)


@dataclass(frozen=True)
class TaskList:
    sections: tuple[TaskSection, ...]

    @property
    def rows(self) -> list[TaskRow]:
        return [row for section in self.sections for row in section.rows]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows stand at each status, every status named."""
        counted = Counter(row.status for row in self.rows)
        return {status.value: counted[status] for status in Status}

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def completed(self) -> int:
        return self.counts[Status.COMPLETED]

    @property
    def not_opened(self) -> int:
        """How many given items nobody has looked at: "12 of 40 not opened"."""
        return sum(not row.is_opened for row in self.rows)

    @property
    def given(self) -> int:
        return sum(bool(row.assignee) for row in self.rows)

    def only(self, *, status: str = "", assignee: str = "") -> TaskList:
        """The same list with the rows that match; sections without one are left out."""
        kept = (
            replace(
                section,
                rows=tuple(
                    row
                    for row in section.rows
                    if status in ("", row.status) and assignee in ("", row.assignee)
                ),
            )
            for section in self.sections
        )
        return TaskList(tuple(section for section in kept if section.rows))


def task_list(assessment: Assessment, user: User, at: dt.datetime) -> TaskList:
    """What this person may see of the assessment, as it stands at an instant."""
    typing = set(
        WorkingText.objects.filter(user=user, answer__assessment=assessment).values_list(
            "answer", flat=True
        )
    )
    lines = load_sheet(assessment, user=user)
    sections = groupby(lines, key=lambda line: line.answer.item.section)
    return TaskList(
        tuple(
            TaskSection(
                section,
                tuple(_row(line, user, at, is_typing=line.answer.pk in typing) for line in group),
            )
            for section, group in sections
        )
    )


def _row(line: Line, user: User, at: dt.datetime, *, is_typing: bool) -> TaskRow:
    answer = line.answer
    assignment = _assignment(answer)
    status, hint = _status(line, user, at, is_typing=is_typing)
    return TaskRow(
        code=answer.item.code,
        name=answer.item.short_name,
        status=status,
        assignee=assignment.person.name if assignment else "",
        due_on=assignment.due_on if assignment else None,
        url="" if status is Status.CANNOT_START else answer.get_absolute_url(),
        hint=hint,
        is_opened=assignment is None or assignment.opened_at is not None,
    )


def _assignment(answer: Answer) -> Assignment | None:
    found = getattr(answer, "assignment", None)
    return found if found and found.state != Assignment.State.DECLINED else None


def _status(line: Line, user: User, at: dt.datetime, *, is_typing: bool) -> tuple[Status, str]:
    """The status and, where it needs one, its reason. The first that holds is shown."""
    answer = line.answer
    if line.exemption:
        return Status.COMPLETED, "Recorded as not applicable"
    if at < answer.assessment.cycle.opens_at:
        return Status.CANNOT_START, ""
    if line.question:
        return Status.PROBLEM, "The sponsor has asked about this"
    if line.warnings:
        return Status.PROBLEM, "This may contain personal data"
    return _progress(line, user, at, is_typing=is_typing)


def _progress(line: Line, user: User, at: dt.datetime, *, is_typing: bool) -> tuple[Status, str]:
    answer = line.answer
    assignment = _assignment(answer)
    state = assignment.state if assignment else ""
    if state == Assignment.State.HANDED_IN:
        return Status.READY, ""
    if not answer.is_reconfirmed:
        return Status.NOT_STARTED, "Not reconfirmed since the last cycle"
    if not line_gaps(line, london_date(at)):
        return _complete(answer, assignment, user)
    if state == Assignment.State.RETURNED:
        return Status.IN_PROGRESS, "Returned by the lead"
    begun = answer.version > 0 or is_typing
    return (Status.IN_PROGRESS if begun else Status.NOT_STARTED), ""


def _complete(answer: Answer, assignment: Assignment | None, user: User) -> tuple[Status, str]:
    """To the person asked, an answer that is not handed in is not finished."""
    waiting = (Assignment.State.GIVEN, Assignment.State.RETURNED)
    if assignment and assignment.person_id == user.pk and assignment.state in waiting:
        return Status.IN_PROGRESS, "Not handed in yet"
    return Status.COMPLETED, "Not assessed, with a reason" if answer.level is None else ""
