"""The London pack of a cycle: what it says, who checks its facts, and when it is issued."""

from __future__ import annotations

import json
from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from assessments.models import Cycle, Snapshot
from portal.models import Organisation, User
from portal.roles import ASSESSED_ROLES, Role

CHECKERS = (Role.LEAD, Role.SPONSOR)
"""Who says, for a system, whether the draft gets its facts right."""


class PackQuerySet(models.QuerySet["Pack"]):
    def visible_to(self, user: User) -> PackQuerySet:
        """Every pack for the Health Equity Group; the issued ones for whoever is in them.

        Leads and sponsors of a system see a draft from the opening of its factual check on.
        """
        if user.holds(Role.HEG):
            return self
        issued = Q(issue__isnull=False) & in_pack(user, *ASSESSED_ROLES)
        in_check = Q(factual_check__isnull=False) & in_pack(user, *CHECKERS)
        return self.filter(issued | in_check)


def in_pack(user: User, *roles: str, pack: str = "pk") -> Q:
    """Packs that lay out an assessment of an organisation where the person has such a role.

    `pack` names the key of the pack in the rows that are narrowed.
    """
    mine = user.organisations_as(*roles)
    found = PackSource.objects.filter(snapshot__assessment__organisation__in=mine)
    return Q(Exists(found.filter(pack=OuterRef(pack))))


class Pack(models.Model):
    """One version of a cycle's pack as canonical JSON. Never changed; a mend makes another."""

    frozen_rows = True

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="packs")
    version = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    """Why there is another version; empty for the first."""
    document = models.TextField()
    digest = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    software_version = models.CharField(max_length=40)

    objects = PackQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["cycle", "version"], name="one_pack_per_version")
        ]

    def __str__(self) -> str:
        return f"London pack, {self.cycle}, version {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:pack", args=[self.cycle.slug])

    @property
    def note(self) -> str:
        """What the Health Equity Group wrote for its second page."""
        words: str = json.loads(self.document)["note"]
        return words


class PackSource(models.Model):
    """A released snapshot that a pack lays out."""

    frozen_rows = True

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="sources")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "snapshot"], name="one_source_per_snapshot")
        ]

    def __str__(self) -> str:
        return f"{self.snapshot} in {self.pack}"


class FactualCheck(models.Model):
    """The working days in which the systems in a pack say whether its facts are right."""

    pack = models.OneToOneField(Pack, models.PROTECT, related_name="factual_check")
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Factual check of {self.pack}"


class PackIssue(models.Model):
    """From when everybody in a pack may read it."""

    pack = models.OneToOneField(Pack, models.PROTECT, related_name="issue")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pack} issued"


class PackCommentQuerySet(models.QuerySet["PackComment"]):
    def visible_to(self, user: User) -> PackCommentQuerySet:
        """The Health Equity Group's to answer; a system's own for its lead and sponsor."""
        if user.holds(Role.HEG):
            return self
        return self.filter(organisation__in=user.organisations_as(*CHECKERS))

    def unanswered(self) -> PackCommentQuerySet:
        return self.filter(agrees=False, replied_at__isnull=True)


class PackComment(models.Model):
    """What a system says of a draft, and what the Health Equity Group replies."""

    pack = models.ForeignKey(Pack, models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    """Counts a pack's comments, and names this one in an address."""
    agrees = models.BooleanField()
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reply = models.TextField(blank=True)
    changes_pack = models.BooleanField(null=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)
    """Of the reply, so that two members of the group never overwrite each other."""

    objects = PackCommentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "number"], name="one_comment_per_number"),
            models.CheckConstraint(
                condition=Q(agrees=True, text="") | (Q(agrees=False) & ~Q(text="")),
                name="pack_comment_agrees_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} on {self.pack}"
