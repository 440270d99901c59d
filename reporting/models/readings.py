"""Who has read a paper: a Board member's own word, asked of nobody."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from portal.models import User
from reporting.models.papers import Report


class Reading(models.Model):
    """A Board member says: I have read this paper. Said once, of their own will."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="readings")
    user = models.ForeignKey(User, models.PROTECT, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "user"], name="read_once_by_each_person")
        ]

    def __str__(self) -> str:
        return f"{self.user} has read {self.report}"
