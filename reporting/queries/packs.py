"""How a cycle's London pack stands: its versions, their check and comments, and what is next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from assessments.models import Cycle
from portal.models import Job, Organisation, User
from reporting.calendar import check_closes_at
from reporting.models import (
    CHECKERS,
    FactualCheck,
    Pack,
    PackComment,
    PackIssue,
    PackSource,
    Report,
)
from reporting.queries.pack_document import released_snapshots
from reporting.queries.reports import BUSY, readable
from reporting.queries.systems import statuses_in

DRAFT, ISSUED = Report.Kind.PACK_DRAFT, Report.Kind.LONDON_PACK
PACK_KINDS = (DRAFT, ISSUED)


@dataclass
class Version:
    """One version of the pack: its papers, its check, what was said of it."""

    pack: Pack
    reports: dict[str, Report]
    jobs: dict[str, Job]
    systems: list[Organisation]
    comments: list[PackComment]
    at: dt.datetime

    @property
    def draft(self) -> Report | None:
        return self.reports.get(DRAFT)

    @property
    def issued(self) -> Report | None:
        return self.reports.get(ISSUED)

    @property
    def check(self) -> FactualCheck | None:
        return getattr(self.pack, "factual_check", None)

    @property
    def issue(self) -> PackIssue | None:
        return getattr(self.pack, "issue", None)

    @property
    def is_in_check(self) -> bool:
        return self.check is not None and self.check.opens_at <= self.at <= self.check.closes_at

    @property
    def is_checked(self) -> bool:
        return self.check is not None and self.check.closes_at < self.at

    @property
    def job(self) -> Job | None:
        """What is being made of it, or could not be."""
        return next((job for job in self.jobs.values() if job.state != Job.State.DONE), None)

    @property
    def is_busy(self) -> bool:
        return self.job is not None and self.job.state in BUSY

    @property
    def unanswered(self) -> list[PackComment]:
        return [one for one in self.comments if not one.agrees and one.replied_at is None]

    @cached_property
    def silent(self) -> list[Organisation]:
        """The systems in it that have said nothing."""
        said = {one.organisation_id for one in self.comments}
        return [system for system in self.systems if system.pk not in said]

    @property
    def state(self) -> str:
        if self.issue:
            return "Issued"
        if self.is_in_check:
            return "Factual check open"
        return "Factual check over" if self.check else "Drafted"


@dataclass
class PackPage:
    """Everything the Health Equity Group sees of a cycle's pack."""

    cycle: Cycle
    versions: list[Version]
    released: int
    released_since: int
    unchecked: list[Organisation]
    """Systems whose part of the newest version has not been through a check that is over."""
    at: dt.datetime

    @cached_property
    def systems(self) -> list[tuple[str, str]]:
        """Every system of the cycle by name, with how far it is."""
        return statuses_in(self.cycle)

    @property
    def newest(self) -> Version | None:
        return self.versions[0] if self.versions else None

    @property
    def version(self) -> int:
        return self.newest.pack.version if self.newest else 0

    @property
    def issued_version(self) -> int:
        """The newest version that was issued: replies up to it stand as they were printed."""
        return max((one.pack.version for one in self.versions if one.issue), default=0)

    @property
    def next_version(self) -> int:
        return self.version + 1

    @property
    def would_close_at(self) -> dt.datetime:
        """When a check that opened now would close."""
        return check_closes_at(self.at)

    @property
    def since_words(self) -> str:
        """What was released after the newest version had been drafted."""
        number = self.released_since
        who = "One system has" if number == 1 else f"{number} systems have"
        return f"{who} released since version {self.version} was drafted: draft it again."

    @property
    def is_busy(self) -> bool:
        return any(version.is_busy for version in self.versions)

    @property
    def unanswered(self) -> list[PackComment]:
        return [one for version in self.versions for one in version.unanswered]

    @property
    def may_draft(self) -> bool:
        return bool(self.released) and not (self.newest and self.newest.is_in_check)

    @property
    def may_open_check(self) -> bool:
        newest = self.newest
        return bool(newest and newest.draft and not newest.check and not newest.issue)

    @property
    def wants_check(self) -> bool:
        """Whether a check is the next thing: something in it has not been checked yet."""
        return self.may_open_check and bool(self.unchecked)

    @property
    def wants_draft(self) -> bool:
        """Whether it was said in a reply that the pack changes, and it has not been drafted."""
        newest = self.newest
        return bool(newest and any(one.changes_pack for one in newest.comments))

    @property
    def may_issue(self) -> bool:
        newest = self.newest
        if newest is None or newest.issue:
            return False
        return not (self.unchecked or self.unanswered or self.wants_draft)


