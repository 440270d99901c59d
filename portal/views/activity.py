"""Who did what in an organisation, and when: on a page, and as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.audit import record
from portal.audit.activity import activity, activity_rows, verbs_of
from portal.exports import activity_csv
from portal.forms import ActivityFilter
from portal.models import AuditEventQuerySet, Organisation
from portal.queries import sees_activity
from portal.roles import Permission, authorise
from portal.views.organisations import find_organisation

ROWS = 50


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Newest first, fifty a page."""
    organisation = _find(request, slug)
    form = _form(request, organisation)
    shown = Paginator(_wanted(organisation, form), ROWS).get_page(request.GET.get("page"))
    context = {
        "organisation": organisation,
        "form": form,
        "rows": activity_rows(shown.object_list),
        "found": shown.paginator.count,
        "pagination": _pagination(request, shown),
        "query": _query(request),
        "is_narrowed": bool(_query(request)),
    }
    return TemplateResponse(request, "portal/activity.html", context)


@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that the page's filter finds, as a file; the download is itself recorded."""
    organisation = _find(request, slug)
    rows = activity_rows(_wanted(organisation, _form(request, organisation)).iterator())
    record(
        by=request.user,
        verb="activity.downloaded",
        target=organisation,
        organisation=organisation,
        at=timezone.now(),
        rows=len(rows),
    )
    return HttpResponse(
        activity_csv(rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{slug}-activity.csv"'},
    )


def _find(request: HttpRequest, slug: str) -> Organisation:
    organisation = find_organisation(request, slug)
    authorise(request.user, Permission.READ_ACTIVITY, organisation)
    if not sees_activity(request.user, organisation):
        raise Http404
    return organisation


def _form(request: HttpRequest, organisation: Organisation) -> ActivityFilter:
    return ActivityFilter(request.GET or None, verbs=verbs_of(organisation))


def _wanted(organisation: Organisation, form: ActivityFilter) -> AuditEventQuerySet:
    """Everything while the form is empty or wrong."""
    return activity(organisation, **(form.cleaned_data if form.is_valid() else {}))


def _query(request: HttpRequest) -> str:
    """What the filter asks for, without the page's number."""
    return urlencode([(k, v) for k, v in request.GET.items() if v and k != "page"])


def _pagination(request: HttpRequest, shown: Page[Any]) -> dict[str, Any] | None:
    if shown.paginator.num_pages == 1:
        return None
    before = f"?{_query(request)}&page=" if _query(request) else "?page="
    number = shown.number
    return {
        "previous": {"href": f"{before}{number - 1}"} if shown.has_previous() else None,
        "next": {"href": f"{before}{number + 1}"} if shown.has_next() else None,
    }
