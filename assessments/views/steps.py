"""Improvement steps: from an item's page, and from the plan at mid-year."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.forms.answers import VersionForm
from assessments.forms.steps import StepForm
from assessments.models import Answer, ImprovementStep
from assessments.services import StaleStep, add_step, change_step, withdraw_step
from assessments.views.finding import find_answer
from assessments.views.own import clash, find_organisation, find_step, refuse, sent, show
from portal.models import User
from portal.roles import Permission, authorise

FORM = "assessments/steps/form.html"
WITHDRAW = "assessments/steps/withdraw.html"


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    answer = _find(request.user, cycle, organisation, code)
    form = StepForm(sent(request))
    if not form.is_valid():
        return show(request, FORM, form, item=answer.item, back=answer.get_absolute_url())
    add_step(
        organisation=answer.assessment.organisation,
        item=answer.item,
        by=request.user,
        at=timezone.now(),
        **form.words,
    )
    messages.success(request, f"The improvement step for {code} is added.")
    return redirect(f"{answer.get_absolute_url()}#steps")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, cycle: str, organisation: str, code: str, key: str) -> HttpResponse:
    answer = _find(request.user, cycle, organisation, code)
    step = _step_of(request.user, answer, key)
    back = answer.get_absolute_url()
    away = f"{request.path}withdraw/"
    return _edit(request, step, back=back, goes_to=f"{back}#steps", withdraw=away)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_in_plan(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    """The same from the plan, where no answer stands between: the mid-year update."""
    own = find_organisation(request.user, organisation)
    step = find_step(request.user, own, key)
    authorise(request.user, Permission.PLAN, own)
    back = reverse("assessments:plan", args=[own.slug])
    return _edit(request, step, back=back, goes_to=f"{back}#steps", withdraw="")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(
    request: HttpRequest, cycle: str, organisation: str, code: str, key: str
) -> HttpResponse:
    answer = _find(request.user, cycle, organisation, code)
    step = _step_of(request.user, answer, key)
    back = answer.get_absolute_url()
    form = VersionForm(sent(request), initial={"version": step.version})
    if not form.is_valid():
        return show(request, WITHDRAW, form, step=step, back=back)
    version = form.cleaned_data["version"]
    try:
        withdraw_step(step=step, version=version, by=request.user, at=timezone.now())
    except StaleStep as stale:
        form = VersionForm(initial={"version": stale.current.version})
        return refuse(request, WITHDRAW, form, stale, step=stale.current, back=back)
    messages.success(request, "The improvement step is withdrawn.")
    return redirect(f"{back}#steps")


def _find(user: User, cycle: str, organisation: str, code: str) -> Answer:
    answer = find_answer(user, cycle, organisation, code)
    authorise(user, Permission.ANSWER, answer.assessment.organisation)
    return answer


def _step_of(user: User, answer: Answer, key: str) -> ImprovementStep:
    return find_step(user, answer.assessment.organisation, key, item=answer.item)


def _edit(
    request: HttpRequest, step: ImprovementStep, *, back: str, goes_to: str, withdraw: str
) -> HttpResponse:
    form = StepForm(sent(request), step=step)
    around = {"item": step.item, "step": step, "back": back, "withdraw": withdraw}
    if not form.is_valid():
        return show(request, FORM, form, **around)
    version = form.cleaned_data["version"]
    try:
        change_step(step=step, version=version, by=request.user, at=timezone.now(), **form.words)
    except StaleStep as stale:
        theirs = StepForm(step=stale.current)
        return clash(request, FORM, form, stale, theirs=theirs, **around)
    messages.success(request, "The improvement step is saved.")
    return redirect(goes_to)
