"""The Health Equity Group's pages: cycles and their dates, who is where, one system's case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments.calendar import phase
from assessments.forms.cycles import (
    AddForm,
    CadenceForm,
    CycleForm,
    DatesForm,
    ExemptionForm,
    ExtensionForm,
)
from assessments.models import Assessment, CadenceRule, Cycle, Snapshot
from assessments.services import (
    DatesOutOfOrder,
    Refusal,
    add_assessment,
    change_cycle,
    exempt_item,
    extend_assessment,
    open_cycle,
    reopen,
    set_cadence,
)
from assessments.views.finding import find_cycle, find_overseen
from assessments.views.home import ANSWERED, APPLIES, due_at
from commitments.queries import find_framework
from portal.models import Organisation, User
from portal.nhsuk import NHSForm
from portal.roles import Permission, authorise

Do = Callable[..., object]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every cycle, the newest first, and when the calendar opens the next."""
    authorise(request.user, Permission.OVERSEE)
    at = timezone.now()
    cycles = Cycle.objects.annotate(
        assessments_open=Count("assessments"),
        signed_off=Count("assessments", filter=Q(assessments__signed_off_at__isnull=False)),
    ).order_by("-opens_at")
    context = {
        "cycles": [(cycle, _phase(cycle, at)) for cycle in cycles],
        "kinds": _kinds(),
    }
    return render(request, "assessments/cycles/index.html", context)


def _kinds() -> list[dict[str, str]]:
    """What the calendar does for each kind of cycle, in words."""
    rules = {rule.kind: rule for rule in CadenceRule.objects.all()}
    return [
        {"value": value, "name": str(label), "words": _cadence_words(rules.get(value))}
        for value, label in Cycle.Kind.choices
    ]


def _cadence_words(rule: CadenceRule | None) -> str:
    if rule is None or not rule.is_active:
        return "The calendar does not open these."
    opens = dt.date(2001, rule.opens_month, rule.opens_day)
    return (
        f"Opens every year on {opens.day} {opens:%B}, from {rule.first_year}. "
        f"Due after {rule.due_after_days} days, closes after {rule.closes_after_days}, "
        f"last release after {rule.last_release_after_days}."
    )


def _phase(cycle: Cycle, at: dt.datetime) -> str:
    return phase(cycle.opens_at, cycle.due_at, cycle.closes_at, at)


@require_safe
def status(request: HttpRequest, cycle: str) -> HttpResponse:
    """Who is where in a cycle: states, dates and counts, never words."""
    authorise(request.user, Permission.OVERSEE)
    found, at = find_cycle(cycle), timezone.now()
    rows = [(row, _standing(row, at)) for row in _overseen(request.user, found)]
    context = {"cycle": found, "phase": _phase(found, at), "rows": rows}
    return render(request, "assessments/cycles/status.html", context)


def _overseen(user: User, cycle: Cycle) -> QuerySet[Assessment]:
    newest = Snapshot.objects.filter(assessment=OuterRef("pk")).order_by("-version")
    return (
        Assessment.objects.overseen_by(user)
        .filter(cycle=cycle)
        .select_related("cycle", "organisation")
        .annotate(
            items=Count("answers", filter=APPLIES),
            answered=Count("answers", filter=ANSWERED),
            released_at=Subquery(newest.values("release__at")[:1]),
        )
        .order_by("organisation__name")
    )


def _standing(assessment: Any, at: dt.datetime) -> dict[str, str]:
    """The state in words, with the colour of its tag."""
    if assessment.signed_off_at:
        released = assessment.released_at is not None
        text, colour = ("Released", "green") if released else ("Signed off", "aqua-green")
        return {"text": text, "colour": colour}
    if assessment.sent_at:
        return {"text": assessment.state_name, "colour": "blue"}
    if at > assessment.closes_at:
        return {"text": "Not sent", "colour": "grey"}
    if at > due_at(assessment):
        return {"text": "Late, in draft", "colour": "orange"}
    return {"text": "In draft", "colour": "white"}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a cycle by hand, in the current version of the framework."""
    authorise(request.user, Permission.OVERSEE)
    form = CycleForm(_data(request))

    def do(**who: Any) -> object:
        words = {name: form.cleaned_data[name] for name in ("slug", "name", "kind")}
        return open_cycle(framework=find_framework(), **words, **form.instants, **who)

    return _page(request, "new", form, do, done="The cycle is made.")


@require_http_methods(["GET", "HEAD", "POST"])
def dates(request: HttpRequest, cycle: str) -> HttpResponse:
    """Move a cycle's dates for everybody."""
    authorise(request.user, Permission.OVERSEE)
    found = find_cycle(cycle)
    form = DatesForm.of(found, _data(request))

    def do(**who: Any) -> object:
        return change_cycle(cycle=found, **form.instants, **who)

    return _page(request, "dates", form, do, done="The dates are changed.", cycle=found)


