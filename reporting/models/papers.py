"""Reports made of snapshots and packs: cover sheets, versions, hashes and the bytes themselves."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from assessments.models import Assessment, Cycle, Release, Snapshot, Withheld
from portal.models import Organisation, User
from portal.roles import ASSESSED_ROLES, Role
from reporting.models.packs import CHECKERS, Pack, in_pack

LONDON = "London"
"""What a paper about all systems is about."""


class Cover(models.Model):
    """The cover sheet of an assessment's papers. It stands outside the freeze."""

    class Purpose(models.TextChoices):
        DECISION = "decision", "For decision"
        ASSURANCE = "assurance", "For assurance"
        DISCUSSION = "discussion", "For discussion"
        NOTING = "noting", "For noting"

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="cover")
    title = models.CharField(max_length=200, blank=True)
    board_name = models.CharField(max_length=200, blank=True)
    agenda_item = models.CharField(max_length=40, blank=True)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, blank=True)
    author = models.CharField(max_length=200, blank=True)
    strategic_objectives = models.CharField(max_length=500, blank=True)
    assurance_framework = models.CharField(max_length=500, blank=True)
    previously_considered = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"Cover of {self.assessment}"


class ReportQuerySet(models.QuerySet["Report"]):
    def own(self, user: User) -> ReportQuerySet:
        """The papers of the person's own organisations, which are a part of what they may see."""
        return self.filter(_own(user))

    def visible_to(self, user: User) -> ReportQuerySet:
        """Own organisation's papers; what is released for the HEG and, as Board papers, for peers.

        Peers are leads and sponsors whose own organisation shares as well. The full report lists
        evidence that need not be shown to peers, so they read the Board paper. London packs are
        the Health Equity Group's, and those of whoever is in them: a draft from the opening of its
        factual check on for leads and sponsors, an issued one for all.
        """
        mine = _own(user)
        released = Exists(Release.objects.filter(snapshot=OuterRef("snapshot")))
        if user.holds(Role.HEG):
            return self.filter(mine | released | Q(pack__isnull=False))
        mine |= Q(kind=Report.Kind.LONDON_PACK) & in_pack(user, *ASSESSED_ROLES, pack="pack")
        if user.organisations_as(*CHECKERS):
            draft = Q(kind=Report.Kind.PACK_DRAFT, pack__factual_check__isnull=False)
            mine |= draft & in_pack(user, *CHECKERS, pack="pack")
        if _shares(user):
            mine |= released & Q(
                kind=Report.Kind.BOARD_PAPER,
                snapshot__assessment__organisation__shares_with_peers_since__isnull=False,
            )
        return self.filter(mine)

    def telling_withheld(self) -> ReportQuerySet:
        """Each with `withheld_at` and `withheld_reason`, None where it is not withheld."""
        told = Withheld.objects.filter(what=Withheld.What.REPORT, name=OuterRef("reference"))
        return self.annotate(
            withheld_at=Subquery(told.values("redaction__at")[:1]),
            withheld_reason=Subquery(told.values("redaction__reason")[:1]),
        )

    def released(self) -> ReportQuerySet:
        """Papers that others than their own organisation may know of."""
        given = Exists(Release.objects.filter(snapshot=OuterRef("snapshot")))
        return self.filter(given | Q(kind=Report.Kind.LONDON_PACK))

    def like(self, report: Report) -> ReportQuerySet:
        """All versions of the same paper."""
        if report.pack_id:
            return self.filter(kind=report.kind, pack__cycle=report.cycle)
        assessment = report.snapshot.assessment_id  # type: ignore[union-attr]
        return self.filter(kind=report.kind, snapshot__assessment=assessment)


def _own(user: User) -> Q:
    return Q(snapshot__assessment__organisation__in=user.organisations_as(*ASSESSED_ROLES))


def _shares(user: User) -> bool:
    """Whether the person leads or signs for a system that shares what it releases with others."""
    return any(
        membership.organisation.shares_with_peers_since
        for membership in user.active_memberships
        if membership.role in CHECKERS
    )


class Report(models.Model):
    """One version of a paper made from one snapshot, or one pack, and one cover. Never changed."""

    frozen_rows = True

    class Kind(models.TextChoices):
        BOARD_PAPER = "board-paper", "Board paper"
        FULL_REPORT = "full-report", "Full report"
        PACK_DRAFT = "london-pack-draft", "London pack, draft for factual check"
        LONDON_PACK = "london-pack", "London pack"

    reference = models.SlugField(max_length=160, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="reports")
    pack = models.ForeignKey(Pack, models.PROTECT, null=True, related_name="reports")
    version = models.PositiveSmallIntegerField()
    cover: models.JSONField[dict[str, Any], Any] = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField()
    pages = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    software: models.JSONField[dict[str, str], Any] = models.JSONField(default=dict)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot", "kind", "version"], name="one_report_per_version"
            ),
            models.UniqueConstraint(fields=["pack", "kind"], name="one_report_per_pack_and_kind"),
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False, pack__isnull=True)
                | Q(snapshot__isnull=True, pack__isnull=False),
                name="report_of_a_snapshot_or_of_a_pack",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.reference])

    @property
    def source(self) -> Snapshot | Pack:
        """What it was made from."""
        return cast("Snapshot | Pack", self.snapshot or self.pack)

    @property
    def cycle(self) -> Cycle:
        source = self.source
        return source.cycle if isinstance(source, Pack) else source.assessment.cycle

    @property
    def organisation(self) -> Organisation | None:
        """Whose paper it is; nobody's where it is about all systems."""
        return self.snapshot.assessment.organisation if self.snapshot else None

    @property
    def about(self) -> str:
        return self.organisation.name if self.organisation else LONDON


class ReportBytes(models.Model):
    """The paper itself, apart from the row that lists it."""

    frozen_rows = True

    report = models.OneToOneField(Report, models.PROTECT, related_name="bytes")
    pdf = models.BinaryField()
    html = models.TextField()

    def __str__(self) -> str:
        return f"Bytes of {self.report}"
