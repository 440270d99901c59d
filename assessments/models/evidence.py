"""An organisation's library of evidence, what cites it, and its improvement steps."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from assessments.models.answers import Answer, Coverage
from commitments.models import Item
from portal.models import Organisation, User
from portal.roles import Role

WITHHELD = "Withheld"
"""The minute reference of evidence that was withheld: every piece has to say where it is."""
RUNNERS = (Role.LEAD, Role.SPONSOR, Role.CONTRIBUTOR)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> EvidenceQuerySet:
        return self.filter(organisation__in=user.organisations_as(*RUNNERS))

    def kept(self) -> EvidenceQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class Evidence(models.Model):
    """Something that shows what is claimed. Its strength follows from ticks, not self-grading."""

    class Kind(models.TextChoices):
        LINK = "link", "A web page"
        MINUTE = "minute", "A minute or paper"
        FILE = "file", "A file"

    class Scan(models.TextChoices):
        NONE = "none", "Not checked for viruses: this portal has no scanner"
        WAITING = "waiting", "Being checked for viruses"
        CLEAN = "clean", "Checked for viruses"
        WITHHELD = "withheld", "Withheld, because a virus was found in it"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    """Names the row in an address, where no primary key belongs."""
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    url = models.URLField(max_length=500, blank=True)
    minute_reference = models.CharField(max_length=200, blank=True)
    file = models.FileField(upload_to="evidence/", max_length=200, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    file_type = models.CharField(max_length=100, blank=True)
    file_size = models.PositiveIntegerField(null=True, blank=True)
    file_digest = models.CharField(max_length=64, blank=True)
    file_scan = models.CharField(max_length=8, choices=Scan.choices, default=Scan.NONE)
    dated_on = models.DateField()
    is_independent = models.BooleanField(default=False)
    is_community_led = models.BooleanField(default=False)
    is_published = models.BooleanField(default=False)
    is_board_minuted = models.BooleanField(default=False)
    is_internal = models.BooleanField(default=False)
    coverage = models.CharField(max_length=5, choices=Coverage.choices, blank=True)
    shown_to_community = models.BooleanField(default=False)
    shown_to_peers = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(Q(kind="link") & ~Q(url=""))
                | (Q(kind="minute") & ~Q(minute_reference=""))
                | (Q(kind="file") & ~Q(file="")),
                name="evidence_says_where_it_is",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessments:evidence", args=[self.organisation.slug, self.key])

    @property
    def may_be_downloaded(self) -> bool:
        """Whether there is a file, and no scanner is at it or has found something in it."""
        return bool(self.file) and self.file_scan in (self.Scan.NONE, self.Scan.CLEAN)

    @property
    def is_withheld(self) -> bool:
        """Whether a redaction has taken away what it was, and left the sentence that says so."""
        is_left = self.kind == self.Kind.MINUTE and self.minute_reference == WITHHELD
        return is_left and self.title.startswith(f"{WITHHELD} on ")

    @property
    def why_not_counted(self) -> str:
        """Why it proves nothing, since nobody can go and look; empty where somebody can."""
        if self.is_withheld:
            return "it was withheld"
        if self.kind == self.Kind.FILE and self.file_scan == self.Scan.WITHHELD:
            return "a virus was found in its file"
        if self.kind == self.Kind.FILE and self.file_scan == self.Scan.WAITING:
            return "its file is still being checked for viruses"
        return ""

    @property
    def ticks(self) -> frozenset[str]:
        """What was ticked, in the words of `scoring.evidence_strength`."""
        names = ("independent", "community_led", "published", "board_minuted", "internal")
        return frozenset(name for name in names if getattr(self, f"is_{name}"))


class Citation(models.Model):
    """An answer points at evidence."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="citations")
    evidence = models.ForeignKey(Evidence, models.PROTECT, related_name="citations")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer", "evidence"], name="cited_once_per_answer")
        ]

    def __str__(self) -> str:
        return f"{self.evidence} for {self.answer}"


class ImprovementStepQuerySet(models.QuerySet["ImprovementStep"]):
    def visible_to(self, user: User) -> ImprovementStepQuerySet:
        return self.filter(organisation__in=user.organisations_as(*RUNNERS))

    def kept(self) -> ImprovementStepQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class ImprovementStep(models.Model):
    """What is next: what, who (a role), by when, with what, and how it is going."""

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", "Not started"
        ON_TRACK = "on_track", "On track"
        AT_RISK = "at_risk", "At risk"
        OFF_TRACK = "off_track", "Off track"
        DONE = "done", "Done"

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="steps")
    item = models.ForeignKey(Item, models.PROTECT, related_name="steps")
    what = models.CharField(max_length=300)
    owner = models.CharField(max_length=120, blank=True)
    due_on = models.DateField(null=True, blank=True)
    resource = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.NOT_STARTED)
    version = models.PositiveIntegerField(default=1)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ImprovementStepQuerySet.as_manager()

    def __str__(self) -> str:
        return self.what
