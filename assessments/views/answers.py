"""The page of one item: shows it, saves it, and never loses what somebody typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.answers import LATER, AnswerForm, NotAssessedForm, VersionForm, WorkingForm
from assessments.models import Answer
from assessments.services import (
    NotOpen,
    Refusal,
    StaleAnswer,
    confirm_no_personal_data,
    keep_working_text,
    mark_opened,
    reconfirm_answer,
    record_not_assessed,
    save_answer,
)
from assessments.views.answer_page import AnswerPage
from assessments.views.answer_words import AnswerWords
from assessments.views.author import author_of
from assessments.views.finding import find_answer
from portal.models import User
from portal.roles import Permission, authorise

KEEP_THEIRS = "keep-theirs"
SIGNED_OUT_KEPT = "You were signed out, and what you typed is kept. Sign in to go on."
SIGNED_OUT = "You were signed out before this was saved. Sign in, then check your answer."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """One item. A form sent after the session ended goes into its author's working text only."""
    if not request.user.is_authenticated:
        return _signed_out(request, cycle, organisation, code)
    found = find_answer(request.user, cycle, organisation, code)
    verb = Permission.ANSWER if request.method == "POST" else Permission.READ_DRAFT
    authorise(request.user, verb, found.assessment.organisation)
    page = AnswerPage(found, request.user, timezone.now())
    if request.method == "POST":
        return _take(request, page)
    if request.method == "GET" and page.is_mine and not page.assignment.opened_at:
        mark_opened(assignment=page.assignment, at=page.at)
    return _show(request, page, page.form(), unsaved=page.left_behind)


# Public only so that words can be kept: the second factor is still asked of whoever is signed in.
answer.asks_second_factor = True  # type: ignore[attr-defined]


def _show(
    request: HttpRequest, page: AnswerPage, form: AnswerForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "page": page,
        "words": AnswerWords(page),
        "answer": page.answer,
        "form": form,
        "check_url": _check_url(page),
        **more,
    }
    return render(request, "assessments/answer.html", context, status=status)


def _take(request: HttpRequest, page: AnswerPage) -> HttpResponse:
    if request.POST.get("action") == KEEP_THEIRS:
        return _keep_theirs(request, page)
    form = page.form(request.POST)
    if not form.is_valid():
        return _show(request, page, form, status=422)
    words = {name: form.cleaned_data[name] for name in ("level", "narrative", "version")}
    try:
        saved = save_answer(
            answer=page.answer,
            coverage=form.coverage_given,
            by=request.user,
            at=page.at,
            **words,
        )
    except StaleAnswer as stale:
        return _clash(request, page, stale.current)
    except NotOpen as refusal:
        return _locked(request, page, str(refusal))
    messages.success(request, f"{saved.item.code} {saved.item.short_name} is saved.")
    return redirect(_next_page(request, page))


def _next_page(request: HttpRequest, page: AnswerPage) -> str:
    """Back to where a Change link came from, on to the next item, or out to the task list."""
    assessment = page.answer.assessment
    following = page.neighbours[1]
    if request.GET.get("from") == "check":
        return _check_url(page)
    if request.POST.get("action") == LATER or not following:
        return assessment.get_absolute_url()
    return f"{assessment.get_absolute_url()}{following}/"


def _check_url(page: AnswerPage) -> str:
    assessment = page.answer.assessment
    return reverse("assessments:check", args=[assessment.cycle.slug, assessment.organisation.slug])


def _clash(request: HttpRequest, page: AnswerPage, current: Answer) -> HttpResponse:
    """Theirs whole in its own block, mine in the box, on the version as it is now."""
    sent = request.POST.copy()
    sent["version"] = str(current.version)
    latest = (
        current.revisions.select_related("by").order_by("-version", "-pk").exclude(kind="refused")
    )
    return _show(
        request,
        page,
        page.form(sent),
        status=409,
        refusal="Somebody else saved this answer after you opened it. Nothing is lost.",
        theirs=current,
        their_level=page.level_name(current.level),
        their_revision=latest.first(),
        page_error=True,
    )


def _keep_theirs(request: HttpRequest, page: AnswerPage) -> HttpResponse:
    """The person's own draft becomes what is saved; the refused words stay in the history."""
    answer = page.answer
    _keep(
        answer,
        request.user,
        {
            "level": answer.level,
            "coverage": answer.coverage,
            "narrative": answer.narrative,
            "version": answer.version,
        },
        page.at,
    )
    messages.success(request, "The saved answer stays as it is. Yours is kept in the history.")
    return redirect(answer)


