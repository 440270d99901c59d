"""The comparison of systems, for the Health Equity Group: a table, a list, one item, a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Assessment, Cycle
from portal.audit import record
from portal.roles import Permission, authorise
from reporting.exports import comparison_csv
from reporting.queries.comparison import compare, cycles_to_compare
from reporting.queries.systems import page_of_systems


@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """To the comparison of the latest full cycle."""
    authorise(request.user, Permission.COMPARE)
    cycles = cycles_to_compare()
    if not cycles:
        return TemplateResponse(request, "reporting/comparison/none.html", {})
    return redirect("reporting:comparison", cycles[0].slug)


@require_safe
def table(request: HttpRequest, cycle: str) -> HttpResponse:
    """All items by all systems, or one section of them."""
    authorise(request.user, Permission.COMPARE)
    found, cycles = _find(cycle)
    section = request.GET.get("section", "")
    shown = page_of_systems(found, request.GET.get("page"))
    comparison = compare(found, among=cycles, section=section, shown=shown)
    if section and section not in dict(comparison.choices):
        raise Http404
    context = {
        "comparison": comparison,
        "cycles": cycles,
        "section": section,
        "page": shown,
        "pagination": _pagination(shown, section),
    }
    return TemplateResponse(request, "reporting/comparison/table.html", context)


@require_safe
def item(request: HttpRequest, cycle: str, code: str) -> HttpResponse:
    """One item at a time: the same cells as a list, and who has moved on."""
    authorise(request.user, Permission.COMPARE)
    found, cycles = _find(cycle)
    shown = page_of_systems(found, request.GET.get("page"))
    comparison = compare(found, among=cycles, shown=shown, moves=True)
    codes = [row.item.code for row in comparison.rows]
    if code not in codes:
        raise Http404
    place = codes.index(code)
    context = {
        "comparison": comparison,
        "row": comparison.rows[place],
        "before": comparison.rows[place - 1] if place else None,
        "after": comparison.rows[place + 1] if place + 1 < len(codes) else None,
        "page": shown,
        "pagination": _pagination(shown),
    }
    return TemplateResponse(request, "reporting/comparison/item.html", context)


@require_safe
def as_csv(request: HttpRequest, cycle: str) -> HttpResponse:
    """The rows of the page as a file; the download is logged."""
    authorise(request.user, Permission.COMPARE)
    found, cycles = _find(cycle)
    comparison = compare(found, among=cycles)
    record(
        by=request.user,
        verb="comparison.downloaded",
        target=found,
        organisation=None,
        at=timezone.now(),
    )
    name = f"{found.slug}-comparison.csv"
    return HttpResponse(
        comparison_csv(comparison),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _pagination(page: Page[Assessment], section: str = "") -> dict[str, Any] | None:
    """Links to the systems before and after; none where all stand here."""
    kept = {"section": section} if section else {}

    def to(number: int) -> dict[str, str]:
        label = f"Systems, page {number} of {page.paginator.num_pages}"
        return {"href": f"?{urlencode({**kept, 'page': number})}", "labelText": label}

    if not page.has_other_pages():
        return None
    return {
        "previous": to(page.previous_page_number()) if page.has_previous() else None,
        "next": to(page.next_page_number()) if page.has_next() else None,
        "landmarkLabel": "Systems",
    }


def _find(slug: str) -> tuple[Cycle, list[Cycle]]:
    """The full cycle of this name, and all of them, the latest first."""
    cycles = cycles_to_compare()
    for cycle in cycles:
        if cycle.slug == slug:
            return cycle, cycles
    raise Http404
