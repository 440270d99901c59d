"""Finds what belongs to one's own organisation; shows its forms, and two people's versions."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.models import Assessment, Evidence, ImprovementStep, Plan
from assessments.models.evidence import RUNNERS
from assessments.services import NotOpen, StaleRow, refuse_unless_open
from commitments.models import Item
from portal.models import Organisation, User
from portal.roles import Permission, can

GONE = "Somebody else has taken this away since you opened it. Nothing was saved."


def find_organisation(user: User, slug: str) -> Organisation:
    """An organisation whose draft the person works on; every other is 404."""
    rows = Organisation.objects.visible_to(user)
    own: Organisation = get_object_or_404(
        rows.filter(pk__in=user.organisations_as(*RUNNERS)), slug=slug
    )
    return own


def find_evidence(user: User, slug: str, key: str, *, kept: bool = True) -> Evidence:
    rows = Evidence.objects.visible_to(user)
    if kept:
        rows = rows.kept()
    found: Evidence = get_object_or_404(
        rows.select_related("organisation", "added_by"), organisation__slug=slug, key=key
    )
    return found


def find_step(
    user: User, organisation: Organisation, key: str, *, item: Item | None = None
) -> ImprovementStep:
    """A step of the organisation; with an item, one of that item's."""
    rows = ImprovementStep.objects.visible_to(user).kept().filter(organisation=organisation)
    if item:
        rows = rows.filter(item=item)
    found: ImprovementStep = get_object_or_404(rows.select_related("organisation", "item"), key=key)
    return found


def find_plan(user: User, slug: str) -> Plan:
    """A plan that has been recorded."""
    rows = Plan.objects.visible_to(user).select_related("organisation")
    found: Plan = get_object_or_404(rows, organisation__slug=slug)
    return found


def may_change(user: User, evidence: Evidence) -> bool:
    """Lead and sponsor look after the whole library, a contributor after what they added."""
    runs = can(user, Permission.ASSIGN, evidence.organisation)
    return runs or (
        can(user, Permission.ANSWER, evidence.organisation) and evidence.added_by_id == user.pk
    )


def authorise_change(user: User, evidence: Evidence) -> None:
    if not may_change(user, evidence):
        raise PermissionDenied("Somebody else added this evidence")


def sent(request: HttpRequest) -> QueryDict | None:
    """What to bind a form with; an empty form that was sent is bound as well."""
    return request.POST if request.method == "POST" else None


def show(
    request: HttpRequest, template: str, form: forms.Form, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page of a form; 422 where what was typed is refused."""
    if form.is_bound and form.errors:
        status = 422
    return render(request, template, {"form": form, **context}, status=status)


def refuse(
    request: HttpRequest, template: str, form: forms.Form, refusal: object, **context: Any
) -> HttpResponse:
    """The same page with the reason why nothing was saved, and everything that was typed."""
    context |= {"refusal": str(refusal), "page_error": True}
    return show(request, template, form, status=409, **context)


def clash(
    request: HttpRequest,
    template: str,
    form: forms.Form,
    stale: StaleRow,
    *,
    theirs: forms.Form,
    **context: Any,
) -> HttpResponse:
    """What is saved now whole in its own block, mine in the boxes, on the version as it is now."""
    form.data = form.data.copy()
    form.data["version"] = theirs["version"].value()
    if _is_gone(stale.current):
        return refuse(request, template, form, GONE, **context)
    return refuse(request, template, form, stale, theirs=said(theirs), **context)


def locked_because(assessment: Assessment, at: dt.datetime) -> str:
    """Why answers take no changes now; empty while they do."""
    try:
        refuse_unless_open(assessment, at=at)
    except NotOpen as refusal:
        return str(refusal)
    return ""


def _is_gone(current: Any) -> bool:
    ended = (getattr(current, name, None) for name in ("withdrawn_at", "removed_at"))
    return current is None or any(ended)


def said(form: forms.Form) -> list[dict[str, Any]]:
    """What an unbound form says, as rows of a summary list; what is empty is left out."""
    return [
        {"key": {"text": bound.label}, "value": {"html": typed(words)}}
        for bound in form.visible_fields()
        if (words := _in_words(bound.field, bound.value()))
    ]


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, dt.date):
        return f"{value.day} {value:%B %Y}"
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(choices.get(one, one)) for one in value)
    return str(choices.get(value, value or ""))


def typed(words: str) -> SafeString:
    """Typed words on a page of ours, kept apart from the direction of what stands around them."""
    return format_html('<span class="portal-typed"><bdi>{}</bdi></span>', words)
