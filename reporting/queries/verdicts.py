"""What the public page says of a file, a hash or a reference, and nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from portal.models import User
from reporting.models import Report


class Standing(StrEnum):
    GENUINE = "genuine"
    SUPERSEDED = "superseded"
    REDACTED = "redacted"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Verdict:
    """How a paper stands. `newer` is the reference and date of the version that superseded it."""

    standing: Standing
    reference: str = ""
    made_at: dt.datetime | None = None
    withheld_at: dt.datetime | None = None
    newer: tuple[str, dt.datetime] | None = None


def verdict_on_digest(digest: str, user: User | AnonymousUser) -> Verdict:
    """Whoever has the file, or its hash, holds the paper: it is told of before its release too."""
    return _verdict(Report.objects.filter(digest=digest.lower()), user)


def verdict_on_reference(reference: str, user: User | AnonymousUser) -> Verdict:
    """A reference can be guessed: only what is released, or this person may read, is told of."""
    return _verdict(_known_to(user).filter(reference=reference.lower()), user)


def _known_to(user: User | AnonymousUser) -> QuerySet[Report]:
    released = Report.objects.released()
    if not user.is_authenticated:
        return released
    return Report.objects.filter(Q(pk__in=released) | Q(pk__in=Report.objects.visible_to(user)))


def _verdict(asked: QuerySet[Report], user: User | AnonymousUser) -> Verdict:
    report = asked.telling_withheld().select_related("snapshot", "pack__cycle").first()
    if report is None:
        return Verdict(Standing.UNKNOWN)
    known = {"reference": report.reference, "made_at": report.made_at}
    newer = _newer(report, user)
    if report.withheld_at:
        return Verdict(Standing.REDACTED, withheld_at=report.withheld_at, newer=newer, **known)
    return Verdict(Standing.SUPERSEDED if newer else Standing.GENUINE, newer=newer, **known)


def _newer(report: Report, user: User | AnonymousUser) -> tuple[str, dt.datetime] | None:
    """The newest later version that is no secret: of the same record, or known anyhow.

    A pack's draft is superseded by the issued pack as well.
    """
    later = Report.objects.like(report).filter(version__gt=report.version)
    if report.kind == Report.Kind.PACK_DRAFT:
        later |= Report.objects.filter(kind=Report.Kind.LONDON_PACK, pack__cycle=report.cycle)
    own = Q(snapshot=report.snapshot_id, snapshot__isnull=False)
    told = later.filter(own | Q(pk__in=_known_to(user)))
    return told.order_by("-version", "kind").values_list("reference", "made_at").first()
