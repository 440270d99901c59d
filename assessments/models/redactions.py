"""What was withheld after it had been recorded: when, why, and the hash of what stood there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from portal.models import Organisation, User

LONGEST_REASON = 150


class Redaction(models.Model):
    """One decision to withhold words or a file of an organisation, for good."""

    frozen_rows = True

    class Kind(models.TextChoices):
        REPORT = "report", "A paper"
        EVIDENCE = "evidence", "A piece of evidence"
        ANSWER = "answer", "The words of an answer"
        COMMENT = "comment", "A comment on an answer"
        MESSAGES = "messages", "The lead’s messages to the Board"
        ASK = "ask", "What a Board is asked"
        OUTCOME = "outcome", "What a Board decided, in words"
        RISK = "risk", "A risk"
        STEP = "step", "An improvement step"
        PLAN = "plan", "What a plan says"
        PRIORITY = "priority", "Why a plan puts an action first"
        MEASURE = "measure", "A measure of a plan"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    subject = models.CharField(max_length=200)
    reason = models.CharField(max_length=LONGEST_REASON)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.subject} withheld"


class Withheld(models.Model):
    """One thing that a redaction emptied or rewrote. `left` is the hash of what stands there now.

    It goes by name, since papers belong to an app above this one.
    """

    frozen_rows = True

    class What(models.TextChoices):
        ANSWER = "answer", "Answer"
        REVISION = "revision", "Revision"
        SNAPSHOT = "snapshot", "Signed-off record"
        EVIDENCE = "evidence", "Evidence"
        REPORT = "report", "Paper"
        PACK = "pack", "Record of a London pack"
        COMMENT = "comment", "Comment"
        MESSAGES = "messages", "Messages"
        ASK = "ask", "Ask"
        OUTCOME = "outcome", "Outcome"
        RISK = "risk", "Risk"
        STEP = "step", "Step"
        PLAN = "plan", "Plan"
        PRIORITY = "priority", "Priority"
        MEASURE = "measure", "Measure"

    redaction = models.ForeignKey(Redaction, models.PROTECT, related_name="withheld")
    what = models.CharField(max_length=8, choices=What.choices)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    left = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["what", "name"], name="withheld_by_name")]

    def __str__(self) -> str:
        return f"{self.what} {self.name}"
