"""What the Board is asked: written before sign-off, answered by the Board afterwards."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.calendar import london_date
from assessments.forms.answers import VersionForm
from assessments.forms.board import AskForm, OutcomeForm
from assessments.models import Assessment, BoardAsk
from assessments.queries import AskRow, ask_row, asking_assessments, asks_of, open_asks
from assessments.services import (
    MOST_ASKS,
    DecidedTooEarly,
    Refusal,
    StaleAsk,
    StaleOutcome,
    add_ask,
    change_ask,
    move_ask_up,
    record_outcome,
    withdraw_ask,
)
from assessments.views.finding import find_full_assessment
from assessments.views.own import clash, locked_because, refuse, sent, show
from portal.models import User
from portal.roles import Permission, authorise, can

FORM = "assessments/asks/form.html"
WITHDRAW = "assessments/asks/withdraw.html"
OUTCOME = "assessments/asks/outcome.html"


@require_safe
def index(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The asks with what became of them, and the earlier ones that are still open."""
    rows = asking_assessments(request.user)
    assessment = get_object_or_404(rows, cycle__slug=cycle, organisation__slug=organisation)
    authorise(request.user, Permission.READ_REPORTS, assessment.organisation)
    asks = asks_of(assessment)
    can_run = can(request.user, Permission.ASSIGN, assessment.organisation)
    locked = locked_because(assessment, timezone.now())
    context = {
        "assessment": assessment,
        "asks": asks,
        "earlier": open_asks([assessment.organisation_id], but=assessment),
        "can_run": can_run,
        "can_record": can(request.user, Permission.COVER, assessment.organisation),
        "can_write": can_run and not locked,
        "is_full": len(asks) >= MOST_ASKS,
        "most": MOST_ASKS,
    }
    return render(request, "assessments/asks/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    assessment = _find(request.user, cycle, organisation)
    form = AskForm(sent(request))
    if not form.is_valid():
        return show(request, FORM, form, assessment=assessment)
    try:
        add_ask(assessment=assessment, by=request.user, at=timezone.now(), **form.words)
    except Refusal as refusal:
        return refuse(request, FORM, form, refusal, assessment=assessment)
    messages.success(request, "The ask is added.")
    return redirect("assessments:board_asks", cycle, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, cycle: str, organisation: str, key: str) -> HttpResponse:
    assessment = _find(request.user, cycle, organisation)
    ask = _ask(request.user, assessment, key)
    form = AskForm(sent(request), ask=ask)
    around = {"assessment": assessment, "ask": ask}
    if not form.is_valid():
        return show(request, FORM, form, **around)
    version = form.cleaned_data["version"]
    try:
        change_ask(ask=ask, version=version, by=request.user, at=timezone.now(), **form.words)
    except StaleAsk as stale:
        theirs = AskForm(ask=stale.current)
        return clash(request, FORM, form, stale, theirs=theirs, **around)
    except Refusal as refusal:
        return refuse(request, FORM, form, refusal, **around)
    messages.success(request, "The ask is saved.")
    return redirect("assessments:board_asks", cycle, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, cycle: str, organisation: str, key: str) -> HttpResponse:
    assessment = _find(request.user, cycle, organisation)
    ask = _ask(request.user, assessment, key)
    form = VersionForm(sent(request), initial={"version": ask.version})
    around = {"assessment": assessment, "ask": ask}
    if not form.is_valid():
        return show(request, WITHDRAW, form, **around)
    version = form.cleaned_data["version"]
    try:
        withdraw_ask(ask=ask, version=version, by=request.user, at=timezone.now())
    except StaleAsk as stale:
        form = VersionForm(initial={"version": stale.current.version})
        return refuse(request, WITHDRAW, form, stale, **{**around, "ask": stale.current})
    except Refusal as refusal:
        return refuse(request, WITHDRAW, form, refusal, **around)
    messages.success(request, "The ask is withdrawn.")
    return redirect("assessments:board_asks", cycle, organisation)


@require_POST
def up(request: HttpRequest, cycle: str, organisation: str, key: str) -> HttpResponse:
    """Let an ask change places with the one above."""
    assessment = _find(request.user, cycle, organisation)
    ask = _ask(request.user, assessment, key)
    try:
        move_ask_up(ask=ask, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("assessments:board_asks", cycle, organisation)


@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: HttpRequest, cycle: str, organisation: str, key: str) -> HttpResponse:
    """What the Board decided on an ask, every record of it, and the form for the next."""
    row = _row(request.user, cycle, organisation, key)
    place = row.ask.assessment.organisation
    asks = request.method == "POST"
    authorise(request.user, Permission.COVER if asks else Permission.READ_REPORTS, place)
    form = _outcome_form(request, row)
    around: dict[str, Any] = {"row": row, "can_record": can(request.user, Permission.COVER, place)}
    if not form.is_valid():
        return show(request, OUTCOME, form, **around)
    version = form.cleaned_data["version"]
    try:
        record_outcome(
            ask=row.ask, version=version, by=request.user, at=timezone.now(), **form.answer
        )
    except StaleOutcome as stale:
        theirs = OutcomeForm(today=form.today, outcome=stale.current)
        around["row"] = _row(request.user, cycle, organisation, key)
        return clash(request, OUTCOME, form, stale, theirs=theirs, **around)
    except DecidedTooEarly as early:
        form.add_error("decided_on", str(early))
        return show(request, OUTCOME, form, **around)
    messages.success(request, "What the Board decided is recorded.")
    return redirect("assessments:board_asks", cycle, organisation)


def _outcome_form(request: HttpRequest, row: AskRow) -> OutcomeForm:
    today = london_date(timezone.now())
    board_on = row.ask.assessment.board_on
    met_on = board_on if board_on and board_on <= today else None
    return OutcomeForm(sent(request), today=today, outcome=row.outcome, met_on=met_on)


def _find(user: User, cycle: str, organisation: str) -> Assessment:
    """An assessment that the person runs."""
    assessment = find_full_assessment(user, cycle, organisation)
    authorise(user, Permission.ASSIGN, assessment.organisation)
    return assessment


def _ask(user: User, assessment: Assessment, key: str) -> BoardAsk:
    rows = BoardAsk.objects.visible_to(user).kept().filter(assessment=assessment)
    ask: BoardAsk = get_object_or_404(rows, key=key)
    return ask


def _row(user: User, cycle: str, organisation: str, key: str) -> AskRow:
    """A signed-off ask of the person's own organisation (or 404)."""
    asks = (
        BoardAsk.objects.visible_to(user)
        .tabled()
        .filter(key=key, assessment__cycle__slug=cycle, assessment__organisation__slug=organisation)
    )
    row = ask_row(asks)
    if row is None:
        raise Http404("No such ask")
    return row
