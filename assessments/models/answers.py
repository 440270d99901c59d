"""Answers with their versions, revisions, working texts, assignments and comments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from assessments.models.cycles import Assessment
from commitments.models import Item, ShortTermChange
from portal.models import User
from portal.roles import Role


class Coverage(models.TextChoices):
    ONE = "one", "One site or service"
    SOME = "some", "Some of the system"
    MOST = "most", "Most of the system"
    ALL = "all", "All of the system"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, user: User) -> AnswerQuerySet:
        """Lead and sponsor see every answer of their organisation, a contributor the assigned."""
        run = Q(assessment__organisation__in=user.organisations_as(Role.LEAD, Role.SPONSOR))
        given = Q(
            assessment__organisation__in=user.organisations_as(Role.CONTRIBUTOR),
            assignment__person=user,
        ) & ~Q(assignment__state=Assignment.State.DECLINED)
        return self.filter(run | given)

    def in_order(self) -> AnswerQuerySet:
        return self.order_by("item__section__order", "item__order")


class Answer(models.Model):
    """What an organisation says of one item. Made empty, at version 0, when a cycle opens."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="answers")
    item = models.ForeignKey(Item, models.PROTECT, related_name="answers")
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    coverage = models.CharField(max_length=5, choices=Coverage.choices, blank=True)
    narrative = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)
    is_reconfirmed = models.BooleanField(default=True)
    """False while words carried forward from the last cycle have not been looked at."""
    carried_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="carried_to"
    )
    not_assessed_reason = models.CharField(max_length=300, blank=True)
    personal_data_checked_version = models.PositiveIntegerField(null=True, blank=True)
    """The version of which the lead said that what looks like personal data is none."""

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assessment", "item"], name="one_answer_per_item"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__lte=4), name="answer_level_is_0_to_4"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.code}, {self.assessment}"

    def get_absolute_url(self) -> str:
        return f"{self.assessment.address}{self.item.code}/"


class Revision(models.Model):
    """What an answer said at a version, and every save refused as stale: nothing is lost."""

    frozen_rows = True

    class Kind(models.TextChoices):
        SAVED = "saved", "Saved"
        CARRIED = "carried", "Carried forward"
        RECONFIRMED = "reconfirmed", "Reconfirmed"
        WITHHELD = "withheld", "Withheld"
        REFUSED = "refused", "Not saved, because somebody else had saved first"

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="revisions")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.SAVED)
    version = models.PositiveIntegerField()
    level = models.PositiveSmallIntegerField(null=True)
    coverage = models.CharField(max_length=5, blank=True)
    narrative = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["answer", "version"],
                condition=~Q(kind="refused"),
                name="one_revision_per_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.answer} v{self.version}"


class WorkingText(models.Model):
    """What a person is typing, before it is saved: overwritten, gone at sign-off."""

    user = models.ForeignKey(User, models.CASCADE, related_name="working_texts")
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="working_texts")
    base_version = models.PositiveIntegerField()
    sequence = models.PositiveBigIntegerField()
    level = models.CharField(max_length=5, blank=True)
    coverage = models.CharField(max_length=5, blank=True)
    narrative = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "answer"], name="one_working_text_per_person_and_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} on {self.answer}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def current(self) -> AssignmentQuerySet:
        return self.exclude(state=Assignment.State.DECLINED)


class Assignment(models.Model):
    """Who was asked to answer an item, by when, and how far that has got."""

    class State(models.TextChoices):
        GIVEN = "given", "Asked"
        HANDED_IN = "handed-in", "Handed in"
        RETURNED = "returned", "Returned"
        DECLINED = "declined", "Declined"
        ACCEPTED = "accepted", "Accepted"

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="assignment")
    person = models.ForeignKey(User, models.CASCADE, related_name="assignments")
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.GIVEN)
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()
    nudged_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.answer} to {self.person}"


class Comment(models.Model):
    """A word between people about an answer: asked, declined, returned, answered."""

    class Kind(models.TextChoices):
        ASKED = "asked", "Asked"
        REPLIED = "replied", "Replied"
        HANDED_IN = "handed-in", "Handed in"
        DECLINED = "declined", "Declined"
        RETURNED = "returned", "Returned"
        SPONSOR = "sponsor", "The sponsor asks"

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} on {self.answer}"


class Exemption(models.Model):
    """The Health Equity Group records that an item does not apply, and why."""

    answer = models.OneToOneField(Answer, models.PROTECT, related_name="exemption")
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.answer} does not apply"


class ObservedChange(models.Model):
    """The measured change that level 4 rests on: before, after, and which change it shows."""

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="observed_change")
    measure = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    ethnic_group = models.CharField(max_length=120, blank=True)
    baseline = models.DecimalField(max_digits=12, decimal_places=3)
    baseline_on = models.DateField()
    later = models.DecimalField(max_digits=12, decimal_places=3)
    later_on = models.DateField()
    shows = models.ForeignKey(ShortTermChange, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(later_on__gt=models.F("baseline_on")),
                name="later_figure_is_later_than_the_baseline",
            )
        ]

    def __str__(self) -> str:
        return self.measure
