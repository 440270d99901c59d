"""The framework as published, in versions: sections, items, levels and the texts about them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def current(self) -> Framework:
        """The version that new cycles use."""
        return self.get(is_current=True)

    def get_by_natural_key(self, version: str) -> Framework:
        return self.get(version=version)


class Framework(models.Model):
    """One published version. A second can stand beside it; assessments stay with theirs."""

    version = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    issued_by = models.CharField(max_length=200)
    source_note = models.TextField(blank=True)
    is_current = models.BooleanField(default=False)
    content_digest = models.CharField(max_length=64, blank=True)

    objects = FrameworkQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="one_current_framework",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """A commitment or an enabler."""

    class Kind(models.TextChoices):
        COMMITMENT = "commitment", "Commitment"
        ENABLER = "enabler", "Enabler"

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="sections")
    code = models.CharField(max_length=2)
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    statement_title = models.CharField(max_length=120, blank=True)
    statement = models.TextField(blank=True)
    introduction = models.TextField(blank=True)
    other_statements = models.JSONField(default=list)
    """The statement where the list of commitments or the executive summary words it otherwise."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "code"], name="one_section_per_code"),
            models.UniqueConstraint(fields=["framework", "slug"], name="one_section_per_slug"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_commitment(self) -> bool:
        return self.kind == self.Kind.COMMITMENT

    def get_absolute_url(self) -> str:
        return reverse("commitments:section", args=[self.slug])


class ItemQuerySet(models.QuerySet["Item"]):
    def actions(self) -> ItemQuerySet:
        return self.filter(section__kind=Section.Kind.COMMITMENT)

    def considerations(self) -> ItemQuerySet:
        return self.filter(section__kind=Section.Kind.ENABLER)

    def in_order(self) -> ItemQuerySet:
        """Commitments before enablers, in chapter order."""
        return self.order_by("section__order", "order")


class Item(models.Model):
    """A recommended action of a commitment, or a consideration of an enabler."""

    class Difference(models.TextChoices):
        NONE = "none", "The same words"
        PUNCTUATION = "punctuation", "Punctuation only"
        ARTICLE = "article", "An article only"
        SUBSTANCE = "substance", "Different in substance"

    section = models.ForeignKey(Section, models.PROTECT, related_name="items")
    code = models.CharField(max_length=4)
    order = models.PositiveSmallIntegerField()
    wording = models.TextField()
    summary_wording = models.TextField(blank=True)
    difference = models.CharField(
        max_length=12, choices=Difference.choices, default=Difference.NONE
    )
    short_name = models.CharField(max_length=60)
    plain = models.TextField()
    look_for = models.TextField()
    short_term_changes: models.ManyToManyField[ShortTermChange, Any] = models.ManyToManyField(
        "ShortTermChange", related_name="items"
    )
    leans_on: models.JSONField[list[str], Any] = models.JSONField(default=list, blank=True)
    """Codes of the considerations that an action cannot do without, in our own reading."""
    predecessor = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor"
    )
    materially_changed = models.BooleanField(default=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "code"], name="one_item_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_name}"

    @property
    def shown_wording(self) -> str:
        """The official wording without the list punctuation that ends a consideration."""
        text = self.wording.removesuffix(", and")
        return text.rstrip(",;") if text.endswith((",", ";")) else text

    @property
    def kind_name(self) -> str:
        return "Recommended action" if self.section.is_commitment else "Consideration"

    def get_absolute_url(self) -> str:
        return reverse("commitments:item", args=[self.code])


class Level(models.Model):
    """A point of the portal's own five-point scale; the framework itself defines none."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="levels")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    means = models.TextField()
    evidence = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "number"], name="one_level_per_number"),
            models.CheckConstraint(condition=Q(number__lte=4), name="levels_run_from_0_to_4"),
        ]

    def __str__(self) -> str:
        return self.name


class Descriptor(models.Model):
    """What a level means for one item, and what evidence shows it."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="descriptors")
    level = models.ForeignKey(Level, models.PROTECT, related_name="+")
    means = models.TextField()
    evidence = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "level"], name="one_descriptor_per_level")
        ]

    def __str__(self) -> str:
        return f"{self.item.code} {self.level.number}"


class ShortTermChange(models.Model):
    """A change the framework says to look for."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="short_term_changes")
    code = models.CharField(max_length=8)
    order = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "code"], name="one_change_per_code")
        ]

    def __str__(self) -> str:
        return self.text


class Mechanism(models.Model):
    """How a commitment can have an impact."""

    section = models.ForeignKey(Section, models.PROTECT, related_name="mechanisms")
    code = models.CharField(max_length=8)
    order = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["section", "code"], name="one_mechanism_per_code")
        ]

    def __str__(self) -> str:
        return self.text


class CaseExample(models.Model):
    """A case example; printed in one chapter, it may belong to several commitments."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="case_examples")
    printed_in = models.ForeignKey(Section, models.PROTECT, related_name="+")
    sections = models.ManyToManyField(Section, related_name="case_examples")
    code = models.CharField(max_length=8)
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    link_text = models.CharField(max_length=200, blank=True)
    link_url = models.URLField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "code"], name="one_example_per_code")
        ]

    def __str__(self) -> str:
        return self.title


class Definition(models.Model):
    """A term as the framework defines it."""

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="definitions")
    slug = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField()
    term = models.CharField(max_length=60)
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["framework", "slug"], name="one_definition_per_slug")
        ]

    def __str__(self) -> str:
        return self.term


class Passage(models.Model):
    """Any other text of the framework that the portal quotes."""

    class Kind(models.TextChoices):
        PURPOSE = "purpose", "Purpose"
        STARTING_POINT = "starting_point", "Starting point"
        VISION = "vision", "Our vision"
        WHY = "why", "Why a strategic framework"
        UNHEARD = "unheard", "Silenced and unheard"
        STATEMENT = "statement", "Anti-racism statement from the ICB chairs and chief executives"
        QUOTE = "quote", "What Londoners said"
        THEORY_OF_CHANGE = "theory_of_change", "Theory of change"
        PRIORITY = "priority", "Beyond the Data: One Year On"
        DUTY = "duty", "Legislation"
        STRATEGY = "strategy", "Related strategies"

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="passages")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    order = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=12, blank=True)
    title = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    attribution = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["framework", "kind", "order"], name="one_passage_per_place"
            )
        ]

    def __str__(self) -> str:
        return self.title or self.text[:60]
