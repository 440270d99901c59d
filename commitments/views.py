"""The public pages of the framework, in its current version or one named by ?version=."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from commitments import queries
from commitments.models import Framework, Item, Passage, Section
from commitments.text import Glossary
from portal.text import clean_text

SEARCH_LETTERS = 100
RESULTS = 50
"""Search results shown; a search that finds more is asked to be narrower."""


@login_not_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    framework = _framework(request)
    page = queries.overview(framework)
    return _render(request, "overview", framework, page=page, versions=queries.versions())


@login_not_required
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    framework = _framework(request)
    try:
        page = queries.section_page(framework, slug)
    except Section.DoesNotExist:
        raise Http404("The framework has no commitment or enabler of this name.") from None
    glossary = Glossary(queries.defined_terms(framework))
    return _render(request, "section", framework, page=page, glossary=glossary)


@login_not_required
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    framework = _framework(request)
    try:
        page = queries.item_page(framework, code)
    except Item.DoesNotExist:
        raise Http404("The framework has no action or consideration with this code.") from None
    above = {"text": page.section.title, "href": page.section.get_absolute_url()}
    glossary = Glossary(page.terms)
    return _render(request, "item", framework, above, page=page, glossary=glossary)


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    framework = _framework(request)
    words = clean_text(request.GET.get("q", ""))[:SEARCH_LETTERS]
    results = queries.search(framework, words)
    return _render(
        request,
        "search",
        framework,
        words=words,
        results=results[:RESULTS],
        found=len(results),
    )


@login_not_required
@require_safe
def levels(request: HttpRequest) -> HttpResponse:
    framework = _framework(request)
    glossary = Glossary(queries.defined_terms(framework))
    rows = queries.levels(framework)
    return _render(request, "levels", framework, levels=rows, glossary=glossary)


@login_not_required
@require_safe
def case_examples(request: HttpRequest) -> HttpResponse:
    framework = _framework(request)
    rows = queries.case_examples(framework)
    return _render(request, "case_examples", framework, examples=rows)


@login_not_required
@require_safe
def definitions(request: HttpRequest) -> HttpResponse:
    framework = _framework(request)
    rows = queries.definitions(framework)
    return _render(request, "definitions", framework, definitions=rows)


@login_not_required
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    return _passages(request, "statement", Passage.Kind.STATEMENT)


@login_not_required
@require_safe
def theory_of_change(request: HttpRequest) -> HttpResponse:
    return _passages(request, "theory_of_change", Passage.Kind.THEORY_OF_CHANGE)


@login_not_required
@require_safe
def priorities(request: HttpRequest) -> HttpResponse:
    return _passages(request, "priorities", Passage.Kind.PRIORITY)


@login_not_required
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    return _passages(request, "duties", Passage.Kind.DUTY, Passage.Kind.STRATEGY)


def _passages(request: HttpRequest, template: str, *kinds: str) -> HttpResponse:
    framework = _framework(request)
    found = queries.passages(framework, *kinds)
    return _render(request, template, framework, passages=found)


def _framework(request: HttpRequest) -> Framework:
    try:
        return queries.find_framework(clean_text(request.GET.get("version", "")))
    except Framework.DoesNotExist:
        raise Http404("There is no such version of the framework.") from None


def _render(
    request: HttpRequest,
    template: str,
    framework: Framework,
    *above: dict[str, str],
    **context: Any,
) -> HttpResponse:
    """A page whose links stay within the version it shows."""
    query = "" if framework.is_current else f"?version={framework.version}"
    crumbs = [{"text": "Framework", "href": reverse("commitments:overview")}, *above]
    context |= {
        "framework": framework,
        "version": query,
        "crumbs": [{**crumb, "href": crumb["href"] + query} for crumb in crumbs],
    }
    return render(request, f"commitments/{template}.html", context)
