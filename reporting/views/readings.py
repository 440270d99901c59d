"""A Board member's word that a paper is read, and telling the Board that it is there."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.services import Refusal
from portal.models import User
from portal.roles import Permission, authorise
from reporting.models import Report
from reporting.queries.readings import readers_of
from reporting.queries.reports import readable
from reporting.services import say_read, tell_board


@require_POST
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """Nobody is made to say it; saying it twice changes nothing."""
    report = _find(request.user, reference, Permission.SAY_READ)
    say_read(report=report, by=request.user, at=timezone.now())
    messages.success(request, "Thank you. You have said that you have read this paper.")
    return redirect(report)


@require_http_methods(["GET", "HEAD", "POST"])
def readers(request: HttpRequest, reference: str) -> HttpResponse:
    """Who of the Board has read the paper; POST writes to those not told of this version."""
    report = _find(request.user, reference, Permission.COVER)
    if request.method != "POST":
        context = {"report": report, "readers": readers_of(report)}
        return TemplateResponse(request, "reporting/readers.html", context)
    try:
        told = tell_board(report=report, by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _told(told))
    return redirect("reporting:readers", reference)


def _told(number: int) -> str:
    if not number:
        return "Every Board member has been told of this version already."
    members = "1 Board member is" if number == 1 else f"{number} Board members are"
    return f"{members} being told by e-mail, with a link to the paper."


def _find(user: User, reference: str, permission: Permission) -> Report:
    """A Board's paper that the person may read, of an organisation where they may do this."""
    papers = readable(user).filter(snapshot__isnull=False)
    report = get_object_or_404(papers, reference=reference)
    authorise(user, permission, report.snapshot.assessment.organisation)
    return report
