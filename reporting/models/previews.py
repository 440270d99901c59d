"""What a draft's papers would look like, for one person and a quarter of an hour."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models

from assessments.models import Assessment
from portal.models import User
from portal.roles import Role


class PreviewQuerySet(models.QuerySet["Preview"]):
    def visible_to(self, user: User) -> PreviewQuerySet:
        """Whoever asked for it, while still lead or sponsor there."""
        return self.filter(
            requester=user,
            assessment__organisation__in=user.organisations_as(Role.LEAD, Role.SPONSOR),
        )

    def held(self, *, at: dt.datetime) -> PreviewQuerySet:
        return self.filter(expires_at__gt=at)


class Preview(models.Model):
    """A watermarked PDF of a draft. No report: without reference, version or history."""

    class Kind(models.TextChoices):
        BOARD_PAPER = "board-paper", "Board paper"
        FULL_REPORT = "full-report", "Full report"

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="previews")
    requester = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    pages = models.PositiveSmallIntegerField(null=True)
    pdf = models.BinaryField(null=True)

    objects = PreviewQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "requester"], name="one_preview_per_person_and_assessment"
            )
        ]

    def __str__(self) -> str:
        return f"Preview of {self.assessment} for {self.requester}"
