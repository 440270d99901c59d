"""Organisations: the list, one with its people and constituents, and keeping them right."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal import queries, services
from portal.forms import (
    AffiliationForm,
    EndAffiliationForm,
    NewOrganisationForm,
    OrganisationForm,
)
from portal.models import Organisation
from portal.roles import Permission, authorise, can


def find_organisation(request: HttpRequest, slug: str) -> Organisation:
    """The organisation with this address, if this person may know of it."""
    return get_object_or_404(Organisation.objects.visible_to(request.user), slug=slug)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All that one may see, of one kind where the address says so."""
    visible = Organisation.objects.visible_to(request.user).order_by("name")
    present = {organisation.kind for organisation in visible}
    kinds = [kind for kind in Organisation.Kind if kind in present]
    kind = request.GET.get("kind", "")
    shown = [kind] if kind in present else kinds
    context = {
        "organisations": [one for wanted in shown for one in visible if one.kind == wanted],
        "kinds": kinds,
        "kind": kind,
        "can_create": can(request.user, Permission.MANAGE_ORGANISATIONS),
    }
    return TemplateResponse(request, "portal/organisations/index.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = find_organisation(request, slug)
    page = queries.organisation_page(
        organisation=organisation, user=request.user, at=timezone.now()
    )
    return TemplateResponse(request, "portal/organisations/detail.html", {"page": page})


def create(request: HttpRequest) -> HttpResponse:
    authorise(request.user, Permission.MANAGE_ORGANISATIONS)
    form = NewOrganisationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            organisation = services.create_organisation(
                by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except (services.NameTaken, services.WrongDate) as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, f"{organisation} has been added")
            return redirect(organisation)
    return TemplateResponse(request, "portal/organisations/form.html", {"form": form})


def edit(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = find_organisation(request, slug)
    authorise(request.user, Permission.MANAGE_ORGANISATIONS)
    initial = {name: getattr(organisation, name) for name in OrganisationForm.base_fields}
    form = OrganisationForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.change_organisation(
                organisation=organisation, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except (services.NameTaken, services.WrongDate) as refusal:
            _blame(form, refusal)
        else:
            messages.success(request, "The organisation has been saved")
            return redirect(organisation)
    context = {"form": form, "organisation": find_organisation(request, slug)}
    return TemplateResponse(request, "portal/organisations/form.html", context)


def add_constituent(request: HttpRequest, slug: str) -> HttpResponse:
    system = find_organisation(request, slug)
    authorise(request.user, Permission.MANAGE_ORGANISATIONS)
    form = AffiliationForm(
        request.POST if request.method == "POST" else None,
        members=queries.may_join(system),
        initial={"is_host": True},
    )
    if form.is_valid():
        try:
            services.add_affiliation(
                system=system, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.Refusal as refusal:
            form.add_error("member", str(refusal))
        else:
            messages.success(request, f"{form.cleaned_data['member']} has been added")
            return redirect(system)
    context = {"form": form, "organisation": system}
    return TemplateResponse(request, "portal/organisations/add_constituent.html", context)


def end_constituent(request: HttpRequest, slug: str, member: str) -> HttpResponse:
    system = find_organisation(request, slug)
    authorise(request.user, Permission.MANAGE_ORGANISATIONS)
    current = system.constituents.filter(ends_on=None).select_related("member", "system")
    affiliation = get_object_or_404(current, member__slug=member)
    form = EndAffiliationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.end_affiliation(
                affiliation=affiliation, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except services.WrongDate as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            messages.success(request, f"The last day of {affiliation.member} has been saved")
            return redirect(system)
    context = {"form": form, "affiliation": affiliation}
    return TemplateResponse(request, "portal/organisations/end_constituent.html", context)


def _blame(form: OrganisationForm, refusal: services.Refusal) -> None:
    """Put the refusal beside the field it is about."""
    form.add_error("name" if isinstance(refusal, services.NameTaken) else "valid_to", str(refusal))
