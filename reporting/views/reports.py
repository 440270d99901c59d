"""The papers' pages: the list, a paper to read and to download, its making, its cover sheet."""

from __future__ import annotations

from typing import Any, Literal

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Assessment
from portal import jobs
from portal.audit import record
from portal.roles import Permission, authorise, can
from reporting.forms import CoverForm
from reporting.models import Cover, Report
from reporting.queries.packs import packs_for
from reporting.queries.readings import has_read
from reporting.queries.reports import (
    newer_than,
    own_assessments,
    paper_with,
    papers_for,
    papers_of,
    withholding_of,
)
from reporting.services import StaleCover, save_cover

COVER_FIELDS = tuple(name for name in CoverForm.base_fields if name not in ("board_on", "version"))


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every paper this person may read, by cycle."""
    context = {"groups": papers_for(request.user), "packs": packs_for(request.user)}
    return TemplateResponse(request, "reporting/index.html", context)


@require_safe
def report(request: HttpRequest, reference: str) -> HttpResponse:
    """A paper to read on the screen: the twin of the PDF, frozen with it."""
    found = _read(request, "html", reference, "report-read")
    place = found.organisation
    may_say_read = can(request.user, Permission.SAY_READ, place)
    context = {
        "report": found,
        "body": found.bytes.html,
        "withheld": None if found.bytes.html else withholding_of(found),
        "newest": newer_than(found, request.user),
        "may_say_read": may_say_read,
        "is_read": may_say_read and has_read(found, request.user),
        "may_tell": can(request.user, Permission.COVER, place),
    }
    return TemplateResponse(request, "reporting/report.html", context)


@require_safe
def download(request: HttpRequest, reference: str) -> HttpResponse:
    """The PDF, byte for byte as it was stored; of a withheld one, the page that says why."""
    found = _read(request, "pdf", reference, "report-downloaded")
    if not found.bytes.pdf:
        return redirect(found)
    return HttpResponse(
        bytes(found.bytes.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{found.reference}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def making(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """How the making of an assessment's papers stands; POST tries a failed one again."""
    assessment = _own(request, cycle, organisation)
    papers = papers_of(assessment, request.user)
    if request.method == "POST":
        authorise(request.user, Permission.COVER, assessment.organisation)
        for paper in papers.papers:
            if paper.kind == request.POST.get("kind") and paper.job:
                jobs.retry(paper.job, at=timezone.now())
        return redirect(papers.making_url)
    return TemplateResponse(request, "reporting/making.html", {"papers": papers})


@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The cover sheet: lead, sponsor and secretary fill it in; papers follow it."""
    assessment = _own(request, cycle, organisation)
    authorise(request.user, Permission.COVER, assessment.organisation)
    current = Cover.objects.filter(assessment=assessment).first() or Cover(assessment=assessment)
    form, theirs = _cover_form(request, assessment, current), None
    if request.method == "POST" and form.is_valid():
        try:
            save_cover(
                assessment=assessment, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except StaleCover as refusal:
            form, theirs = _rebound(request, refusal)
        else:
            messages.success(request, "Cover sheet saved")
            return redirect("reporting:index")
    context = {"assessment": assessment, "form": form, "theirs": theirs}
    return TemplateResponse(request, "reporting/cover.html", context)


def _read(request: HttpRequest, part: Literal["html", "pdf"], reference: str, verb: str) -> Report:
    """A paper the person may read (or 404); that it was read is written down."""
    found = paper_with(part, reference, request.user)
    if found is None:
        raise Http404
    record(
        by=request.user,
        verb=verb,
        target=found,
        organisation=found.organisation,
        at=timezone.now(),
        reference=reference,
    )
    return found


def _own(request: HttpRequest, cycle: str, organisation: str) -> Assessment:
    """An assessment of the person's own organisation (or 404)."""
    own = own_assessments(request.user)
    return get_object_or_404(own, cycle__slug=cycle, organisation__slug=organisation)


def _cover_form(request: HttpRequest, assessment: Assessment, current: Cover) -> CoverForm:
    words: dict[str, Any] = {name: getattr(current, name) for name in COVER_FIELDS}
    words |= {"board_on": assessment.board_on, "version": current.version}
    return CoverForm(request.POST if request.method == "POST" else None, initial=words)


def _rebound(request: HttpRequest, refusal: StaleCover) -> tuple[CoverForm, list[tuple[str, str]]]:
    """What was typed, bound to the version that stands now, and what stands now beside it."""
    data = request.POST.copy()
    data["version"] = str(refusal.current.version)
    form = CoverForm(data)
    form.add_error(None, f"{refusal} Save again to keep what you typed.")
    theirs = [
        (str(form.fields[name].label), str(getattr(refusal.current, name))) for name in COVER_FIELDS
    ]
    return form, theirs
