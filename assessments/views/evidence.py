"""The organisation's library of evidence: what is in it, adding, changing, withdrawing, files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from assessments.calendar import london_date
from assessments.forms.answers import VersionForm
from assessments.forms.evidence import EvidenceForm
from assessments.models import Evidence
from assessments.queries import (
    STATES,
    STRENGTHS,
    EvidenceRow,
    Wanted,
    citations_of,
    evidence_row,
    library,
)
from assessments.services import (
    Refusal,
    StaleEvidence,
    add_evidence,
    change_evidence,
    record_download,
    withdraw_evidence,
)
from assessments.uploads import UploadRefused
from assessments.views.own import (
    authorise_change,
    clash,
    find_evidence,
    find_organisation,
    may_change,
    refuse,
    sent,
    show,
    typed,
)
from portal.roles import Permission, authorise

PAGE = 40
FORM = "assessments/evidence/form.html"
WITHDRAW = "assessments/evidence/withdraw.html"
NOT_PROVIDED = "Not provided"


@require_safe
def index(request: HttpRequest, organisation: str) -> HttpResponse:
    """The whole library, or what of it is wanted."""
    own = find_organisation(request.user, organisation)
    authorise(request.user, Permission.READ_DRAFT, own)
    wanted = Wanted.of(request.GET)
    found = library(own, wanted, user=request.user, on=london_date(timezone.now()))
    page = Paginator(found.rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "organisation": own,
        "library": found,
        "wanted": wanted,
        "page": page,
        "pagination": _pagination(page, wanted),
        "strengths": _options("Any strength", STRENGTHS, wanted.strength),
        "states": _options("Everything", STATES, wanted.state),
    }
    return render(request, "assessments/evidence/library.html", context)


@require_safe
def detail(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    """One piece of evidence, also when it was withdrawn, and which answers cite it."""
    evidence = find_evidence(request.user, organisation, key, kept=False)
    authorise(request.user, Permission.READ_DRAFT, evidence.organisation)
    cited = citations_of([evidence], request.user).get(evidence.pk, ())
    row = evidence_row(evidence, london_date(timezone.now()), cited)
    context = {
        "row": row,
        "rows": _facts(row),
        "can_change": may_change(request.user, evidence) and not evidence.withdrawn_at,
    }
    return render(request, "assessments/evidence/detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, organisation: str) -> HttpResponse:
    own, now = find_organisation(request.user, organisation), timezone.now()
    authorise(request.user, Permission.ANSWER, own)
    form = EvidenceForm(sent(request), request.FILES, today=london_date(now))
    back = reverse("assessments:evidence_library", args=[own.slug])
    if not form.is_valid():
        return show(request, FORM, form, organisation=own, back=back)
    try:
        evidence = add_evidence(
            organisation=own, by=request.user, at=now, upload=form.upload, **form.facts
        )
    except UploadRefused as refused:
        form.add_error("file", str(refused))
        return show(request, FORM, form, organisation=own, back=back)
    messages.success(request, f"“{evidence.title}” is in your library.")
    return redirect(evidence)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    evidence, now = find_evidence(request.user, organisation, key), timezone.now()
    authorise_change(request.user, evidence)
    today = london_date(now)
    form = EvidenceForm(sent(request), request.FILES, today=today, evidence=evidence)
    around = {
        "organisation": evidence.organisation,
        "evidence": evidence,
        "back": evidence.get_absolute_url(),
    }
    if not form.is_valid():
        return show(request, FORM, form, **around)
    try:
        change_evidence(
            evidence=evidence,
            version=form.cleaned_data["version"],
            by=request.user,
            at=now,
            upload=form.upload,
            **form.facts,
        )
    except StaleEvidence as stale:
        theirs = EvidenceForm(today=today, evidence=stale.current)
        return clash(request, FORM, form, stale, theirs=theirs, **around)
    except UploadRefused as refused:
        form.add_error("file", str(refused))
        return show(request, FORM, form, **around)
    messages.success(request, "The evidence is saved.")
    return redirect(evidence)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, organisation: str, key: str) -> HttpResponse:
    evidence = find_evidence(request.user, organisation, key)
    authorise_change(request.user, evidence)
    form = VersionForm(sent(request), initial={"version": evidence.version})
    cited = citations_of([evidence], request.user).get(evidence.pk, ())
    around = {"evidence": evidence, "cited": cited}
    if not form.is_valid():
        return show(request, WITHDRAW, form, **around)
    version = form.cleaned_data["version"]
    try:
        withdraw_evidence(evidence=evidence, version=version, by=request.user, at=timezone.now())
    except StaleEvidence as stale:
        form = VersionForm(initial={"version": stale.current.version})
        return refuse(request, WITHDRAW, form, stale, evidence=stale.current, cited=cited)
    except Refusal as refusal:
        return refuse(request, WITHDRAW, form, refusal, **around)
    messages.success(request, f"“{evidence.title}” is withdrawn.")
    return redirect("assessments:evidence_library", organisation)


@require_safe
def file(request: HttpRequest, organisation: str, key: str) -> HttpResponseBase:
    """The file as it was sent, always as a download: nothing uploaded opens in a page."""
    evidence = find_evidence(request.user, organisation, key, kept=False)
    authorise(request.user, Permission.READ_DRAFT, evidence.organisation)
    if evidence.file and not evidence.may_be_downloaded:
        messages.error(request, f"This file cannot be downloaded: {_scan(evidence)}.")
        return redirect(evidence)
    try:
        content = evidence.file.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404("No file") from None
    if request.method == "GET":
        record_download(evidence=evidence, by=request.user, at=timezone.now())
    response = FileResponse(
        content,
        as_attachment=True,
        filename=evidence.file_name,
        content_type=evidence.file_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _options(all_words: str, named: dict[str, str], chosen: str) -> list[dict[str, Any]]:
    lettered = {
        key: f"{key}: {words}" if key in STRENGTHS else words for key, words in named.items()
    }
    return [
        {"value": value, "text": words, "selected": value == chosen}
        for value, words in {"": all_words, **lettered}.items()
    ]


def _pagination(page: Page[EvidenceRow], wanted: Wanted) -> dict[str, Any] | None:
    if page.paginator.num_pages == 1:
        return None

    def to(number: int) -> dict[str, str]:
        asked = {"words": wanted.words, "strength": wanted.strength, "state": wanted.state}
        kept = {name: value for name, value in asked.items() if value}
        return {"href": f"?{urlencode({**kept, 'page': number})}"}

    number = page.number
    return {
        "previous": to(number - 1) if page.has_previous() else None,
        "next": to(number + 1) if page.has_next() else None,
    }


def _facts(row: EvidenceRow) -> list[dict[str, Any]]:
    evidence = row.evidence
    rows = {
        "Where it is": _where(evidence),
        "Its own date": _dated(row),
        "Strength": f"{row.strength}: {row.strength_words}",
        "Described as": ", ".join(row.ticked) or "Nothing that adds strength",
        "How much of the system": evidence.get_coverage_display() or NOT_PROVIDED,
        "Who else may see it": ", ".join(row.shown) or "Nobody else",
        "Cited for": _cited(row),
        "Added": f"by {evidence.added_by.name} on {_day(evidence.added_at)}",
    }
    return [
        {"key": {"text": key}, "value": {"html": format_html("{}", value)}}
        for key, value in rows.items()
    ]


def _where(evidence: Evidence) -> str:
    if evidence.kind == Evidence.Kind.LINK:
        link = '<a class="nhsuk-link" href="{}" rel="noreferrer"><bdi>{}</bdi></a>'
        return format_html(link, evidence.url, evidence.url)
    if evidence.kind == Evidence.Kind.MINUTE:
        return typed(evidence.minute_reference)
    size = max(1, round((evidence.file_size or 0) / 1024))
    words = f"{size:,} KB" if size < 1024 else f"{size / 1024:.1f} MB"
    if not evidence.may_be_downloaded:
        return format_html("<bdi>{}</bdi> ({}), {}", evidence.file_name, words, _scan(evidence))
    link = '<a class="nhsuk-link" href="{}file/" download><bdi>{}</bdi></a> ({})'
    return format_html(link, evidence.get_absolute_url(), evidence.file_name, words)


def _scan(evidence: Evidence) -> str:
    """How the file stands with the virus scanner, in the middle of a sentence."""
    words = evidence.get_file_scan_display()
    return f"{words[0].lower()}{words[1:]}"


def _dated(row: EvidenceRow) -> str:
    day = _day(row.evidence.dated_on)
    if not row.is_stale:
        return day
    return format_html("{} <strong>{}</strong>", day, f"({STATES['stale'].lower()})")


def _cited(row: EvidenceRow) -> str:
    if not row.cited:
        return "No answer yet"
    link = '<a class="nhsuk-link" href="{}">{}</a>'
    lines = (
        (
            one.cycle,
            format_html_join(
                ", ",
                "{}",
                ((format_html(link, url, code) if url else code,) for code, url in one.codes),
            ),
        )
        for one in row.cited
    )
    return format_html_join("", "<div>{}: {}</div>", lines)


def _day(on: Any) -> str:
    on = timezone.localtime(on) if hasattr(on, "hour") else on
    return f"{on.day} {on:%B %Y}"
