"""Gathers what stands on the page of one item: the framework's words, ours, and the last ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core import signing
from django.db.models import Prefetch, QuerySet, Value, prefetch_related_objects
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.calendar import london_date
from assessments.forms.answers import AnswerForm
from assessments.models import Answer, Assignment, Citation, Comment, WorkingText
from assessments.queries import Line, line_advice, line_gaps
from assessments.views.finding import assignment_of
from commitments.models import Descriptor
from commitments.text import occurring
from portal.models import User
from portal.roles import Permission, can

AUTHOR_SALT = "assessments.answer-form"
AUTHOR_HOURS = 24
STATEMENT_ITEM = "L1"


@dataclass(frozen=True)
class Words:
    """A passage of the framework that stands beside an item."""

    title: str
    text: str
    link: str = ""


@dataclass
class Framed:
    """What the framework says around an item, by kind."""

    changes: list[Words] = field(default_factory=list)
    mechanisms: list[Words] = field(default_factory=list)
    examples: list[Words] = field(default_factory=list)
    definitions: list[Words] = field(default_factory=list)
    statement: list[Words] = field(default_factory=list)


@dataclass
class AnswerPage:
    """Everything the item page shows, loaded once; the form comes from the view."""

    answer: Answer
    user: User
    at: dt.datetime

    @cached_property
    def descriptors(self) -> list[Descriptor]:
        rows = self.answer.item.descriptors.select_related("level")
        return list(rows.order_by("level__number"))

    @property
    def levels(self) -> list[tuple[int, str]]:
        return [
            (d.level.number, f"Level {d.level.number}: {d.level.name}") for d in self.descriptors
        ]

    @property
    def level_hints(self) -> dict[str, SafeString]:
        """What each level means for this item, and what shows it."""
        shows = '{}<span class="assessments-shows">What shows it: {}</span>'
        return {
            str(d.level.number): format_html(shows, d.means, d.evidence) for d in self.descriptors
        }

    def level_name(self, level: int | None) -> str:
        return dict(self.levels).get(level, "Not assessed")  # type: ignore[arg-type]

    @cached_property
    def framed(self) -> Framed:
        return frame(self.answer)

    @cached_property
    def working_text(self) -> WorkingText | None:
        """What the person typed and did not save, where it differs from what is saved."""
        text = self.answer.working_texts.filter(user=self.user).first()
        return text if text and typed_words(text) != saved_words(self.answer) else None

    @cached_property
    def line(self) -> Line:
        kept = Citation.objects.filter(evidence__withdrawn_at__isnull=True)
        citations = kept.select_related("evidence").order_by("added_at", "pk")
        prefetch_related_objects([self.answer], Prefetch("citations", citations))
        steps = self.answer.assessment.organisation.steps.kept().filter(item=self.answer.item)
        return Line(self.answer, tuple(steps.order_by("due_on", "pk")))

    @property
    def gaps(self) -> list[str]:
        on = london_date(self.at)
        return line_gaps(self.line, on) + line_advice(self.line, on)

    @cached_property
    def comments(self) -> list[Comment]:
        return list(self.answer.comments.select_related("by").order_by("at", "pk"))

    @cached_property
    def neighbours(self) -> tuple[str, str]:
        """Codes of the items before and after, among those the person may open."""
        rows = Answer.objects.visible_to(self.user).filter(assessment=self.answer.assessment_id)
        codes = ["", *rows.in_order().values_list("item__code", flat=True), ""]
        place = codes.index(self.answer.item.code)
        return codes[place - 1], codes[place + 1]

    @property
    def assignment(self) -> Assignment | None:
        return assignment_of(self.answer)

    @property
    def is_mine(self) -> bool:
        return self.assignment is not None and self.assignment.person_id == self.user.pk

    @property
    def can_run(self) -> bool:
        return can(self.user, Permission.ASSIGN, self.answer.assessment.organisation)

    @property
    def can_edit(self) -> bool:
        """Whether the answer takes changes now; an item that does not apply takes none."""
        assessment = self.answer.assessment
        is_open = assessment.cycle.opens_at <= self.at <= assessment.closes_at
        return is_open and assessment.is_draft and not hasattr(self.answer, "exemption")

    def form(self, data: Mapping[str, Any] | None = None) -> AnswerForm:
        """What was typed and not saved, else what is saved; or what was just sent."""
        text = self.working_text if data is None else None
        source: Answer | WorkingText = text or self.answer
        initial = {
            "level": source.level,
            "coverage": source.coverage,
            "narrative": source.narrative,
            "version": text.base_version if text else self.answer.version,
        }
        return AnswerForm(data, levels=self.levels, initial=initial)

    @property
    def author(self) -> str:
        """Says who had this form, should their session be over when they send it."""
        return signing.dumps([self.user.pk, self.answer.pk], salt=AUTHOR_SALT)


def typed_words(text: WorkingText) -> tuple[str, str, str]:
    return text.level, text.coverage, text.narrative


def saved_words(answer: Answer) -> tuple[str, str, str]:
    level = "" if answer.level is None else str(answer.level)
    return level, answer.coverage, answer.narrative


def author_of(token: str) -> tuple[int, int]:
    """Keys of the person whose form it was and of its answer; zeros for what is no such token."""
    hours = dt.timedelta(hours=AUTHOR_HOURS)
    try:
        user_pk, answer_pk = signing.loads(token, salt=AUTHOR_SALT, max_age=hours)
    except signing.BadSignature:
        return 0, 0
    return int(user_pk), int(answer_pk)


def frame(answer: Answer) -> Framed:
    """The framework's words around the answer's item, of every kind in one query."""
    item = answer.item
    section, framework = item.section, item.section.framework
    rows = _as_words(item.short_term_changes, "changes", "code", "text").union(
        _as_words(section.mechanisms, "mechanisms", "code", "text"),
        _as_words(section.case_examples, "examples", "title", "body", "link_url"),
        _as_words(framework.definitions, "definitions", "term", "text"),
        _statement(answer),
        all=True,
    )
    framed = Framed()
    for kind, _order, title, text, link in sorted(rows):
        getattr(framed, kind).append(Words(title, text, link))
    words = f"{item.wording} {item.summary_wording}"
    used = occurring(words, [definition.title for definition in framed.definitions])
    framed.definitions = [one for one in framed.definitions if one.title in used]
    return framed


def _as_words(
    rows: Any, kind: str, title: str, text: str, link: str = ""
) -> QuerySet[Any, tuple[Any, ...]]:
    asked = rows.annotate(shown_as=Value(kind), no_link=Value(""))
    found: QuerySet[Any, tuple[Any, ...]] = asked.values_list(
        "shown_as", "order", title, text, link or "no_link"
    )
    return found


def _statement(answer: Answer) -> QuerySet[Any, tuple[Any, ...]]:
    """The chairs' and chief executives' statement stands beside the action that asks for one."""
    passages = answer.item.section.framework.passages
    wanted = "statement" if answer.item.code == STATEMENT_ITEM else ""
    return _as_words(passages.filter(kind=wanted), "statement", "title", "text")
