"""Finds what a page is about among the rows its reader may see; everything else is 404."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from assessments.models import Answer, Assessment, Assignment, Cycle
from portal.models import User

ASSESSMENT = ("cycle__framework", "organisation", "sent_by", "signed_by")
ANSWER = (
    "assessment__cycle__framework",
    "assessment__organisation",
    "item__section",
    "assignment__person",
    "carried_from__assessment__cycle",
    "exemption",
    "observed_change__shows",
)


def find_assessment(user: User, cycle: str, organisation: str) -> Assessment:
    """An assessment whose draft the person may open."""
    rows = Assessment.objects.visible_to(user).select_related(*ASSESSMENT)
    return get_object_or_404(rows, cycle__slug=cycle, organisation__slug=organisation)


def find_full_assessment(user: User, cycle: str, organisation: str) -> Assessment:
    """The same in a full cycle; a mid-year update has no answers to check or sign off."""
    assessment = find_assessment(user, cycle, organisation)
    if not assessment.cycle.is_full:
        raise Http404("A mid-year update")
    return assessment


def find_answer(user: User, cycle: str, organisation: str, code: str) -> Answer:
    """An answer the person runs, or was asked to give."""
    rows = Answer.objects.visible_to(user).select_related(*ANSWER)
    return get_object_or_404(
        rows,
        assessment__cycle__slug=cycle,
        assessment__organisation__slug=organisation,
        item__code=code,
    )


def find_overseen(user: User, cycle: str, organisation: str) -> Assessment:
    """An assessment whose status, not whose words, the person follows."""
    rows = Assessment.objects.overseen_by(user).select_related(*ASSESSMENT)
    return get_object_or_404(rows, cycle__slug=cycle, organisation__slug=organisation)


def find_cycle(slug: str) -> Cycle:
    return get_object_or_404(Cycle.objects.select_related("framework"), slug=slug)


def assignment_of(answer: Answer) -> Assignment | None:
    """Who was asked, unless they declined."""
    assignment: Assignment | None = getattr(answer, "assignment", None)
    declined = assignment is not None and assignment.state == Assignment.State.DECLINED
    return None if declined else assignment
