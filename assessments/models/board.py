"""What the Board is asked, what it decided, and the risks its assurance framework carries."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse

from assessments.models.cycles import Assessment
from assessments.models.snapshots import Snapshot
from portal.models import Organisation, User
from portal.roles import ASSESSED_ROLES, Role

RUNNERS = (Role.LEAD, Role.SPONSOR)


class BoardAskQuerySet(models.QuerySet["BoardAsk"]):
    def visible_to(self, user: User) -> BoardAskQuerySet:
        """Lead and sponsor see their drafts too; everybody of the organisation what was signed."""
        run = Q(assessment__organisation__in=user.organisations_as(*RUNNERS))
        read = Q(assessment__organisation__in=user.organisations_as(*ASSESSED_ROLES))
        return self.filter(run | (read & Exists(_snapshots())))

    def kept(self) -> BoardAskQuerySet:
        return self.filter(withdrawn_at__isnull=True)

    def tabled(self) -> BoardAskQuerySet:
        """Asks that a sign-off froze, so that a Board may decide on them."""
        return self.kept().filter(Exists(_snapshots()))

    def marked(self) -> BoardAskQuerySet:
        """Each with `is_tabled`: whether a sign-off froze it."""
        return self.annotate(is_tabled=Exists(_snapshots()))

    def undecided(self) -> BoardAskQuerySet:
        """Without an outcome, or deferred when the Board last looked at it."""
        latest = BoardOutcome.objects.filter(ask=OuterRef("pk")).order_by("-number")
        return self.annotate(last_decision=Subquery(latest.values("decision")[:1])).filter(
            Q(last_decision__isnull=True) | Q(last_decision=BoardOutcome.Decision.DEFERRED)
        )

    def in_order(self) -> BoardAskQuerySet:
        return self.order_by("order", "pk")


def _snapshots() -> models.QuerySet[Snapshot]:
    """The snapshots that hold an ask: those signed off since it was added."""
    return Snapshot.objects.filter(
        assessment=OuterRef("assessment"), signed_off_at__gte=OuterRef("added_at")
    )


class BoardAsk(models.Model):
    """One thing the Board is asked to do. Written before sign-off, frozen by it."""

    class Wants(models.TextChoices):
        DECIDE = "decide", "Decide"
        ASSURE = "assure", "Be assured"
        SUPPORT = "support", "Support"
        NOTE = "note", "Note"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """Names the row in an address, where no primary key belongs."""
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="asks")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    wants = models.CharField(max_length=8, choices=Wants.choices)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = BoardAskQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        """Where the outcome of what was signed off is recorded and read."""
        place = (self.assessment.cycle.slug, self.assessment.organisation.slug, self.key)
        return reverse("assessments:outcome", args=place)


class BoardOutcome(models.Model):
    """What a Board decided on an ask. Never changed: a correction is the next row, which counts."""

    frozen_rows = True

    class Decision(models.TextChoices):
        AGREED = "agreed", "Agreed"
        CHANGED = "changed", "Agreed with changes"
        NOT_AGREED = "not_agreed", "Not agreed"
        DEFERRED = "deferred", "Deferred"
        NOTED = "noted", "Noted"

    ask = models.ForeignKey(BoardAsk, models.PROTECT, related_name="outcomes")
    number = models.PositiveSmallIntegerField()
    """1 for the first that was recorded of this ask; the highest counts."""
    decided_on = models.DateField()
    decision = models.CharField(max_length=12, choices=Decision.choices)
    words = models.CharField(max_length=500, blank=True)
    minute_reference = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ask", "number"], name="one_outcome_per_number")
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.ask}"

    @property
    def is_deferred(self) -> bool:
        return self.decision == self.Decision.DEFERRED


class RiskQuerySet(models.QuerySet["Risk"]):
    def visible_to(self, user: User) -> RiskQuerySet:
        return self.filter(organisation__in=user.organisations_as(*RUNNERS))

    def kept(self) -> RiskQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class Risk(models.Model):
    """A risk to the organisation's progress, where its Board Assurance Framework holds it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="risks")
    what = models.CharField(max_length=300)
    board_assurance_reference = models.CharField(max_length=60, blank=True)
    response = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    WORDS = ("what", "board_assurance_reference", "response", "owner")
    """What people write of it."""

    objects = RiskQuerySet.as_manager()

    def __str__(self) -> str:
        return self.what