def _locked(request: HttpRequest, page: AnswerPage, refusal: str) -> HttpResponse:
    """Nothing was saved: say so, and show the words so that they can be copied."""
    return _show(
        request,
        page,
        page.form(request.POST),
        status=409,
        refusal=refusal,
        unsaved=request.POST.get("narrative", ""),
        page_error=True,
    )


def _signed_out(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """Keep the words of whoever had the form, for that person only, and ask for a sign-in."""
    if request.method == "POST":
        kept = _keep_for_author(request, cycle, organisation, code)
        messages.warning(request, SIGNED_OUT_KEPT if kept else SIGNED_OUT)
    return redirect_to_login(request.get_full_path())


def _keep_for_author(request: HttpRequest, cycle: str, organisation: str, code: str) -> bool:
    """Whether the words were kept: only for a person who may still open this very answer."""
    user_pk, answer_pk = author_of(request.POST.get("author", ""))
    author = User.objects.filter(pk=user_pk, is_active=True).first()
    if author is None:
        return False
    try:
        found = find_answer(author, cycle, organisation, code)
    except Http404:
        return False
    return found.pk == answer_pk and _keep(found, author, request.POST, timezone.now())


def _keep(answer: Answer, author: User, sent: Any, at: dt.datetime) -> bool:
    """As a working text newer than any the person's page has sent."""
    mine = answer.working_texts.filter(user=author).first()
    now = int(at.timestamp() * 1000)
    sequence = max(now, mine.sequence + 1) if mine else now
    form = WorkingForm({**_plain(sent), "sequence": sequence})
    if not form.is_valid():
        return False
    try:
        keep_working_text(answer=answer, user=author, at=at, **form.cleaned_data)
    except NotOpen:
        return False
    return True


def _plain(sent: Any) -> dict[str, Any]:
    return {name: sent.get(name) for name in ("level", "coverage", "narrative", "version")}


@require_http_methods(["GET", "HEAD", "POST"])
def not_assessed(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """Say why an item is not assessed in this cycle."""
    found = find_answer(request.user, cycle, organisation, code)
    authorise(request.user, Permission.ANSWER, found.assessment.organisation)
    initial = {"reason": found.not_assessed_reason, "version": found.version}
    form = NotAssessedForm(request.POST if request.method == "POST" else None, initial=initial)
    context: dict[str, Any] = {"answer": found, "form": form}
    if not form.is_bound:
        return render(request, "assessments/not_assessed.html", context)
    if not form.is_valid():
        return render(request, "assessments/not_assessed.html", context, status=422)
    try:
        record_not_assessed(answer=found, by=request.user, at=timezone.now(), **form.cleaned_data)
    except Refusal as refusal:
        context["refusal"] = f"{refusal} Open the answer again before you go on."
        return render(request, "assessments/not_assessed.html", context, status=409)
    messages.success(request, f"{code} is recorded as not assessed, with your reason.")
    return redirect(found.assessment)


@require_POST
def reconfirm(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """Words carried forward still hold, as the person has read them."""
    found = find_answer(request.user, cycle, organisation, code)
    authorise(request.user, Permission.ANSWER, found.assessment.organisation)
    try:
        reconfirm_answer(
            answer=found, version=_version(request), by=request.user, at=timezone.now()
        )
    except StaleAnswer:
        messages.warning(request, "Somebody has changed this answer. Read it again first.")
        return redirect(found)
    except NotOpen as refusal:
        messages.warning(request, str(refusal))
        return redirect(found)
    messages.success(request, f"{code} is reconfirmed.")
    page = AnswerPage(found, request.user, timezone.now())
    return redirect(_next_page(request, page))


@require_POST
def no_personal_data(
    request: HttpRequest, cycle: str, organisation: str, code: str
) -> HttpResponse:
    """The lead has looked: what looks like personal data is none."""
    found = find_answer(request.user, cycle, organisation, code)
    authorise(request.user, Permission.ASSIGN, found.assessment.organisation)
    found.version = _version(request)
    try:
        confirm_no_personal_data(answer=found, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"Recorded: there is no personal data in {code}.")
    return redirect(found)


def _version(request: HttpRequest) -> int:
    """The version the person was looking at; -1, which no answer has, where the form is no form."""
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else -1
