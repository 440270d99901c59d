"""The organisation's plan: read by those who work on the assessment, kept by lead and sponsor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.calendar import london_date
from assessments.forms.answers import VersionForm
from assessments.forms.plans import MeasureForm, PlanForm, PrioritiesForm
from assessments.models import Measure, Plan
from assessments.queries import items_by_section, plan_of, plan_page, priorities_of
from assessments.services import (
    FEWEST_MEASURES,
    MOST_MEASURES,
    MeasureExists,
    StaleMeasure,
    StalePlan,
    TooManyMeasures,
    add_measure,
    change_measure,
    remove_measure,
    save_plan,
    set_priorities,
)
from assessments.views.own import clash, find_organisation, find_plan, refuse, sent, show
from portal.models import User
from portal.roles import Permission, authorise, can

FORM = "assessments/plans/form.html"
PRIORITIES = "assessments/plans/priorities.html"
MEASURE = "assessments/plans/measure.html"
REMOVE = "assessments/plans/remove_measure.html"


@require_safe
def plan(request: HttpRequest, organisation: str) -> HttpResponse:
    """What the plan says, puts first and measures, and the improvement steps."""
    own = find_organisation(request.user, organisation)
    authorise(request.user, Permission.READ_DRAFT, own)
    page = plan_page(own, london_date(timezone.now()))
    context = {
        "organisation": own,
        "page": page,
        "plan": page.plan,
        "can_edit": can(request.user, Permission.PLAN, own),
        "fewest": FEWEST_MEASURES,
        "most": MOST_MEASURES,
        "is_full": len(page.measures) >= MOST_MEASURES,
        "has_few": len(page.measures) < FEWEST_MEASURES,
    }
    return render(request, "assessments/plans/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, organisation: str) -> HttpResponse:
    own, now = find_organisation(request.user, organisation), timezone.now()
    authorise(request.user, Permission.PLAN, own)
    today = london_date(now)
    form = PlanForm(sent(request), plan=plan_of(own), today=today)
    if not form.is_valid():
        return show(request, FORM, form, organisation=own)
    version = form.cleaned_data["version"]
    try:
        save_plan(organisation=own, version=version, by=request.user, at=now, **form.words)
    except StalePlan as stale:
        theirs = PlanForm(plan=stale.current, today=today)
        return clash(request, FORM, form, stale, theirs=theirs, organisation=own)
    messages.success(request, "The plan is saved.")
    return redirect("assessments:plan", own.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def priorities(request: HttpRequest, organisation: str) -> HttpResponse:
    """Which actions and considerations come first, and why."""
    own = _find(request.user, organisation)
    groups = items_by_section()
    form = PrioritiesForm(sent(request), groups=groups, plan=own, chosen=_chosen(own))
    around = {"organisation": own.organisation}
    if not form.is_valid():
        return show(request, PRIORITIES, form, **around)
    try:
        set_priorities(
            plan=own,
            priorities=form.priorities,
            version=form.cleaned_data["version"],
            by=request.user,
            at=timezone.now(),
        )
    except StalePlan as stale:
        now_first = _chosen(stale.current)
        theirs = PrioritiesForm(groups=groups, plan=stale.current, chosen=now_first)
        return clash(request, PRIORITIES, form, stale, theirs=theirs, **around)
    messages.success(request, "What comes first is saved.")
    return redirect(f"{own.get_absolute_url()}#priorities")


@require_http_methods(["GET", "HEAD", "POST"])
def new_measure(request: HttpRequest, organisation: str) -> HttpResponse:
    own, now = _find(request.user, organisation), timezone.now()
    form = MeasureForm(sent(request), today=london_date(now))
    around = {"organisation": own.organisation}
    if not form.is_valid():
        return show(request, MEASURE, form, **around)
    try:
        add_measure(plan=own, by=request.user, at=now, **form.figures)
    except MeasureExists as exists:
        form.add_error("name", str(exists))
        return show(request, MEASURE, form, **around)
    except TooManyMeasures as refusal:
        return refuse(request, MEASURE, form, refusal, **around)
    messages.success(request, "The measure is added.")
    return redirect(f"{own.get_absolute_url()}#measures")


@require_http_methods(["GET", "HEAD", "POST"])
def edit_measure(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    own, now = _find(request.user, organisation), timezone.now()
    measure, today = _measure(own, key), london_date(now)
    form = MeasureForm(sent(request), today=today, measure=measure)
    around = {"organisation": own.organisation, "measure": measure}
    if not form.is_valid():
        return show(request, MEASURE, form, **around)
    version = form.cleaned_data["version"]
    try:
        change_measure(measure=measure, version=version, by=request.user, at=now, **form.figures)
    except MeasureExists as exists:
        form.add_error("name", str(exists))
        return show(request, MEASURE, form, **around)
    except StaleMeasure as stale:
        theirs = MeasureForm(today=today, measure=stale.current)
        return clash(request, MEASURE, form, stale, theirs=theirs, **around)
    messages.success(request, "The measure is saved.")
    return redirect(f"{own.get_absolute_url()}#measures")


@require_http_methods(["GET", "HEAD", "POST"])
def drop_measure(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    own = _find(request.user, organisation)
    measure = _measure(own, key)
    form = VersionForm(sent(request), initial={"version": measure.version})
    around = {"organisation": own.organisation, "measure": measure}
    if not form.is_valid():
        return show(request, REMOVE, form, **around)
    version = form.cleaned_data["version"]
    try:
        remove_measure(measure=measure, version=version, by=request.user, at=timezone.now())
    except StaleMeasure as stale:
        form = VersionForm(initial={"version": stale.current.version})
        return refuse(request, REMOVE, form, stale, **{**around, "measure": stale.current})
    messages.success(request, "The measure is removed from the plan.")
    return redirect(f"{own.get_absolute_url()}#measures")


def _find(user: User, organisation: str) -> Plan:
    """A plan that was recorded and that the person may change."""
    own = find_plan(user, organisation)
    authorise(user, Permission.PLAN, own.organisation)
    return own


def _measure(own: Plan, key: str) -> Measure:
    rows = own.measures.filter(removed_at__isnull=True).select_related("plan__organisation")
    measure: Measure = get_object_or_404(rows, key=key)
    return measure


def _chosen(own: Plan) -> dict[str, str]:
    return {one.item.code: one.why for one in priorities_of(own)}
