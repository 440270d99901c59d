"""What the papers' pages ask: which papers a person may read, and how their making stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from django.db.models import QuerySet
from django.urls import reverse

from assessments.models import Assessment, Redaction, Snapshot, Withheld
from commitments.models import Framework, Level, Passage
from portal.models import Job, User
from portal.roles import ASSESSED_ROLES, Permission, can
from reporting.models import Cover, Report, ReportQuerySet

KINDS = (Report.Kind.BOARD_PAPER, Report.Kind.FULL_REPORT)
"""The papers that are made of a snapshot."""
BUSY = (Job.State.WAITING, Job.State.RUNNING)


@dataclass
class Paper:
    """One kind of paper of one assessment: its versions, newest first, and its last job."""

    kind: str
    name: str
    reports: list[Report] = field(default_factory=list)
    job: Job | None = None

    @property
    def latest(self) -> Report | None:
        return self.reports[0] if self.reports else None

    @property
    def superseded(self) -> list[Report]:
        return self.reports[1:]

    @property
    def is_busy(self) -> bool:
        return self.job is not None and self.job.state in BUSY

    @property
    def has_failed(self) -> bool:
        return self.job is not None and self.job.state == Job.State.FAILED


@dataclass
class Papers:
    """The papers of one assessment, and what this person may do about them."""

    assessment: Assessment
    papers: list[Paper]
    may_cover: bool
    is_own: bool = True
    """Whether it is the person's own organisation's, whose asks and outcomes they may read."""

    @property
    def asks_url(self) -> str:
        return reverse("assessments:board_asks", args=self._place)

    @property
    def is_busy(self) -> bool:
        return any(paper.is_busy for paper in self.papers)

    @property
    def cover_url(self) -> str:
        return reverse("reporting:cover", args=self._place)

    @property
    def making_url(self) -> str:
        return reverse("reporting:making", args=self._place)

    @property
    def _place(self) -> list[str]:
        return [self.assessment.cycle.slug, self.assessment.organisation.slug]


def papers_for(user: User) -> list[Papers]:
    """Every paper the person may read, newest cycle first, then by organisation."""
    reports = list(readable(user).filter(snapshot__isnull=False))
    own = user.organisations_as(*ASSESSED_ROLES)
    jobs = _unfinished_jobs(own)
    snapshots = _with_places(Snapshot.objects.filter(pk__in={job.subject_id for job in jobs}))
    by_snapshot = {snapshot.pk: snapshot.assessment for snapshot in snapshots}
    assessments = {report.snapshot.assessment_id: report.snapshot.assessment for report in reports}
    assessments |= {assessment.pk: assessment for assessment in by_snapshot.values()}
    ordered = sorted(assessments.values(), key=lambda a: a.organisation.name)
    ordered.sort(key=lambda a: a.cycle.opens_at, reverse=True)
    return [
        Papers(
            assessment,
            _papers(
                [r for r in reports if r.snapshot.assessment_id == assessment.pk],
                [j for j in jobs if by_snapshot.get(j.subject_id) == assessment],
            ),
            can(user, Permission.COVER, assessment.organisation),
            assessment.organisation_id in own,
        )
        for assessment in ordered
    ]


def papers_of(assessment: Assessment, user: User) -> Papers:
    """The papers of one assessment, which the caller has found for this person."""
    snapshots = list(assessment.snapshots.values_list("pk", flat=True))
    jobs = list(Job.objects.filter(kind__in=KINDS, subject_id__in=snapshots).order_by("pk"))
    reports = readable(user).filter(snapshot__assessment=assessment)
    may_cover = can(user, Permission.COVER, assessment.organisation)
    return Papers(assessment, _papers(reports, jobs), may_cover)


def own_assessments(user: User) -> QuerySet[Assessment]:
    """Assessments of the organisations whose papers are the person's own."""
    own = user.organisations_as(*ASSESSED_ROLES)
    return Assessment.objects.filter(organisation__in=own).select_related("cycle", "organisation")


