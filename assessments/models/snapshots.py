"""What sign-off freezes: one document with its hash, and rows beside it for fast reading."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from assessments.models.cycles import Assessment, Cycle
from portal.models import Organisation, User


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def latest_of(self, assessment: Assessment) -> Snapshot | None:
        return self.filter(assessment=assessment).order_by("-version").first()

    def released(self) -> SnapshotQuerySet:
        return self.filter(release__isnull=False)


class Snapshot(models.Model):
    """A signed-off assessment as canonical JSON. Never changed; a reopening makes another."""

    frozen_rows = True

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField()
    document = models.TextField()
    digest = models.CharField(max_length=64)
    signed_off_at = models.DateTimeField()
    signed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    countersigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    framework_version = models.CharField(max_length=40)
    scoring_version = models.CharField(max_length=20)
    software_version = models.CharField(max_length=40)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "version"], name="one_snapshot_per_version"
            )
        ]

    def __str__(self) -> str:
        return f"{self.assessment}, version {self.version}"

    @property
    def reference(self) -> str:
        """Names the record where it is checked; the caller has its cycle and organisation."""
        cycle, organisation = self.assessment.cycle, self.assessment.organisation
        return f"{cycle.slug}-{organisation.slug}-record-v{self.version}"


class Release(models.Model):
    """From when the Health Equity Group and consenting peers may see a snapshot."""

    class Cause(models.TextChoices):
        BOARD_DATE = "board_date", "The Board met"
        SPONSOR = "sponsor", "The sponsor released it"
        LAST_DATE = "last_date", "The cycle's last release date came"

    snapshot = models.OneToOneField(Snapshot, models.PROTECT, related_name="release")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.snapshot} released"


class FrozenItem(models.Model):
    """One item of a snapshot, for the comparison."""

    frozen_rows = True

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="items")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    section_code = models.CharField(max_length=2)
    code = models.CharField(max_length=4)
    order = models.PositiveSmallIntegerField()
    level = models.PositiveSmallIntegerField(null=True)
    is_applicable = models.BooleanField(default=True)
    coverage = models.CharField(max_length=5, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    grades: models.JSONField[dict[str, int], Any] = models.JSONField(default=dict)
    movement = models.CharField(max_length=24, blank=True)
    movement_how = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["snapshot", "code"], name="one_frozen_row_per_item")
        ]
        indexes: ClassVar = [
            models.Index(fields=["cycle", "organisation", "code"], name="frozen_item_lookup")
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.snapshot}"


class FrozenSection(models.Model):
    """One commitment or enabler of a snapshot, rolled up."""

    frozen_rows = True

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="sections")
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    section_code = models.CharField(max_length=2)
    order = models.PositiveSmallIntegerField()
    counts: models.JSONField[list[int], Any] = models.JSONField()
    not_assessed = models.PositiveSmallIntegerField()
    not_applicable = models.PositiveSmallIntegerField()
    typical = models.PositiveSmallIntegerField(null=True)
    lowest = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot", "section_code"], name="one_frozen_row_per_section"
            )
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["cycle", "organisation", "section_code"], name="frozen_section_lookup"
            )
        ]

    def __str__(self) -> str:
        return f"{self.section_code} of {self.snapshot}"
