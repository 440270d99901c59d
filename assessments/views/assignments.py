"""Many hands: who answers what by when, and each contributor's own list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.calendar import london_date
from assessments.forms.assignments import AssignForm
from assessments.models import Answer, Assessment, Assignment
from assessments.services import Refusal, assign_answers, nudge_unopened
from assessments.views.finding import assignment_of, find_full_assessment
from assessments.views.home import due_at
from commitments.models import Section
from portal.models import User
from portal.roles import Permission, Role, authorise

ANSWERING = (Role.CONTRIBUTOR, Role.LEAD, Role.SPONSOR)
READING_TIME = dt.timedelta(days=14)
"""What the lead keeps between the contributors' date and the day the assessment is due."""

IN_ORDER = ("answer__item__section__order", "answer__item__order")

State = Assignment.State


@dataclass(frozen=True)
class Share:
    """One section: how many of its items are given to somebody, and to whom."""

    section: Section
    answers: list[Answer]

    @property
    def given(self) -> int:
        return sum(assignment_of(answer) is not None for answer in self.answers)

    @property
    def people(self) -> list[str]:
        held = (assignment_of(answer) for answer in self.answers)
        return sorted({assignment.person.name for assignment in held if assignment})

    @property
    def without_anybody(self) -> list[str]:
        return [one.item.code for one in self.answers if assignment_of(one) is None]


@dataclass(frozen=True)
class Handed:
    """What one assessment asks of a person."""

    assessment: Assessment
    to_do: list[Assignment]
    done: list[Assignment]
    today: dt.date

    @property
    def prefix(self) -> str:
        return f"to-do-{self.assessment.pk}"

    @property
    def done_prefix(self) -> str:
        return f"done-{self.assessment.pk}"

    @property
    def to_do_items(self) -> list[dict[str, Any]]:
        return [_task(one, self.today) for one in self.to_do]

    @property
    def done_items(self) -> list[dict[str, Any]]:
        return [_task(one, self.today) for one in self.done]


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Give a section's items to one person, by a date of their own."""
    assessment = find_full_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.ASSIGN, assessment.organisation)
    shares = _shares(assessment)
    code = request.GET.get("section")
    if code is None:
        return render(request, "assessments/assign.html", _overview(assessment, shares))
    share = next((one for one in shares if one.section.code == code), None)
    if share is None:
        raise Http404("No such section")
    return _assign_section(request, assessment, share)


def _assign_section(request: HttpRequest, assessment: Assessment, share: Share) -> HttpResponse:
    form = _form(request, assessment, share)
    context: dict[str, Any] = {"assessment": assessment, "share": share, "form": form}
    if not form.is_bound:
        return render(request, "assessments/assign_section.html", context)
    if not form.is_valid():
        return render(request, "assessments/assign_section.html", context, status=422)
    chosen = [one for one in share.answers if one.item.code in form.cleaned_data["codes"]]
    due_on = form.cleaned_data["due_on"]
    try:
        assign_answers(
            answers=chosen,
            person=form.person,
            due_on=due_on,
            by=request.user,
            at=timezone.now(),
        )
    except Refusal as refusal:
        context["refusal"] = str(refusal)
        return render(request, "assessments/assign_section.html", context, status=409)
    codes = ", ".join(answer.item.code for answer in chosen)
    when = f"{due_on.day} {due_on:%B %Y}"
    messages.success(request, f"{form.person.name} has been asked for {codes} by {when}.")
    return redirect("assessments:assign", assessment.cycle.slug, assessment.organisation.slug)


def _form(request: HttpRequest, assessment: Assessment, share: Share) -> AssignForm:
    today = london_date(timezone.now())
    last_on = london_date(assessment.closes_at)
    suggested = max(today, london_date(due_at(assessment) - READING_TIME))
    return AssignForm(
        request.POST if request.method == "POST" else None,
        people=_people(assessment),
        items=[(one.item.code, _item_name(one)) for one in share.answers],
        label=f"What do you want to give out from {share.section.title}?",
        today=today,
        last_on=last_on,
        initial={"codes": share.without_anybody, "due_on": min(suggested, last_on)},
    )


def _item_name(answer: Answer) -> str:
    assignment = assignment_of(answer)
    now = f" (with {assignment.person.name})" if assignment else ""
    return f"{answer.item.code} {answer.item.short_name}{now}"