@require_http_methods(["GET", "HEAD", "POST"])
def cadence(request: HttpRequest, kind: str) -> HttpResponse:
    """When the calendar opens cycles of one kind."""
    authorise(request.user, Permission.OVERSEE)
    if kind not in Cycle.Kind.values:
        raise Http404("No such kind of cycle")
    form = CadenceForm(_data(request), rule=CadenceRule.objects.filter(kind=kind).first())

    def do(**who: Any) -> object:
        return set_cadence(kind=kind, **form.cleaned_data, **who)

    label = Cycle.Kind(kind).label
    return _page(request, "cadence", form, do, done="The calendar is changed.", kind_name=label)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, cycle: str) -> HttpResponse:
    """Let a constituent organisation, or a system that was not live, join a cycle."""
    authorise(request.user, Permission.OVERSEE)
    found = find_cycle(cycle)
    others = Organisation.objects.live(on=timezone.localdate()).exclude(
        Q(kind=Organisation.Kind.HEG) | Q(assessments__cycle=found)
    )
    by_slug = {one.slug: one for one in others.order_by("name")}
    named = [(slug, one.name) for slug, one in by_slug.items()]
    form = AddForm(_data(request), organisations=named)

    def do(**who: Any) -> object:
        organisation = by_slug[form.cleaned_data["organisation"]]
        return add_assessment(cycle=found, organisation=organisation, **who)

    return _page(request, "add", form, do, done="The organisation has joined.", cycle=found)


@require_http_methods(["GET", "HEAD", "POST"])
def extend(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Give one organisation longer, with a reason."""
    authorise(request.user, Permission.OVERSEE)
    assessment = find_overseen(request.user, cycle, organisation)
    form = ExtensionForm(_data(request))

    def do(**who: Any) -> object:
        reason, until = form.cleaned_data["reason"], form.extended_to
        return extend_assessment(assessment=assessment, extended_to=until, reason=reason, **who)

    return _case(request, "extend", form, do, assessment, done="The date is extended.")


@require_http_methods(["GET", "HEAD", "POST"])
def not_applicable(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Record that an item does not apply to one organisation."""
    authorise(request.user, Permission.OVERSEE)
    assessment = find_overseen(request.user, cycle, organisation)
    # Codes and names only: the group follows status and never reads a draft.
    answers = {
        answer.item.code: answer
        for answer in assessment.answers.only("assessment", "item")
        .select_related("item__section")
        .filter(exemption__isnull=True)
        .in_order()
    }
    items = [(code, f"{code} {answer.item.short_name}") for code, answer in answers.items()]
    form = ExemptionForm(_data(request), items=items)

    def do(**who: Any) -> object:
        answer = answers[form.cleaned_data["code"]]
        return exempt_item(answer=answer, reason=form.cleaned_data["reason"], **who)

    return _case(request, "not_applicable", form, do, assessment, done="Recorded.")


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """Reopen a signed-off assessment, when its sponsor has asked."""
    authorise(request.user, Permission.OVERSEE)
    assessment = find_overseen(request.user, cycle, organisation)

    def do(**who: Any) -> object:
        return reopen(assessment=assessment, **who)

    form = NHSForm(_data(request))
    return _case(request, "reopen", form, do, assessment, done="The assessment is reopened.")


def _data(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _case(
    request: HttpRequest, name: str, form: NHSForm, do: Do, assessment: Assessment, *, done: str
) -> HttpResponse:
    cycle = assessment.cycle
    return _page(request, name, form, do, done=done, cycle=cycle, assessment=assessment)


def _page(
    request: HttpRequest, name: str, form: Any, do: Do, *, done: str, **context: Any
) -> HttpResponse:
    """One form and its service; what the service refuses stands above the form."""
    template = f"assessments/cycles/{name}.html"
    context["form"] = form
    if not form.is_bound:
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        do(by=request.user, at=timezone.now())
    except DatesOutOfOrder as refusal:
        return render(request, template, {**context, "refusal": str(refusal)}, status=422)
    except Refusal as refusal:
        return render(request, template, {**context, "refusal": str(refusal)}, status=409)
    messages.success(request, done)
    cycle = context.get("cycle")
    if cycle is None:
        return redirect("assessments:cycles")
    return redirect("assessments:cycle_status", cycle.slug)
