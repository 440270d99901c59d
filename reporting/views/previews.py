"""The preview of a draft's papers: asked for, waited for, and read by whoever asked alone."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.models import Assessment
from assessments.services import Refusal
from portal.audit import record
from portal.models import Job
from portal.roles import Permission, authorise
from reporting.models import Preview
from reporting.queries.reports import own_assessments
from reporting.services import ask_for_preview
from reporting.services.previews import is_busy, job_of


@dataclass(frozen=True)
class Standing:
    """How a preview stands, as its page shows it."""

    preview: Preview | None
    is_busy: bool = False
    job: Job | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """How the person's preview stands; POST asks for a new one."""
    assessment, refused = _draft(request, cycle, organisation), ""
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        try:
            ask_for_preview(assessment=assessment, kind=kind, by=request.user, at=timezone.now())
        except Refusal as refusal:
            refused = str(refusal)
        else:
            return redirect("reporting:preview", cycle, organisation)
    context = {
        "assessment": assessment,
        "kinds": Preview.Kind.choices,
        "refused": refused,
        "standing": _standing(request, assessment),
    }
    return TemplateResponse(request, "reporting/preview.html", context)


@require_safe
def download(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """The watermarked PDF, to whoever asked for it and only while it is held."""
    assessment = _draft(request, cycle, organisation)
    at = timezone.now()
    mine = Preview.objects.visible_to(request.user).held(at=at).filter(made_at__isnull=False)
    found = get_object_or_404(mine, assessment=assessment)
    record(
        by=request.user,
        verb="preview-downloaded",
        target=assessment,
        organisation=assessment.organisation,
        at=at,
        kind=found.kind,
    )
    name = f"draft-{cycle}-{organisation}-{found.kind}.pdf"
    return HttpResponse(
        bytes(found.pdf),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _draft(request: HttpRequest, cycle: str, organisation: str) -> Assessment:
    """An assessment of the person's own (or 404) whose papers they may preview (or 403)."""
    own = own_assessments(request.user).filter(cycle__kind="full")
    assessment = get_object_or_404(own, cycle__slug=cycle, organisation__slug=organisation)
    authorise(request.user, Permission.PREVIEW, assessment.organisation)
    return assessment


def _standing(request: HttpRequest, assessment: Assessment) -> Standing:
    mine = Preview.objects.visible_to(request.user).held(at=timezone.now()).defer("pdf")
    found = mine.filter(assessment=assessment).first()
    if found is None:
        return Standing(None)
    return Standing(found, is_busy(found), job_of(found))
