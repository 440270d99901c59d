"""Check answers before sending: what is missing, what contradicts, and the Board's messages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.calendar import london_date
from assessments.forms.sign_off import MessagesForm
from assessments.models import Assessment
from assessments.queries import (
    Gap,
    Line,
    line_findings,
    load_sheet,
    opening_of,
)
from assessments.services import Incomplete, Refusal, send_for_sign_off, take_back, write_messages
from assessments.views.finding import find_full_assessment
from commitments.models import Section
from commitments.queries import levels
from portal.roles import Permission, authorise, can


@dataclass(frozen=True)
class CheckedSection:
    section: Section
    rows: list[dict[str, Any]]
    """Rows of a summary list: key, value, and a link back to the answer."""


@dataclass(frozen=True)
class CheckPage:
    sections: list[CheckedSection]
    gaps: list[Gap]
    advice: list[Gap]


@require_safe
def check(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    assessment = find_full_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.ASSIGN, assessment.organisation)
    return _show(request, assessment)


@require_POST
def send(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Lock the answers and ask the sponsors to sign off."""
    assessment = find_full_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.SEND, assessment.organisation)
    try:
        send_for_sign_off(assessment=assessment, by=request.user, at=timezone.now())
    except Incomplete:
        return _show(request, assessment, status=422)
    except Refusal as refusal:
        return _show(request, assessment, status=409, refusal=str(refusal))
    return redirect("assessments:sign_off", cycle, organisation)


@require_POST
def take_it_back(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The lead unlocks the answers again."""
    assessment = find_full_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.SEND, assessment.organisation)
    try:
        take_back(assessment=assessment, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, "You have taken the assessment back. It can be changed again.")
    return redirect(assessment)


@require_http_methods(["GET", "HEAD", "POST"])
def board_messages(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The lead's messages to the Board."""
    assessment = find_full_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.ASSIGN, assessment.organisation)
    data = request.POST if request.method == "POST" else None
    form = MessagesForm(data, written=assessment.messages)
    context: dict[str, Any] = {"assessment": assessment, "form": form}
    if not form.is_bound:
        return render(request, "assessments/messages.html", context)
    if not form.is_valid():
        return render(request, "assessments/messages.html", context, status=422)
    try:
        write_messages(
            assessment=assessment, messages=form.written, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        context["refusal"] = str(refusal)
        return render(request, "assessments/messages.html", context, status=409)
    messages.success(request, "The messages to the Board are saved.")
    return redirect("assessments:check", cycle, organisation)


def _show(
    request: HttpRequest, assessment: Assessment, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    at = timezone.now()
    page = check_page(assessment, london_date(at))
    context = {
        "assessment": assessment,
        "page": page,
        "opening": opening_of(assessment),
        "can_send": can(request.user, Permission.SEND, assessment.organisation),
        "is_closed": at > assessment.closes_at,
        "refused": status == 422,
        "refusal": refusal,
        "page_error": status != 200,
    }
    return render(request, "assessments/check.html", context, status=status)


def check_page(assessment: Assessment, on: dt.date) -> CheckPage:
    """Every answer as it stands, with its gaps."""
    lines = load_sheet(assessment)
    names = {level.number: level.name for level in levels(assessment.cycle.framework)}
    is_open = assessment.is_draft
    sections = [
        CheckedSection(section, [_row(line, names, is_open=is_open) for line in group])
        for section, group in groupby(lines, key=lambda line: line.answer.item.section)
    ]
    page = CheckPage(sections=sections, gaps=[], advice=[])
    for line in lines:
        missing, worth_mending = line_findings(line, on)
        page.gaps.extend(_found(line, missing))
        page.advice.extend(_found(line, worth_mending))
    return page


def _found(line: Line, sentences: Sequence[str]) -> list[Gap]:
    item = line.answer.item
    url = f"{line.answer.get_absolute_url()}?from=check"
    return [Gap(item.code, item.short_name, what, url) for what in sentences]


def _row(line: Line, names: dict[int, str], *, is_open: bool) -> dict[str, Any]:
    answer, item = line.answer, line.answer.item
    action = {
        "href": f"{answer.get_absolute_url()}?from=check",
        "text": "Change" if is_open else "Read",
        "visuallyHiddenText": f"{item.code} {item.short_name}",
    }
    return {
        "key": {"text": f"{item.code} {item.short_name}"},
        "value": {"html": answer_summary(line, names)},
        "actions": {"items": [action]},
    }


def answer_summary(line: Line, names: dict[int, str]) -> str:
    """Level, coverage, words and number of pieces of evidence, as markup."""
    answer = line.answer
    context = {
        "answer": answer,
        "level": "" if answer.level is None else names[answer.level],
        "evidence": len(line.evidence),
        "steps": len(line.steps),
        "exemption": line.exemption,
    }
    return render_to_string("assessments/answer/_summary.html", context)
