"""What the page of one item says in words of its own: hints, notices, the answer as read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assessments.forms.answers import GUIDE_WORDS
from assessments.models import Assessment
from assessments.views.answer_page import AnswerPage

NARRATIVE_HINT = (
    "Say what is in place, where it is not yet, and for which communities. One sentence is "
    f"enough; {GUIDE_WORDS} words is a guide, not a limit."
)
COVERAGE_HINT = "Of the organisations and places that this is meant for."
LOCKED = {
    Assessment.State.AWAITING: "The answers are locked: this assessment is with its sponsor.",
    Assessment.State.COUNTERSIGN: "The answers are locked until a second sponsor has signed.",
    Assessment.State.SIGNED_OFF: "This assessment is signed off. Its answers can be read only.",
}


@dataclass(frozen=True)
class AnswerWords:
    """Sentences and lists that the templates print as they are."""

    page: AnswerPage

    @property
    def level_hint(self) -> str:
        kind = "action" if self.page.answer.item.section.is_commitment else "consideration"
        return f"Choose the level that describes this {kind} best as it is today."

    @property
    def coverage_hint(self) -> str:
        return COVERAGE_HINT

    @property
    def narrative_hint(self) -> str:
        return NARRATIVE_HINT

    @property
    def look_for(self) -> str:
        """Without the lead that the heading says already."""
        text = self.page.answer.item.look_for.removeprefix("What to look for:").strip()
        return text[:1].upper() + text[1:]

    @property
    def previous_level(self) -> str:
        previous = self.page.previous
        return self.page.level_name(previous.level) if previous else ""

    @property
    def restored(self) -> SafeString:
        """What is in the boxes was typed before and never saved."""
        text = self.page.working_text
        if text is None:
            return SafeString("")
        saved_at = timezone.localtime(text.saved_at)
        newer = ""
        if text.base_version != self.page.answer.version:
            newer = " Somebody has saved a newer answer since; you will see both when you save."
        return format_html(
            "<p>Draft saved at {} on {}, not yet saved to the assessment. "
            "Only you can see it.{}</p>",
            f"{saved_at:%H:%M}",
            f"{saved_at.day} {saved_at:%B}",
            newer,
        )

    @property
    def state(self) -> str:
        """Why the answer cannot be changed; empty while it can."""
        answer, assessment = self.page.answer, self.page.answer.assessment
        exemption = getattr(answer, "exemption", None)
        if exemption:
            return f"The Health Equity Group recorded that this does not apply: {exemption.reason}"
        if self.page.is_open:
            return ""
        if assessment.is_draft:
            opened = assessment.cycle.opens_at <= self.page.at
            return "This cycle has closed." if opened else "This cycle has not opened yet."
        return LOCKED[Assessment.State(assessment.state)]

    @property
    def not_assessed(self) -> str:
        reason = self.page.answer.not_assessed_reason
        return f"Recorded as not assessed in this cycle: {reason}" if reason else ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The answer as a summary list, for whoever may only read it."""
        answer = self.page.answer
        typed = render_to_string("assessments/answer/_typed.html", {"text": answer.narrative})
        return [
            {"key": {"text": "Level"}, "value": {"text": self.page.level_name(answer.level)}},
            {
                "key": {"text": "Coverage"},
                "value": {"text": answer.get_coverage_display() or "Not provided"},
            },
            {"key": {"text": "What is in place"}, "value": {"html": typed}},
        ]

    @property
    def pagination(self) -> dict[str, Any]:
        """Links to the items before and after."""
        before, after = self.page.neighbours
        base = self.page.answer.assessment.get_absolute_url()
        links: dict[str, Any] = {}
        if before:
            links["previous"] = {"labelText": before, "href": f"{base}{before}/"}
        if after:
            links["next"] = {"labelText": after, "href": f"{base}{after}/"}
        return links