def _people(assessment: Assessment) -> list[User]:
    """Who may answer for the organisation, by name."""
    memberships = assessment.organisation.memberships.active().filter(role__in=ANSWERING)
    people = User.objects.filter(is_active=True, pk__in=memberships.values("user"))
    return list(people.order_by("name", "pk"))


def _shares(assessment: Assessment) -> list[Share]:
    answers = assessment.answers.select_related("item__section", "assignment__person").in_order()
    return [
        Share(section, list(group))
        for section, group in groupby(answers, key=lambda answer: answer.item.section)
    ]


def _overview(assessment: Assessment, shares: Sequence[Share]) -> dict[str, Any]:
    held = [assignment_of(one) for share in shares for one in share.answers]
    given = [assignment for assignment in held if assignment]
    unopened = [one for one in given if one.state == State.GIVEN and not one.opened_at]
    return {
        "assessment": assessment,
        "rows": [_share_row(share) for share in shares],
        "given": len(given),
        "total": len(held),
        "unopened": len(unopened),
    }


def _share_row(share: Share) -> dict[str, Any]:
    """One section as a row of a summary list."""
    people = f": {', '.join(share.people)}" if share.people else ""
    action = {
        "href": f"?section={share.section.code}",
        "text": "Ask",
        "visuallyHiddenText": f"somebody to answer {share.section.title}",
    }
    return {
        "key": {"text": share.section.title},
        "value": {"text": f"{share.given} of {len(share.answers)} with somebody{people}"},
        "actions": {"items": [action]},
    }


@require_POST
def nudge(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Remind everybody who has not opened what they were given."""
    assessment = find_full_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.ASSIGN, assessment.organisation)
    try:
        reminded = nudge_unopened(assessment=assessment, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        _say_reminded(request, reminded)
    return redirect("assessments:assign", cycle, organisation)


def _say_reminded(request: HttpRequest, reminded: int) -> None:
    if not reminded:
        messages.info(request, "Everybody who has not opened theirs was reminded in the last day.")
        return
    unopened = "1 unopened item" if reminded == 1 else f"{reminded} unopened items"
    messages.success(request, f"A reminder is on its way about {unopened}.")


@require_safe
def my_actions(request: HttpRequest) -> HttpResponse:
    """What a person was asked to answer, in every assessment, the soonest first."""
    rows = (
        Assignment.objects.current()
        .filter(person=request.user, answer__in=Answer.objects.visible_to(request.user))
        .filter(answer__assessment__signed_off_at__isnull=True)
        .select_related(
            "assigned_by",
            "answer__item__section",
            "answer__assessment__cycle",
            "answer__assessment__organisation",
        )
        .order_by(
            "answer__assessment", "due_on", "answer__item__section__order", "answer__item__order"
        )
    )
    today = london_date(timezone.now())
    handed = [
        _handed(assessment, list(group), today)
        for assessment, group in groupby(rows, key=lambda one: one.answer.assessment)
    ]
    return render(request, "assessments/my_actions.html", {"handed": handed})


def _handed(assessment: Assessment, given: Sequence[Assignment], today: dt.date) -> Handed:
    waiting = (State.GIVEN, State.RETURNED)
    return Handed(
        assessment,
        to_do=[one for one in given if one.state in waiting],
        done=[one for one in given if one.state not in waiting],
        today=today,
    )


def _task(assignment: Assignment, today: dt.date) -> dict[str, Any]:
    """One entry of the design system's task list."""
    item, due_on = assignment.answer.item, assignment.due_on
    asked = f"{assignment.assigned_by.name} asked you"
    by = f", by {due_on.day} {due_on:%B %Y}" if due_on else ""
    return {
        "heading": {"text": f"{item.code} {item.short_name}"},
        "hint": {"text": f"{asked}{by}"},
        "href": assignment.answer.get_absolute_url(),
        "status": _task_status(assignment, today),
    }


def _task_status(assignment: Assignment, today: dt.date) -> dict[str, Any]:
    state, due_on = assignment.state, assignment.due_on
    if state == State.ACCEPTED:
        return {"text": "Accepted"}
    if state == State.HANDED_IN:
        return {"tag": {"text": "Handed in", "colour": "aqua-green"}}
    if due_on and due_on < today:
        return {"tag": {"text": "Late", "colour": "orange"}}
    if state == State.RETURNED:
        return {"tag": {"text": "Returned to you", "colour": "yellow"}}
    if assignment.opened_at:
        return {"tag": {"text": "In progress", "colour": "white"}}
    return {"tag": {"text": "Not yet started", "colour": "blue"}}
