"""What an answer has said before, version by version."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assessments.models import Answer, Coverage, Revision
from assessments.views.finding import find_answer
from commitments.queries import levels
from portal.roles import Permission, authorise


@dataclass(frozen=True)
class Entry:
    """One revision as the page tells it; `changed` names what differs from the one before."""

    revision: Revision
    level: str
    coverage: str
    changed: str


@require_safe
def history(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    answer = find_answer(request.user, cycle, organisation, code)
    authorise(request.user, Permission.READ_DRAFT, answer.assessment.organisation)
    return render(
        request, "assessments/history.html", {"answer": answer, "entries": _entries(answer)}
    )


def _entries(answer: Answer) -> list[Entry]:
    """Newest first."""
    names = {level.number: level.name for level in levels(answer.assessment.cycle.framework)}
    entries, before = [], None
    for revision in answer.revisions.select_related("by").order_by("at", "pk"):
        entries.append(_entry(revision, before, names))
        if revision.kind != Revision.Kind.REFUSED:
            before = revision
    return entries[::-1]


def _entry(revision: Revision, before: Revision | None, names: dict[int, str]) -> Entry:
    level = "Not assessed" if revision.level is None else names[revision.level]
    coverage = Coverage(revision.coverage).label if revision.coverage else ""
    changed = _changed(revision, before) if before else ""
    return Entry(revision, level, coverage, changed)


def _changed(revision: Revision, before: Revision) -> str:
    parts = ("level", "coverage", "narrative")
    differing = [part for part in parts if getattr(revision, part) != getattr(before, part)]
    if not differing:
        return "Nothing changed"
    words = " and ".join(", ".join(differing).rsplit(", ", 1))
    return f"Changed: {words}"
