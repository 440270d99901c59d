"""What people say to each other about an answer: ask, reply, hand in, decline, accept, return."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.forms.assignments import WordsForm
from assessments.models import Answer, Assignment
from assessments.services import (
    Refusal,
    accept,
    ask,
    decline,
    hand_in,
    reply,
    return_to_contributor,
)
from assessments.views.finding import assignment_of, find_answer
from portal.roles import Permission, authorise


@dataclass(frozen=True)
class Deed:
    """One thing to say about an answer: how the page puts it, who may, and the service it calls."""

    title: str
    label: str
    empty: str
    button: str
    done: str
    permission: Permission
    do: Callable[..., object]
    hint: str = ""
    required: bool = True
    own: bool = False
    """Only for the person who was asked."""
    leaves: bool = False
    """The person no longer has the answer afterwards."""


def _on_assignment(service: Callable[..., object], words: str) -> Callable[..., object]:
    def do(answer: Answer, text: str, **who: Any) -> object:
        return service(assignment=_given(answer), **{words: text}, **who)

    return do


DEEDS = {
    "ask": Deed(
        title="Ask about this",
        label="What would you like to ask?",
        hint="The people who work on this answer will see it, with your name.",
        empty="Enter what you would like to ask",
        button="Ask",
        done="Your words have been sent.",
        permission=Permission.ANSWER,
        do=ask,
    ),
    "reply": Deed(
        title="Reply",
        label="What is your reply?",
        hint="Everybody who has written about this answer will see it.",
        empty="Enter your reply",
        button="Reply",
        done="Your reply has been sent.",
        permission=Permission.ANSWER,
        do=reply,
    ),
    "hand-in": Deed(
        title="Hand in your answer",
        label="Is there anything the assessment lead should know? (optional)",
        empty="What you write must include text that can be seen",
        button="Hand in",
        done="Handed in. The assessment lead has been told.",
        permission=Permission.ANSWER,
        do=_on_assignment(hand_in, "note"),
        required=False,
        own=True,
    ),
    "decline": Deed(
        title="Say that you cannot answer this",
        label="Why can you not answer this?",
        hint="If you know who could, name their role. You will no longer see this answer.",
        empty="Enter why you cannot answer this",
        button="Give it back",
        done="Given back. The assessment lead has been told.",
        permission=Permission.ANSWER,
        do=_on_assignment(decline, "reason"),
        own=True,
        leaves=True,
    ),
    "return": Deed(
        title="Return this answer",
        label="What is still wanted?",
        empty="Enter what is still wanted",
        button="Return",
        done="Returned, with your words.",
        permission=Permission.ASSIGN,
        do=_on_assignment(return_to_contributor, "text"),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def converse(
    request: HttpRequest, cycle: str, organisation: str, code: str, deed: str
) -> HttpResponse:
    """One box of words, sent to whom it concerns."""
    answer, what = find_answer(request.user, cycle, organisation, code), DEEDS[deed]
    authorise(request.user, what.permission, answer.assessment.organisation)
    if what.own and _given(answer).person_id != request.user.pk:
        raise PermissionDenied("This was given to somebody else")
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        label=what.label,
        hint=what.hint,
        empty=what.empty,
        required=what.required,
    )
    context = {"answer": answer, "deed": what, "form": form}
    if not form.is_bound:
        return render(request, "assessments/words.html", context)
    if not form.is_valid():
        return render(request, "assessments/words.html", context, status=422)
    try:
        what.do(answer=answer, text=form.cleaned_data["text"], by=request.user, at=timezone.now())
    except Refusal as refusal:
        context["refusal"] = str(refusal)
        return render(request, "assessments/words.html", context, status=409)
    messages.success(request, what.done)
    return redirect("assessments:my_actions" if what.leaves else answer)


@require_POST
def accept_answer(request: HttpRequest, cycle: str, organisation: str, code: str) -> HttpResponse:
    """The lead takes what was handed in."""
    answer = find_answer(request.user, cycle, organisation, code)
    authorise(request.user, Permission.ASSIGN, answer.assessment.organisation)
    try:
        accept(assignment=_given(answer), by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"{answer.item.code} accepted.")
    return redirect(answer)


def _given(answer: Answer) -> Assignment:
    assignment = assignment_of(answer)
    if assignment is None:
        raise Http404("Nobody was asked")
    return assignment
