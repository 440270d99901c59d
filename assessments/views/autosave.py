"""Keeps what is being typed, a moment after it is typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.forms.answers import WorkingForm
from assessments.services import NotOpen, keep_working_text
from assessments.views.finding import find_answer
from portal.roles import Permission, authorise


@require_POST
def autosave(request: HttpRequest, cycle: str, organisation: str, code: str) -> JsonResponse:
    """Answers with the time at which the words are safe; saving them is not activity."""
    answer = find_answer(request.user, cycle, organisation, code)
    authorise(request.user, Permission.ANSWER, answer.assessment.organisation)
    form = WorkingForm(_sent(request))
    if not form.is_valid():
        return JsonResponse({"error": "What was sent cannot be kept."}, status=422)
    try:
        text = keep_working_text(
            answer=answer, user=request.user, at=timezone.now(), **form.cleaned_data
        )
    except NotOpen as refusal:
        return JsonResponse({"error": str(refusal)}, status=409)
    return JsonResponse({"saved_at": f"{timezone.localtime(text.saved_at):%H:%M}"})


def _sent(request: HttpRequest) -> Mapping[str, Any]:
    """A form's fields, or an object of JSON; anything else is as if nothing had been sent."""
    if request.content_type != "application/json":
        return request.POST
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError):
        return {}
    return sent if isinstance(sent, dict) else {}
