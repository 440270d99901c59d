"""The risks to progress that the Board holds: kept by lead and sponsor, frozen at sign-off."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.forms.answers import VersionForm
from assessments.forms.board import RiskForm
from assessments.models import Risk
from assessments.queries import risks_of
from assessments.services import (
    MOST_RISKS,
    StaleRisk,
    TooManyRisks,
    add_risk,
    change_risk,
    withdraw_risk,
)
from assessments.views.own import clash, find_organisation, refuse, sent, show
from portal.models import Organisation, User
from portal.roles import Permission, authorise

FORM = "assessments/risks/form.html"
WITHDRAW = "assessments/risks/withdraw.html"


@require_safe
def index(request: HttpRequest, organisation: str) -> HttpResponse:
    own = _find(request.user, organisation)
    risks = risks_of(own)
    context = {
        "organisation": own,
        "risks": risks,
        "is_full": len(risks) >= MOST_RISKS,
        "most": MOST_RISKS,
    }
    return render(request, "assessments/risks/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, organisation: str) -> HttpResponse:
    own = _find(request.user, organisation)
    form = RiskForm(sent(request))
    if not form.is_valid():
        return show(request, FORM, form, organisation=own)
    try:
        add_risk(organisation=own, by=request.user, at=timezone.now(), **form.words)
    except TooManyRisks as refusal:
        return refuse(request, FORM, form, refusal, organisation=own)
    messages.success(request, "The risk is added.")
    return redirect("assessments:risks", own.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    own = _find(request.user, organisation)
    risk = _risk(request.user, own, key)
    form = RiskForm(sent(request), risk=risk)
    around = {"organisation": own, "risk": risk}
    if not form.is_valid():
        return show(request, FORM, form, **around)
    version = form.cleaned_data["version"]
    try:
        change_risk(risk=risk, version=version, by=request.user, at=timezone.now(), **form.words)
    except StaleRisk as stale:
        theirs = RiskForm(risk=stale.current)
        return clash(request, FORM, form, stale, theirs=theirs, **around)
    messages.success(request, "The risk is saved.")
    return redirect("assessments:risks", own.slug)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    own = _find(request.user, organisation)
    risk = _risk(request.user, own, key)
    form = VersionForm(sent(request), initial={"version": risk.version})
    around = {"organisation": own, "risk": risk}
    if not form.is_valid():
        return show(request, WITHDRAW, form, **around)
    version = form.cleaned_data["version"]
    try:
        withdraw_risk(risk=risk, version=version, by=request.user, at=timezone.now())
    except StaleRisk as stale:
        form = VersionForm(initial={"version": stale.current.version})
        return refuse(request, WITHDRAW, form, stale, **{**around, "risk": stale.current})
    messages.success(request, "The risk is withdrawn.")
    return redirect("assessments:risks", own.slug)


def _find(user: User, organisation: str) -> Organisation:
    own = find_organisation(user, organisation)
    authorise(user, Permission.PLAN, own)
    return own


def _risk(user: User, own: Organisation, key: str) -> Risk:
    rows = Risk.objects.visible_to(user).kept().filter(organisation=own)
    risk: Risk = get_object_or_404(rows, key=key)
    return risk
