"""Gathers what stands on the page of one item, each thing asked for once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.calendar import london_date
from assessments.forms.answers import AnswerForm
from assessments.models import Answer, Assignment, Comment, Revision, WorkingText
from assessments.queries import (
    ChangeRow,
    EvidenceRow,
    Line,
    StepRow,
    change_panel,
    cited_evidence,
    evidence_panel,
    line_findings,
    steps_panel,
)
from assessments.views.author import author_token
from assessments.views.finding import assignment_of
from assessments.views.framed import Framed, frame
from portal.models import User
from portal.roles import Permission, can

State = Assignment.State


@dataclass
class AnswerPage:
    """What is known of one answer; the form and the words of the page are made from it."""

    answer: Answer
    user: User
    at: dt.datetime

    @property
    def url(self) -> str:
        return self.answer.get_absolute_url()

    @property
    def levels(self) -> list[tuple[int, str]]:
        return [(one.number, f"{one.name} (level {one.number})") for one in self.framed.levels]

    @property
    def level_hints(self) -> dict[str, SafeString]:
        """What each level means for this item, and what shows it."""
        shows = '{}<span class="assessments-shows">What shows it: {}</span>'
        return {
            str(one.number): format_html(shows, one.means, one.evidence)
            for one in self.framed.levels
        }

    def level_name(self, level: int | None) -> str:
        named = {one.number: one.name for one in self.framed.levels}
        return "Not assessed" if level is None else named[level]

    @cached_property
    def framed(self) -> Framed:
        return frame(self.answer)

    @cached_property
    def working_text(self) -> WorkingText | None:
        """What the person typed and did not save, to go on with."""
        return None if self._has_saved_since else self._unsaved_text

    @property
    def left_behind(self) -> str:
        """Words of theirs that came in from before their own last save: shown, and not put into
        the box in place of what they saved."""
        return self._unsaved_text.narrative if self._has_saved_since else ""

    @cached_property
    def _unsaved_text(self) -> WorkingText | None:
        """What the person typed, where it differs from what is saved."""
        text = self.answer.working_texts.filter(user=self.user).first()
        return text if text and typed_words(text) != saved_words(self.answer) else None

    @cached_property
    def _has_saved_since(self) -> bool:
        """Whether the person saved this answer after they opened the form they typed that in."""
        text = self._unsaved_text
        if text is None or text.base_version == self.answer.version:
            return False
        own = self.answer.revisions.filter(by=self.user, kind=Revision.Kind.SAVED)
        return own.filter(version__gt=text.base_version).exists()

    @cached_property
    def line(self) -> Line:
        cited = cited_evidence([self.answer])[self.answer.pk]
        steps = self.answer.assessment.organisation.steps.kept().filter(item=self.answer.item)
        return Line(self.answer, tuple(cited), tuple(steps.order_by("due_on", "pk")))

    @property
    def citations(self) -> list[EvidenceRow]:
        return evidence_panel(self.answer, london_date(self.at), self.line.evidence)

    @property
    def steps(self) -> list[StepRow]:
        return steps_panel(self.answer, london_date(self.at), self.line.steps)

    @property
    def change(self) -> ChangeRow | None:
        return change_panel(self.answer)

    @property
    def gaps(self) -> list[str]:
        """What this answer lacks for sign-off, then what is worth adding."""
        on = london_date(self.at)
        missing, worth_mending = line_findings(self.line, on)
        return missing + worth_mending

    @cached_property
    def comments(self) -> list[Comment]:
        return list(self.answer.comments.select_related("by").order_by("at", "pk"))

    @property
    def previous(self) -> Answer | None:
        """Last cycle's answer, of which this one began as a copy."""
        return self.answer.carried_from

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
    def is_open(self) -> bool:
        """Whether the assessment takes changes now."""
        assessment = self.answer.assessment
        in_time = assessment.cycle.opens_at <= self.at <= assessment.closes_at
        return in_time and assessment.is_draft

    @property
    def can_edit(self) -> bool:
        """An item that does not apply takes no answer."""
        return self.is_open and not hasattr(self.answer, "exemption")

    @property
    def can_hand_in(self) -> bool:
        return self.is_mine and self.can_edit and self._stands_at(State.GIVEN, State.RETURNED)

    @property
    def can_accept(self) -> bool:
        return self.can_run and self.can_edit and self._stands_at(State.HANDED_IN)

    @property
    def can_return(self) -> bool:
        back = (State.HANDED_IN, State.ACCEPTED)
        return self.can_run and self.can_edit and self._stands_at(*back)

    def _stands_at(self, *states: str) -> bool:
        return self.assignment is not None and self.assignment.state in states

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
        noun = "action" if self.answer.item.section.is_commitment else "consideration"
        return AnswerForm(data, levels=self.levels, noun=noun, initial=initial)

    @property
    def author(self) -> str:
        """Says who had this form, should their session be over when they send it."""
        return author_token(self.user, self.answer)


def typed_words(text: WorkingText) -> tuple[str, str, str]:
    return text.level, text.coverage, text.narrative


def saved_words(answer: Answer) -> tuple[str, str, str]:
    level = "" if answer.level is None else str(answer.level)
    return level, answer.coverage, answer.narrative