def readable(user: User) -> ReportQuerySet:
    """The papers this person may read, each with its cycle and, if it has one, organisation."""
    places = ("snapshot__assessment__cycle", "snapshot__assessment__organisation", "pack__cycle")
    rows = Report.objects.visible_to(user).telling_withheld().select_related(*places)
    return rows.defer("snapshot__document", "pack__document")


def paper_with(part: Literal["html", "pdf"], reference: str, user: User) -> Report | None:
    """The paper with one part of its bytes, if this person may read it; the part of a withheld
    one is empty.

    Most people read their own papers, which are found by a shorter question than everybody's.
    """
    places = ("bytes", "snapshot__assessment__cycle", "snapshot__assessment__organisation")
    other = "bytes__pdf" if part == "html" else "bytes__html"
    named = Report.objects.filter(reference=reference)
    for rows in (named.own(user), named.visible_to(user)):
        found = rows.select_related(*places).defer(other, "snapshot__document").first()
        if found:
            return found
    return None


def newer_than(report: Report, user: User) -> Report | None:
    """The newest later version of the same paper that this person may read."""
    later = Report.objects.like(report).filter(version__gt=report.version)
    if not later.exists():
        return None
    return Report.objects.visible_to(user).filter(pk__in=later).order_by("-version").first()


def is_withheld(report: Report) -> bool:
    return withholding_of(report) is not None


def withholding_of(report: Report) -> Redaction | None:
    """When and why a paper was withheld; None where it was not."""
    told = Withheld.objects.filter(what=Withheld.What.REPORT, name=report.reference)
    first = told.select_related("redaction").order_by("pk").first()
    return first.redaction if first else None


def latest_report(assessment: Assessment, kind: str) -> Report | None:
    """The newest version of a paper, whoever may read it."""
    made = Report.objects.filter(snapshot__assessment=assessment, kind=kind)
    return made.select_related("snapshot").order_by("-version").first()


def cover_of(assessment: Assessment) -> dict[str, str]:
    """The cover sheet as a paper prints it: plain words, the Board's date in ISO."""
    cover = Cover.objects.filter(assessment=assessment).first() or Cover()
    board_on = Assessment.objects.values_list("board_on", flat=True).get(pk=assessment.pk)
    return {
        "title": cover.title,
        "board_name": cover.board_name,
        "board_on": board_on.isoformat() if board_on else "",
        "agenda_item": cover.agenda_item,
        "purpose": cover.purpose,
        "purpose_name": cover.get_purpose_display() if cover.purpose else "",
        "author": cover.author,
        "strategic_objectives": cover.strategic_objectives,
        "assurance_framework": cover.assurance_framework,
        "previously_considered": cover.previously_considered,
    }


def framework_passages(version: str, *kinds: str) -> list[tuple[str, str]]:
    """Title and text of a framework's passages of these kinds, in order."""
    passages = Passage.objects.filter(framework__version=version, kind__in=kinds)
    return list(passages.order_by("kind", "order").values_list("title", "text"))


def evidence_needed(version: str) -> tuple[str, ...]:
    """What each level needs to be signed off, lowest first."""
    levels = Level.objects.filter(framework__version=version).order_by("number")
    return tuple(levels.values_list("evidence", flat=True))


def source_note(version: str) -> str:
    """What the framework says of its own source."""
    return Framework.objects.values_list("source_note", flat=True).get(version=version)


def _unfinished_jobs(organisations: list[int]) -> list[Job]:
    mine = Job.objects.filter(kind__in=KINDS, organisation__in=organisations)
    return list(mine.exclude(state=Job.State.DONE).order_by("pk"))


def _with_places(snapshots: QuerySet[Snapshot]) -> QuerySet[Snapshot]:
    return snapshots.select_related("assessment__cycle", "assessment__organisation")


def _papers(reports: Iterable[Report], jobs: Iterable[Job]) -> list[Paper]:
    """Board paper, then full report, each with its versions and the job asked for last."""
    ordered = sorted(reports, key=lambda report: (report.kind, -report.version))
    made = {kind: list(group) for kind, group in groupby(ordered, key=lambda r: r.kind)}
    asked = {job.kind: job for job in jobs}
    return [
        Paper(kind.value, kind.label, made.get(kind.value, []), asked.get(kind.value))
        for kind in KINDS
    ]
