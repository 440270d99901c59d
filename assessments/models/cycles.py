"""Dated rounds of assessment, the rule that opens them, and one assessment per organisation."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.functional import cached_property

from commitments.models import Framework
from portal.models import Organisation, User
from portal.roles import Role


class CycleKind(models.TextChoices):
    FULL = "full", "Full self-assessment"
    MID_YEAR = "mid_year", "Mid-year update"


class CadenceRule(models.Model):
    """When the calendar opens a cycle of this kind, every year. Days are counted in London."""

    kind = models.CharField(max_length=10, choices=CycleKind.choices, unique=True)
    first_year = models.PositiveSmallIntegerField()
    opens_month = models.PositiveSmallIntegerField()
    opens_day = models.PositiveSmallIntegerField()
    due_after_days = models.PositiveSmallIntegerField()
    closes_after_days = models.PositiveSmallIntegerField()
    last_release_after_days = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(opens_month__gte=1, opens_month__lte=12, opens_day__gte=1)
                & Q(opens_day__lte=28),
                name="cadence_opens_on_a_day_every_year_has",
            ),
            models.CheckConstraint(
                condition=Q(due_after_days__gte=1)
                & Q(closes_after_days__gte=F("due_after_days"))
                & Q(last_release_after_days__gte=F("closes_after_days")),
                name="cadence_dates_follow_each_other",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class CycleQuerySet(models.QuerySet["Cycle"]):
    def started(self, *, at: dt.datetime) -> CycleQuerySet:
        return self.filter(opens_at__lte=at)

    def open(self, *, at: dt.datetime) -> CycleQuerySet:
        return self.started(at=at).filter(closes_at__gt=at)

    def full(self) -> CycleQuerySet:
        return self.filter(kind=CycleKind.FULL)


class Cycle(models.Model):
    """A dated round of assessment; open, late and closed are derived from its dates."""

    Kind = CycleKind

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=CycleKind.choices, default=CycleKind.FULL)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="cycles")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    last_release_at = models.DateTimeField()

    objects = CycleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="cycle_name_is_unique"),
            models.CheckConstraint(
                condition=Q(due_at__gt=F("opens_at"))
                & Q(closes_at__gte=F("due_at"))
                & Q(last_release_at__gte=F("closes_at")),
                name="cycle_dates_follow_each_other",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_full(self) -> bool:
        return self.kind == CycleKind.FULL


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User) -> AssessmentQuerySet:
        """Whose drafts a person may open: lead and sponsor all, a contributor where assigned."""
        from assessments.models.answers import Assignment

        assigned = Assignment.objects.current().filter(
            person=user, answer__assessment=OuterRef("pk")
        )
        run = Q(organisation__in=user.organisations_as(Role.LEAD, Role.SPONSOR))
        help_in = Q(organisation__in=user.organisations_as(Role.CONTRIBUTOR)) & Exists(assigned)
        return self.filter(run | help_in)

    def overseen_by(self, user: User) -> AssessmentQuerySet:
        """Whose status, never whose words, the Health Equity Group follows."""
        return self.all() if user.holds(Role.HEG) else self.none()

    def in_draft(self) -> AssessmentQuerySet:
        return self.filter(sent_at__isnull=True, signed_off_at__isnull=True)

    def awaiting_sign_off(self) -> AssessmentQuerySet:
        return self.filter(sent_at__isnull=False, signed_off_at__isnull=True)

    def signed_off(self) -> AssessmentQuerySet:
        return self.filter(signed_off_at__isnull=False)


class Assessment(models.Model):
    """One organisation's self-assessment in one cycle. Its state follows from its instants."""

    class State(models.TextChoices):
        DRAFT = "draft", "In draft"
        AWAITING = "awaiting", "Awaiting sign-off"
        COUNTERSIGN = "countersign", "Awaiting countersignature"
        SIGNED_OFF = "signed-off", "Signed off"

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assessments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="assessments")
    opened_at = models.DateTimeField()
    extended_to = models.DateTimeField(null=True, blank=True)
    extension_reason = models.CharField(max_length=300, blank=True)
    messages = models.JSONField(default=list)
    """The lead's messages to the Board: up to three plain sentences."""
    version = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    countersigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    signed_off_at = models.DateTimeField(null=True, blank=True)
    reopening_reason = models.CharField(max_length=500, blank=True)
    reopening_asked_at = models.DateTimeField(null=True, blank=True)
    board_on = models.DateField(null=True, blank=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["cycle", "organisation"], name="one_assessment_per_cycle"
            ),
            models.CheckConstraint(
                condition=Q(signed_off_at__isnull=True)
                | Q(signed_by__isnull=False, sent_at__isnull=False),
                name="signed_off_by_somebody_after_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.cycle}"

    @property
    def state(self) -> str:
        if self.signed_off_at:
            return self.State.SIGNED_OFF
        if self.sent_at:
            return self.State.COUNTERSIGN if self.signed_at else self.State.AWAITING
        return self.State.DRAFT

    @property
    def state_name(self) -> str:
        return self.State(self.state).label

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def closes_at(self) -> dt.datetime:
        return self.extended_to or self.cycle.closes_at

    @cached_property
    def address(self) -> str:
        """Where its pages stand, found once: a page links to each of its 38 answers."""
        return reverse("assessments:detail", args=[self.cycle.slug, self.organisation.slug])

    def get_absolute_url(self) -> str:
        return self.address
