"""Where an assessment begins: the list of them, and the task list of one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.calendar import phase
from assessments.models import Assessment
from assessments.queries import Status, TaskList, TaskRow, task_list
from assessments.views.finding import find_assessment
from portal.models import User
from portal.roles import Permission, authorise, can

# The design system's colours; a finished task is plain words, and only a problem is red.
TAGS = {
    Status.READY: "aqua-green",
    Status.IN_PROGRESS: "white",
    Status.NOT_STARTED: "blue",
    Status.CANNOT_START: "grey",
    Status.PROBLEM: "red",
}

APPLIES = Q(answers__exemption__isnull=True)
# Looked at in this cycle: a level, or a reason for none; carried words count once reconfirmed.
ANSWERED = (
    APPLIES
    & Q(answers__is_reconfirmed=True)
    & (Q(answers__level__isnull=False) | ~Q(answers__not_assessed_reason=""))
)


@dataclass(frozen=True)
class TaskFilter:
    """Which rows are shown: by status, and by the name of whoever was asked."""

    status: str
    person: str
    people: list[str]

    @property
    def is_on(self) -> bool:
        return bool(self.status or self.person)

    status_label: ClassVar = {"text": "Status"}
    person_label: ClassVar = {"text": "Person"}

    @property
    def status_options(self) -> list[dict[str, Any]]:
        named = [("", "Any status"), *((one.value, one.words) for one in Status)]
        return [_option(value, text, self.status) for value, text in named]

    @property
    def person_options(self) -> list[dict[str, Any]]:
        named = [("", "Anybody"), *((name, name) for name in self.people)]
        return [_option(value, text, self.person) for value, text in named]


def _option(value: str, text: str, chosen: str) -> dict[str, Any]:
    return {"value": value, "text": text, "selected": value == chosen}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The assessments a person works on, newest cycle first."""
    rows = (
        Assessment.objects.visible_to(request.user)
        .select_related("cycle", "organisation")
        .annotate(
            items=Count("answers", filter=APPLIES),
            answered=Count("answers", filter=ANSWERED),
        )
        .order_by(F("cycle__opens_at").desc(), "organisation__name")
    )
    at = timezone.now()
    context = {
        "open_now": [row for row in rows if not row.signed_off_at and at <= row.closes_at],
        "earlier": [row for row in rows if row.signed_off_at or at > row.closes_at],
        "is_heg": can(request.user, Permission.OVERSEE),
    }
    return render(request, "assessments/index.html", context)


@require_safe
def detail(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The task list: every item with its status, and what to do next."""
    assessment = find_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.READ_DRAFT, assessment.organisation)
    at = timezone.now()
    context: dict[str, Any] = {
        "assessment": assessment,
        "phase": phase(assessment.cycle.opens_at, due_at(assessment), assessment.closes_at, at),
        "due_at": due_at(assessment),
        "can_run": can(request.user, Permission.ASSIGN, assessment.organisation),
        "can_send": can(request.user, Permission.SEND, assessment.organisation),
        "can_sign": can(request.user, Permission.SIGN_OFF, assessment.organisation),
    }
    if not assessment.cycle.is_full:
        context["steps"] = assessment.organisation.steps.kept().order_by("due_on", "pk")
        return render(request, "assessments/mid_year.html", context)
    tasks = task_list(assessment, request.user, at)
    return render(request, "assessments/detail.html", context | _tasks(request, tasks))


def _tasks(request: HttpRequest, tasks: TaskList) -> dict[str, Any]:
    chosen = TaskFilter(
        status=_known(request.GET.get("status"), list(Status)),
        person=_known(request.GET.get("person"), _people(tasks)),
        people=_people(tasks),
    )
    shown = tasks.only(status=chosen.status, assignee=chosen.person)
    return {
        "tasks": tasks,
        "filter": chosen,
        "sections": [
            {
                "section": part.section,
                "prefix": f"task-{part.section.code}",
                "completed": part.completed,
                "total": len(part.rows),
                "items": [_item(row) for row in part.rows],
            }
            for part in shown.sections
        ],
        "next_row": _next_row(tasks, request.user),
    }


def _people(tasks: TaskList) -> list[str]:
    return sorted({row.assignee for row in tasks.rows if row.assignee})


def _known(value: str | None, values: Iterable[str]) -> str:
    """A filter's value, or none where the address names something else."""
    return value if value in set(values) else ""


def _next_row(tasks: TaskList, user: User) -> TaskRow | None:
    """The first thing to do: a problem, then one's own, then what nobody was asked to do.

    What a person has handed in waits for the lead; it is the lead's to do, not theirs.
    """
    todo = [
        row
        for row in tasks.rows
        if row.url
        and row.status is not Status.COMPLETED
        and not (row.status is Status.READY and row.assignee == user.name)
    ]
    problems = [row for row in todo if row.status is Status.PROBLEM]
    mine = [row for row in todo if row.assignee in ("", user.name)]
    return next(iter([*problems, *mine, *todo]), None)


def _item(row: TaskRow) -> dict[str, Any]:
    """One entry of the design system's task list."""
    hint = ". ".join(part for part in (_whose(row), row.hint) if part)
    status: dict[str, Any] = {"text": row.status_words}
    if row.status in TAGS:
        status = {"tag": {"text": row.status_words, "colour": TAGS[row.status]}}
    return {
        "heading": {"text": f"{row.code} {row.name}"},
        "hint": {"text": hint} if hint else None,
        "href": row.url or None,
        "status": status,
    }


def _whose(row: TaskRow) -> str:
    if not row.assignee:
        return ""
    by = f", by {row.due_on.day} {row.due_on:%B}" if row.due_on else ""
    return f"{row.assignee}{by}"


def due_at(assessment: Assessment) -> dt.datetime:
    """When it is due: an extension moves the due date of this organisation too."""
    return assessment.extended_to or assessment.cycle.due_at
