"""The public page that says whether a paper is genuine."""

from __future__ import annotations

from allauth.decorators import rate_limit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from reporting.forms import VerifyForm
from reporting.queries.verdicts import Verdict, verdict_on_digest, verdict_on_reference
from reporting.uploads import HashUpload


@csrf_exempt  # until the file is hashed as it comes: looking for the token would read it first
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit(action="verify", limit_get=True)
def verify(request: HttpRequest) -> HttpResponse:
    """A file, reference or hash is looked up; an address printed on a paper brings its own."""
    request.upload_handlers = [HashUpload(request)]
    return _verify(request)


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponse:
    form, verdict = _form(request), None
    if form.is_bound and form.is_valid():
        verdict = _verdict(form, request)
    return TemplateResponse(request, "reporting/verify.html", {"form": form, "verdict": verdict})


def _form(request: HttpRequest) -> VerifyForm:
    if request.method == "POST":
        return VerifyForm(request.POST, request.FILES)
    return VerifyForm(request.GET, {}) if "reference" in request.GET else VerifyForm()


def _verdict(form: VerifyForm, request: HttpRequest) -> Verdict:
    if form.digest:
        return verdict_on_digest(form.digest, request.user)
    return verdict_on_reference(form.cleaned_data["reference"], request.user)
