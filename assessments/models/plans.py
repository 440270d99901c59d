"""The organisation's own Board-approved plan: what it puts first, and how it measures change."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.urls import reverse

from commitments.models import Item
from portal.models import Organisation, User
from portal.roles import Role


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User) -> PlanQuerySet:
        roles = (Role.LEAD, Role.SPONSOR, Role.CONTRIBUTOR)
        return self.filter(organisation__in=user.organisations_as(*roles))


class Plan(models.Model):
    """One plan an organisation, edited over the years; snapshots freeze what it said."""

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="plan")
    title = models.CharField(max_length=200, blank=True)
    summary = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    minute_reference = models.CharField(max_length=200, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = PlanQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title or f"Plan of {self.organisation}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:plan", args=[self.organisation.slug])


class PlanPriority(models.Model):
    """An action the plan puts first, and why."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="priorities")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    why = models.CharField(max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "item"], name="one_priority_per_item")
        ]

    def __str__(self) -> str:
        return f"{self.item.code} first, in {self.plan}"


class Measure(models.Model):
    """A measure of the plan: 3 to 8 of them, by ethnic group where they are about people."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="measures")
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    ethnic_group = models.CharField(max_length=120, blank=True)
    higher_is_better = models.BooleanField(default=True)
    baseline = models.DecimalField(max_digits=12, decimal_places=3)
    baseline_on = models.DateField()
    target = models.DecimalField(max_digits=12, decimal_places=3)
    target_on = models.DateField()
    latest = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    latest_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "name", "ethnic_group"],
                condition=models.Q(removed_at__isnull=True),
                name="one_measure_per_name_and_group",
            )
        ]

    def __str__(self) -> str:
        return self.name