@dataclass(frozen=True)
class CheckPage:
    """What a system's lead or sponsor sees while the facts are checked, and afterwards."""

    cycle: Cycle
    organisation: Organisation
    version: Version
    report: Report | None

    @property
    def is_issued(self) -> bool:
        return self.report is not None and self.report.kind == ISSUED

    @property
    def url(self) -> str:
        return reverse("reporting:pack_check", args=[self.cycle.slug, self.organisation.slug])


def pack_page(cycle: Cycle, *, at: dt.datetime) -> PackPage:
    """All versions, newest first; the number of queries is the same for any number of them."""
    versions = _versions(cycle.packs.order_by("-version"), at=at)
    released = {one.pk for one in released_snapshots(cycle).defer("document")}
    sources = {
        version.pack.pk: {one.snapshot_id for one in version.pack.sources.all()}
        for version in versions
    }
    newest = sources[versions[0].pack.pk] if versions else set()
    checked = set().union(*(sources[one.pack.pk] for one in versions if one.is_checked))
    return PackPage(
        cycle=cycle,
        versions=versions,
        released=len(released),
        released_since=len(released - newest) if versions else 0,
        unchecked=_owners(versions[0], newest - checked) if versions else [],
        at=at,
    )


def check_page(user: User, cycle: str, organisation: str, *, at: dt.datetime) -> CheckPage | None:
    """The newest version in or after its check that lays out this organisation of the person's."""
    mine = Organisation.objects.filter(pk__in=user.organisations_as(*CHECKERS), slug=organisation)
    place = mine.first()
    laid_out = PackSource.objects.filter(snapshot__assessment__organisation=place)
    packs = Pack.objects.filter(
        cycle__slug=cycle, factual_check__isnull=False, pk__in=laid_out.values("pack")
    )
    found = _versions(packs.order_by("-version")[:1], at=at) if place else []
    if not found:
        return None
    version = found[0]
    version.comments = [one for one in version.comments if one.organisation_id == place.pk]
    issued = readable(user).filter(kind=ISSUED, pack__cycle__slug=cycle).order_by("-version")
    return CheckPage(version.pack.cycle, place, version, issued.first() or version.draft)


def packs_for(user: User) -> list[Report]:
    """The newest pack paper of each cycle that the person may read, newest cycle first."""
    reports = readable(user).filter(kind__in=PACK_KINDS)
    newest: dict[int, Report] = {}
    for report in reports.order_by("-pack__cycle__opens_at", "kind", "-version"):
        newest.setdefault(report.pack.cycle_id, report)
    return list(newest.values())


def open_checks(user: User, *, at: dt.datetime) -> list[PackSource]:
    """The open checks in which a system of the person's has said nothing yet, soonest first."""
    organisation = "snapshot__assessment__organisation"
    said = PackComment.objects.filter(pack=OuterRef("pack"), organisation=OuterRef(organisation))
    waiting = PackSource.objects.filter(
        ~Exists(said),
        snapshot__assessment__organisation__in=user.organisations_as(*CHECKERS),
        pack__factual_check__opens_at__lte=at,
        pack__factual_check__closes_at__gte=at,
    )
    places = ("pack__cycle", "pack__factual_check", organisation)
    rows = waiting.select_related(*places).defer("pack__document", "snapshot__document")
    return list(rows.order_by("pack__factual_check__closes_at", "pk"))


def _versions(packs: QuerySet[Pack], *, at: dt.datetime) -> list[Version]:
    comments = PackComment.objects.select_related("organisation", "by", "replied_by")
    owners = PackSource.objects.select_related("snapshot__assessment__organisation")
    rows = list(
        packs.select_related("cycle", "factual_check", "issue", "drafted_by")
        .defer("document")
        .prefetch_related(
            Prefetch("reports", Report.objects.telling_withheld()),
            Prefetch("comments", comments.order_by("organisation__name", "number")),
            Prefetch("sources", owners.defer("snapshot__document")),
        )
    )
    jobs = list(Job.objects.filter(kind__in=PACK_KINDS, subject_id__in=[one.pk for one in rows]))
    return [
        Version(
            pack=pack,
            reports={report.kind: report for report in pack.reports.all()},
            jobs={job.kind: job for job in jobs if job.subject_id == pack.pk},
            systems=_systems(pack.sources.all()),
            comments=list(pack.comments.all()),
            at=at,
        )
        for pack in rows
    ]


def _systems(sources: Iterable[PackSource]) -> list[Organisation]:
    owners = {one.snapshot.assessment.organisation for one in sources}
    return sorted(owners, key=lambda one: one.name.casefold())


def _owners(version: Version, snapshots: set[int]) -> list[Organisation]:
    return _systems(one for one in version.pack.sources.all() if one.snapshot_id in snapshots)
