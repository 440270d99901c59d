"""The sponsor signs off or returns; afterwards release, sharing, reopening."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods

from assessments.calendar import london_date
from assessments.forms.assignments import WordsForm
from assessments.forms.sign_off import QuestionsForm, SharingForm, SignOffForm
from assessments.models import Assessment, Release, Snapshot
from assessments.queries import Line, load_sheet, opening_of
from assessments.services import (
    Incomplete,
    NotSignedOff,
    Refusal,
    ask_to_reopen,
    complete_mid_year,
    release,
    return_with_questions,
    set_sharing,
)
from assessments.services import sign_off as sign
from assessments.views.exceptions import sponsor_page
from assessments.views.finding import find_assessment, find_full_assessment
from commitments.queries import levels
from portal.nhsuk import NHSForm
from portal.roles import Permission, authorise, can

State = Assessment.State


@require_http_methods(["GET", "HEAD", "POST"])
def sign_off(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The exceptions on one page; the sponsor's word; then what happens next."""
    assessment = find_full_assessment(request.user, cycle, organisation)
    asks = request.method == "POST"
    verb = Permission.SIGN_OFF if asks else Permission.ASSIGN
    authorise(request.user, verb, assessment.organisation)
    form = SignOffForm(request.POST if asks else None)
    if not asks:
        return _show(request, assessment, form)
    if not form.is_valid():
        return _show(request, assessment, form, status=422)
    try:
        snapshot = sign(assessment=assessment, by=request.user, at=timezone.now())
    except Incomplete as incomplete:
        return _show(request, assessment, form, status=409, gaps=incomplete.gaps)
    except Refusal as refusal:
        return _show(request, assessment, form, status=409, refusal=str(refusal))
    if snapshot is None:
        messages.success(request, "You have signed. A second sponsor has been asked to as well.")
    return redirect("assessments:sign_off", cycle, organisation)


