"""The measured change behind an answer at level 4."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.calendar import london_date
from assessments.forms.answers import VersionForm
from assessments.forms.changes import ChangeForm
from assessments.models import Answer
from assessments.queries import change_of, changes_to_show
from assessments.services import NotOpen, Refusal, StaleChange, record_change, remove_change
from assessments.views.finding import find_answer
from assessments.views.own import clash, locked_because, refuse, sent, show
from portal.models import User
from portal.roles import Permission, authorise

FORM = "assessments/changes/form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """Before and after of one measure, and the short-term change it shows."""
    answer, now = _find(request.user, cycle, organisation, code), timezone.now()
    current, changes = change_of(answer), changes_to_show(answer.item)
    known = {"changes": changes, "today": london_date(now)}
    form = ChangeForm(sent(request), change=current, **known)
    around = {"answer": answer, "change": current}
    if not form.is_valid():
        locked = locked_because(answer.assessment, now)
        return show(request, FORM, form, locked=locked, **around)
    version = form.cleaned_data["version"]
    try:
        record_change(answer=answer, version=version, by=request.user, at=now, **form.figures)
    except StaleChange as stale:
        theirs = ChangeForm(change=stale.current, **known)
        return clash(request, FORM, form, stale, theirs=theirs, **around)
    except NotOpen as refusal:
        return refuse(request, FORM, form, refusal, **around)
    messages.success(request, f"The measured change for {code} is saved.")
    return redirect(f"{answer.get_absolute_url()}#change")


@require_POST
def remove(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """Take it away; a refusal is told on the item's page."""
    answer = _find(request.user, cycle, organisation, code)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else -1
    try:
        remove_change(answer=answer, version=version, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"The measured change for {code} is removed.")
    return redirect(f"{answer.get_absolute_url()}#change")


def _find(user: User, cycle: str, organisation: str, code: str) -> Answer:
    answer = find_answer(user, cycle, organisation, code)
    authorise(user, Permission.ANSWER, answer.assessment.organisation)
    return answer
