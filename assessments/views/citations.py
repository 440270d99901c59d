"""The evidence of one answer: chosen from the library, added to it and cited at once, or let go."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST

from assessments.calendar import london_date
from assessments.forms.evidence import CiteForm, EvidenceForm
from assessments.models import Answer
from assessments.queries import STATES, EvidenceRow, not_cited
from assessments.services import (
    NotOpen,
    Refusal,
    add_and_cite,
    cite_several,
    uncite,
)
from assessments.uploads import UploadRefused
from assessments.views.finding import find_answer
from assessments.views.own import find_evidence, locked_because, refuse, sent, show
from portal.models import User
from portal.roles import Permission, authorise

CHOOSE = "assessments/evidence/choose.html"
FORM = "assessments/evidence/form.html"


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """What the library holds and the answer does not cite yet, to be ticked."""
    answer, now = _find(request.user, cycle, organisation, code), timezone.now()
    rows = not_cited(answer, london_date(now))
    by_key = {str(row.evidence.key): row for row in rows}
    choices = [(key, row.evidence.title) for key, row in by_key.items()]
    form = CiteForm(sent(request), choices=choices)
    hints = {key: _hint(row) for key, row in by_key.items()}
    around = {"answer": answer, "rows": rows, "hints": hints}
    if not form.is_valid():
        return show(request, CHOOSE, form, locked=locked_because(answer.assessment, now), **around)
    chosen = [by_key[key].evidence for key in form.cleaned_data["keys"]]
    try:
        cite_several(answer=answer, evidence=chosen, by=request.user, at=now)
    except Refusal as refusal:
        return refuse(request, CHOOSE, form, refusal, **around)
    pieces = "1 piece of evidence is" if len(chosen) == 1 else f"{len(chosen)} pieces are"
    messages.success(request, f"{pieces} cited for {answer.item.code}.")
    return redirect(f"{answer.get_absolute_url()}#evidence")


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """New evidence, into the library and cited at once."""
    answer, now = _find(request.user, cycle, organisation, code), timezone.now()
    form = EvidenceForm(
        sent(request), request.FILES, today=london_date(now), button="Save and cite"
    )
    around = {
        "answer": answer,
        "organisation": answer.assessment.organisation,
        "back": answer.get_absolute_url(),
    }
    if not form.is_valid():
        return show(request, FORM, form, locked=locked_because(answer.assessment, now), **around)
    try:
        add_and_cite(answer=answer, by=request.user, at=now, upload=form.upload, **form.facts)
    except NotOpen as refusal:
        return refuse(request, FORM, form, refusal, **around)
    except UploadRefused as refused:
        form.add_error("file", str(refused))
        return show(request, FORM, form, **around)
    messages.success(request, f"The evidence is in your library and cited for {code}.")
    return redirect(f"{answer.get_absolute_url()}#evidence")


@require_POST
def remove(
    request: HttpRequest, cycle: str, organisation: str, code: str, key: str
) -> HttpResponse:
    """Let the answer no longer point at it."""
    answer = _find(request.user, cycle, organisation, code)
    evidence = find_evidence(request.user, organisation, key, kept=False)
    try:
        uncite(answer=answer, evidence=evidence, by=request.user, at=timezone.now())
    except NotOpen as refusal:
        context = {"answer": answer, "refusal": str(refusal), "page_error": True}
        return render(request, "assessments/evidence/locked.html", context, status=409)
    messages.success(request, f"“{evidence.title}” is no longer cited. It stays in your library.")
    return redirect(f"{answer.get_absolute_url()}#evidence")


def _find(user: User, cycle: str, organisation: str, code: str) -> Answer:
    answer = find_answer(user, cycle, organisation, code)
    authorise(user, Permission.ANSWER, answer.assessment.organisation)
    return answer


def _hint(row: EvidenceRow) -> SafeString:
    day = row.evidence.dated_on
    stale = f", {STATES['stale'].lower()}" if row.is_stale else ""
    words = f"Strength {row.strength}, dated {day.day} {day:%B %Y}{stale}"
    return format_html("{}. <bdi>{}</bdi>", words, row.where)
