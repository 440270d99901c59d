"""The London pack's pages: the group drafts, opens the check, replies, issues; systems check."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Cycle
from assessments.services import Refusal
from portal import jobs
from portal.nhsuk import NHSForm
from portal.roles import Permission, authorise
from reporting.forms import CommentForm, DraftForm, ReplyForm, VersionForm
from reporting.models import Pack, PackComment
from reporting.queries.packs import CheckPage, PackPage, check_page, pack_page
from reporting.services import (
    CheckClosed,
    StaleReply,
    comment_on_pack,
    draft_pack,
    issue_pack,
    open_check,
    reply_to_comment,
)

MOVED_ON = "Somebody else has drafted a newer version since you opened this page."


@require_safe
def pack(request: HttpRequest, cycle: str) -> HttpResponse:
    """How the pack stands, and what the group does next."""
    authorise(request.user, Permission.MAKE_PACK)
    page = pack_page(_full_cycle(cycle), at=timezone.now())
    return render(request, "reporting/packs/pack.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, cycle: str) -> HttpResponse:
    """Draft the first version, or the next."""
    authorise(request.user, Permission.MAKE_PACK)
    found = _full_cycle(cycle)
    page = pack_page(found, at=timezone.now())
    form = DraftForm(_sent(request), version=page.version, note=_last_note(page))

    def do(**who: Any) -> object:
        words = {"reason": ""} | form.cleaned_data
        return draft_pack(cycle=found, **words, **who)

    done = "The pack is being drafted."
    return _page(request, "draft", form, do, page, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def open_pack_check(request: HttpRequest, cycle: str) -> HttpResponse:
    """Give the systems in the newest version five working days to check its facts."""
    authorise(request.user, Permission.MAKE_PACK)
    page, newest, form = _newest(request, cycle)

    def do(**who: Any) -> object:
        return open_check(pack=newest, **who)

    done = "The factual check is open. The systems in the pack are being told."
    return _page(request, "open_check", form, do, page, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: HttpRequest, cycle: str) -> HttpResponse:
    """Issue the newest version to everybody in it."""
    authorise(request.user, Permission.MAKE_PACK)
    page, newest, form = _newest(request, cycle)

    def do(**who: Any) -> object:
        return issue_pack(pack=newest, **who)

    done = "The pack is issued. The systems in it are told as soon as it can be read."
    return _page(request, "issue", form, do, page, done=done)


@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, cycle: str, version: int, number: int) -> HttpResponse:
    """Answer one comment; another member's answer is never overwritten unseen."""
    authorise(request.user, Permission.MAKE_PACK)
    rows = PackComment.objects.visible_to(request.user).filter(agrees=False)
    comment = get_object_or_404(
        rows.select_related("organisation", "by", "pack__cycle", "pack__factual_check"),
        pack__cycle__slug=cycle,
        pack__version=version,
        number=number,
    )
    form = ReplyForm(_sent(request), initial=_said(comment))
    context: dict[str, Any] = {"comment": comment, "cycle": comment.pack.cycle, "form": form}
    template = "reporting/packs/reply.html"
    if not form.is_bound:
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    words = {name: form.cleaned_data[name] for name in ("reply", "version")}
    try:
        reply_to_comment(
            comment=comment,
            changes_pack=form.changes,
            by=request.user,
            at=timezone.now(),
            **words,
        )
    except StaleReply as stale:
        form.data = form.data.copy()
        form.data["version"] = str(stale.current.version)
        context |= {"refusal": str(stale), "theirs": stale.current}
        return render(request, template, context, status=409)
    except Refusal as refusal:
        return render(request, template, {**context, "refusal": str(refusal)}, status=409)
    messages.success(request, "Your reply is saved.")
    return redirect("reporting:pack", cycle)


@require_POST
def retry(request: HttpRequest, cycle: str) -> HttpResponse:
    """Try again what could not be made."""
    authorise(request.user, Permission.MAKE_PACK)
    page = pack_page(_full_cycle(cycle), at=timezone.now())
    for version in page.versions:
        if version.job:
            jobs.retry(version.job, at=timezone.now())
    return redirect("reporting:pack", cycle)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, cycle: str, organisation: str) -> HttpResponse:
    """A system's lead or sponsor reads the draft and says whether it gets the facts right."""
    page = check_page(request.user, cycle, organisation, at=timezone.now())
    if page is None:
        raise Http404
    authorise(request.user, Permission.CHECK_PACK, page.organisation)
    form = CommentForm(_sent(request), initial={"version": page.version.pack.version})
    template, context = "reporting/packs/check.html", {"page": page, "form": form}
    if not form.is_bound:
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    refusal = _comment(request, page, form)
    if refusal:
        return render(request, template, {**context, "refusal": refusal}, status=409)
    messages.success(request, "Thank you. The Health Equity Group has what you said.")
    return redirect(page.url)


def _comment(request: HttpRequest, page: CheckPage, form: CommentForm) -> str:
    """Keep what was said; why it was not kept, or nothing."""
    pack = page.version.pack
    if form.cleaned_data["version"] != pack.version:
        form.data = form.data.copy()
        form.data["version"] = str(pack.version)
        return f"{MOVED_ON} Read it, then send what you wrote again."
    try:
        comment_on_pack(
            pack=pack,
            organisation=page.organisation,
            agrees=form.agrees,
            text=form.cleaned_data["text"],
            by=request.user,
            at=timezone.now(),
        )
    except CheckClosed as refusal:
        return f"{refusal} Write to the Health Equity Group instead."
    return ""


def _full_cycle(slug: str) -> Cycle:
    cycles = Cycle.objects.full().select_related("framework")
    found: Cycle = get_object_or_404(cycles, slug=slug)
    return found


def _newest(request: HttpRequest, cycle: str) -> tuple[PackPage, Pack, VersionForm]:
    """The page, the version that the form was made from, and the form; 404 without a pack.

    A form of an older version finds that one, and the service refuses it.
    """
    page = pack_page(_full_cycle(cycle), at=timezone.now())
    if page.newest is None:
        raise Http404
    form = VersionForm(_sent(request), initial={"version": page.version})
    seen = form.cleaned_data["version"] if form.is_bound and form.is_valid() else page.version
    packs = Pack.objects.visible_to(request.user).filter(cycle=page.cycle)
    return page, get_object_or_404(packs, version=seen), form


def _last_note(page: PackPage) -> str:
    return page.newest.pack.note if page.newest else ""


def _said(comment: PackComment) -> dict[str, Any]:
    changes = {True: "yes", False: "no", None: None}[comment.changes_pack]
    return {"reply": comment.reply, "changes_pack": changes, "version": comment.version}


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _page(
    request: HttpRequest,
    name: str,
    form: NHSForm,
    do: Callable[..., object],
    page: PackPage,
    *,
    done: str,
) -> HttpResponse:
    """One form and its service; what the service refuses stands above the form."""
    template, context = f"reporting/packs/{name}.html", {"page": page, "form": form}
    if not form.is_bound:
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    try:
        do(by=request.user, at=timezone.now())
    except Refusal as refusal:
        return render(request, template, {**context, "refusal": str(refusal)}, status=409)
    messages.success(request, done)
    return redirect("reporting:pack", page.cycle.slug)