def _show(
    request: HttpRequest,
    assessment: Assessment,
    form: SignOffForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {"assessment": assessment, "form": form, "page_error": status != 200, **more}
    state = assessment.state
    can_sign = can(request.user, Permission.SIGN_OFF, assessment.organisation)
    if state == State.SIGNED_OFF:
        context |= _after(assessment, can_sign=can_sign)
        return render(request, "assessments/signed_off.html", context, status=status)
    context |= {
        "page": sponsor_page(assessment, request.user, london_date(timezone.now())),
        "opening": opening_of(assessment),
        "is_sent": state != State.DRAFT,
        "is_signed": state == State.COUNTERSIGN,
        "may_sign": _may_sign(request, assessment),
        "can_sign": can_sign,
        "can_take_back": can(request.user, Permission.SEND, assessment.organisation),
        "sent_by_me": assessment.sent_by_id == request.user.pk,
        "signed_by_me": assessment.signed_by_id == request.user.pk,
    }
    return render(request, "assessments/sign_off.html", context, status=status)


def _may_sign(request: HttpRequest, assessment: Assessment) -> bool:
    """A sponsor, of something sent by somebody else and not yet signed by them."""
    if assessment.state not in (State.AWAITING, State.COUNTERSIGN):
        return False
    involved = (assessment.sent_by_id, assessment.signed_by_id)
    is_sponsor = can(request.user, Permission.SIGN_OFF, assessment.organisation)
    return is_sponsor and request.user.pk not in involved


def _after(assessment: Assessment, *, can_sign: bool) -> dict[str, Any]:
    """The latest snapshot of what is signed off, and whether it is released."""
    rows = assessment.snapshots.select_related("release", "signed_by", "countersigned_by")
    snapshot = rows.defer("document").order_by("-version").first()
    return {
        "can_sign": can_sign,
        "snapshot": snapshot,
        "release": getattr(snapshot, "release", None),
        "panel": format_html(
            "Your reference<br><strong>{}</strong>", reference(assessment, snapshot)
        ),
    }


def reference(assessment: Assessment, snapshot: Snapshot) -> str:
    """How people name what was signed off, for example 2026 NEL version 1."""
    names = (assessment.cycle.slug, assessment.organisation.short_name, f"v{snapshot.version}")
    return " ".join(names)


@require_http_methods(["GET", "HEAD", "POST"])
def questions(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Return the assessment with questions on answers."""
    assessment = find_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.SIGN_OFF, assessment.organisation)
    lines = load_sheet(assessment)
    items = [(line.answer.item.code, line.answer.item.short_name) for line in lines]
    form = QuestionsForm(request.POST if request.method == "POST" else None, items=items)
    context = {
        "assessment": assessment,
        "form": form,
        "rows": _question_rows(assessment, lines, form, request.GET.get("about", "")),
    }
    if not form.is_bound:
        return render(request, "assessments/questions.html", context)
    if not form.is_valid():
        return render(request, "assessments/questions.html", context, status=422)
    try:
        return_with_questions(
            assessment=assessment, questions=form.questions, by=request.user, at=timezone.now()
        )
    except Refusal as refusal:
        context["refusal"] = str(refusal)
        return render(request, "assessments/questions.html", context, status=409)
    messages.success(request, "The assessment is back with its lead, with your questions.")
    return redirect(assessment)


def _question_rows(
    assessment: Assessment, lines: Sequence[Line], form: QuestionsForm, about: str
) -> list[dict[str, Any]]:
    """Each answer with its box; open where the sponsor came from, or where something is wrong."""
    names = {level.number: level.name for level in levels(assessment.cycle.framework)}
    rows = []
    for line in lines:
        item, field = line.answer.item, form[line.answer.item.code]
        level = line.answer.level
        rows.append(
            {
                "section": item.section.title,
                "code": item.code,
                "name": item.short_name,
                "level": "Not assessed" if level is None else names[level],
                "narrative": line.answer.narrative or line.answer.not_assessed_reason,
                "field": field,
                "is_open": item.code == about or bool(field.errors) or bool(field.value()),
            }
        )
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def release_now(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The sponsor releases before the Board date or the cycle's last release date."""
    assessment = find_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.RELEASE, assessment.organisation)

    def do(_form: NHSForm, **who: Any) -> None:
        snapshot = Snapshot.objects.latest_of(assessment)
        if snapshot is None:
            raise NotSignedOff
        release(snapshot=snapshot, cause=Release.Cause.SPONSOR, **who)

    page = {"name": "release", "done": "Released to the Health Equity Group."}
    return _after_sign_off(request, assessment, NHSForm(_data(request)), do, page)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_reopening(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The sponsor asks the Health Equity Group to give a signed-off assessment back."""
    assessment = find_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.RELEASE, assessment.organisation)
    form = WordsForm(
        _data(request),
        label="Why should it be reopened?",
        hint="The Health Equity Group decides. What was released stays until it is replaced.",
        empty="Enter why it should be reopened",
        limit=500,
        too_long="The reason must be {limit} characters or fewer",
    )

    def do(form: NHSForm, **who: Any) -> None:
        ask_to_reopen(assessment=assessment, reason=form.cleaned_data["text"], **who)

    page = {"name": "reopen", "done": "The Health Equity Group has been asked to reopen it."}
    return _after_sign_off(request, assessment, form, do, page)


@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Whether released answers are shown to systems that share theirs."""
    assessment = find_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.RELEASE, assessment.organisation)
    shared = assessment.organisation.shares_with_peers_since is not None
    form = SharingForm(_data(request), initial={"shares": "yes" if shared else "no"})

    def do(form: SharingForm, **who: Any) -> None:
        set_sharing(organisation=assessment.organisation, shares=form.agreed, **who)

    page = {"name": "sharing", "done": "Your choice is recorded."}
    return _after_sign_off(request, assessment, form, do, page)


@require_http_methods(["GET", "HEAD", "POST"])
def complete(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Say that plan measures and improvement steps are up to date at mid-year."""
    assessment = find_assessment(request.user, cycle, organisation)
    authorise(request.user, Permission.PLAN, assessment.organisation)

    def do(_form: NHSForm, **who: Any) -> None:
        complete_mid_year(assessment=assessment, **who)

    page = {"name": "complete", "done": "The mid-year update is complete."}
    return _after_sign_off(request, assessment, NHSForm(_data(request)), do, page)


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _after_sign_off(
    request: HttpRequest,
    assessment: Assessment,
    form: NHSForm,
    do: Callable[..., None],
    page: dict[str, str],
) -> HttpResponse:
    """One small form and its service; a refusal is shown on the same page."""
    template = f"assessments/after/{page['name']}.html"
    context: dict[str, Any] = {"assessment": assessment, "form": form}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        do(form, by=request.user, at=timezone.now())
    except Refusal as refusal:
        return render(request, template, {**context, "refusal": str(refusal)}, status=409)
    messages.success(request, page["done"])
    name = "assessments:sign_off" if assessment.cycle.is_full else "assessments:detail"
    return redirect(name, assessment.cycle.slug, assessment.organisation.slug)
