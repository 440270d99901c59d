"""Organisations and what they are part of: made, edited, dated; never deleted."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.text import slugify

from portal import audit
from portal.models import Affiliation, Organisation, User
from portal.roles import Permission, authorise
from portal.services import refusals


@transaction.atomic
def create_organisation(
    *,
    name: str,
    short_name: str,
    kind: str,
    by: User,
    at: dt.datetime,
    ods_code: str = "",
    gss_code: str = "",
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> Organisation:
    authorise(by, Permission.MANAGE_ORGANISATIONS)
    organisation = Organisation(
        slug=_free_slug(name),
        name=name,
        short_name=short_name,
        kind=kind,
        ods_code=ods_code,
        gss_code=gss_code,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _refuse_wrong(organisation)
    organisation.save()
    audit.record(
        by=by, verb="create-organisation", target=organisation, organisation=organisation, at=at
    )
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    name: str,
    short_name: str,
    by: User,
    at: dt.datetime,
    ods_code: str = "",
    gss_code: str = "",
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> None:
    """Change what it is called, its codes and its dates; its kind and its address stay."""
    authorise(by, Permission.MANAGE_ORGANISATIONS)
    new = {
        "name": name,
        "short_name": short_name,
        "ods_code": ods_code,
        "gss_code": gss_code,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    before = Organisation.objects.get(pk=organisation.pk)
    changed = sorted(field for field in new if getattr(before, field) != new[field])
    for field, value in new.items():
        setattr(organisation, field, value)
    _refuse_wrong(organisation)
    organisation.save(update_fields=list(new))
    audit.record(
        by=by,
        verb="change-organisation",
        target=organisation,
        organisation=organisation,
        at=at,
        fields=changed,
    )


@transaction.atomic
def add_affiliation(
    *,
    system: Organisation,
    member: Organisation,
    starts_on: dt.date | None,
    by: User,
    at: dt.datetime,
    is_host: bool = True,
) -> Affiliation:
    """Record that the member is part of the system from a day on; it may be part of several."""
    authorise(by, Permission.MANAGE_ORGANISATIONS)
    if system.kind != Organisation.Kind.ICS or member.kind in _NEVER_MEMBERS:
        raise refusals.WrongOrganisation("Only a system can have constituent organisations")
    if Affiliation.objects.filter(system=system, member=member, ends_on=None).exists():
        raise refusals.AlreadyAffiliated
    affiliation = Affiliation.objects.create(
        system=system, member=member, starts_on=starts_on, is_host=is_host
    )
    _record_affiliation("add-constituent", affiliation, by, at)
    return affiliation


@transaction.atomic
def end_affiliation(
    *, affiliation: Affiliation, ends_on: dt.date, by: User, at: dt.datetime
) -> None:
    authorise(by, Permission.MANAGE_ORGANISATIONS)
    if affiliation.starts_on and ends_on < affiliation.starts_on:
        raise refusals.WrongDate
    affiliation.ends_on = ends_on
    affiliation.save(update_fields=["ends_on"])
    _record_affiliation("end-constituent", affiliation, by, at)


_NEVER_MEMBERS = {Organisation.Kind.ICS, Organisation.Kind.HEG}


def _refuse_wrong(organisation: Organisation) -> None:
    namesakes = Organisation.objects.filter(name__iexact=organisation.name)
    if namesakes.exclude(pk=organisation.pk).exists():
        raise refusals.NameTaken
    start, end = organisation.valid_from, organisation.valid_to
    if start and end and end < start:
        raise refusals.WrongDate


def _free_slug(name: str) -> str:
    base = slugify(name)[:70].rstrip("-") or "organisation"
    namesakes = Organisation.objects.filter(slug__startswith=base)
    taken = {"new", *namesakes.values_list("slug", flat=True)}
    numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (base, *numbered) if slug not in taken)


def _record_affiliation(verb: str, affiliation: Affiliation, by: User, at: dt.datetime) -> None:
    audit.record(
        by=by,
        verb=verb,
        target=affiliation,
        organisation=affiliation.system,
        at=at,
        member=affiliation.member.slug,
    )
