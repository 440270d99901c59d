"""The frame of every page, and the pages shown when something went wrong."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import engines
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]


def rendered(source="", request=None, **context):
    template = engines["django"].from_string('{% extends "base.html" %}' + source)
    return template.render(context, request)


def person():
    return SimpleNamespace(
        is_authenticated=True, email="lead@example.org", holds=lambda *_roles: True
    )


def test_frame_names_the_service_without_the_nhs_logo(rf, settings):
    html = rendered(request=rf.get("/"))
    assert f'<a class="nhsuk-header__service-name" href="/">{settings.SERVICE_NAME}</a>' in html
    assert "nhsuk-header__logo" not in html
    assert "NHS" not in re.sub(r"HTMLScript|nhsuk", "", html)
    assert 'href="/accounts/login/"' in html
    for page in ("accessibility", "privacy", "cookies", "who-can-do-what"):
        assert f'href="/help/{page}/"' in html


def test_organisation_may_set_its_own_logo(rf, settings):
    settings.ORGANISATION_LOGO = "favicon.svg"
    assert 'class="nhsuk-header__organisation-logo"' in rendered(request=rf.get("/"))


def test_signing_out_is_a_form_with_a_token(rf):
    html = rendered(request=rf.get("/"), user=person())
    form = re.search(r'<form class="nhsuk-header__account-form".*?</form>', html, re.S).group()
    assert 'method="post"' in form
    assert "csrfmiddlewaretoken" in form


def test_address_in_the_header_leads_to_the_own_account(rf):
    html = rendered(request=rf.get("/"), user=person())
    link = re.search(r'<a class="nhsuk-header__account-link" href="(.+?)">(.*?)</a>', html, re.S)
    assert link[1] == "/account/"
    assert "lead@example.org" in link[2]


def test_signed_in_page_carries_the_session_warning(rf):
    request = rf.get("/")
    request.user = person()
    html = rendered(request=request)
    assert 'data-session-seconds="3600" data-session-extend-url="/session/extend/"' in html
    assert '<dialog class="portal-dialog"' in html
    assert "after 60 minutes" in html


def test_visitors_page_has_no_session_warning(rf):
    html = rendered(request=rf.get("/"))
    assert "<dialog" not in html
    assert "data-session-seconds" not in html


def test_no_script_or_style_needs_more_than_the_nonce(rf):
    request = rf.get("/")
    request.csp_nonce = "a-nonce-of-this-request"
    html = rendered(request=request)
    assert html.count("<script") == 2
    assert re.findall(r"<script(?![^>]*nonce=\"[^\"]{8,}\")", html) == []
    for path in (ROOT / "templates").rglob("*.html"):
        if "print" not in path.parts and "emails" not in path.parts:
            assert not re.search(r"\s(style|on[a-z]+)=", path.read_text()), path


@pytest.mark.parametrize("demo", [True, False])
def test_demonstration_says_so(rf, demo):
    html = rendered(request=rf.get("/"), demo=demo)
    assert ("This is a demonstration with made-up answers" in html) is demo


def test_title_begins_with_error(rf):
    source = "{% block title %}Sign off{% endblock %}"
    assert "<title>Error: Sign off – " in rendered(source, rf.get("/"), page_error=True)
    assert "<title>Sign off – " in rendered(source, rf.get("/"))


def test_notice_gives_way_to_messages(rf):
    source = "{% block notice %}closes soon{% endblock %}"
    assert "closes soon" in rendered(source, rf.get("/"))
    waiting = [SimpleNamespace(level_tag="success", __str__=str)]
    html = rendered(source, rf.get("/"), messages=waiting)
    assert "closes soon" not in html
    assert "nhsuk-notification-banner--success" in html


def test_draft_status_shows_the_last_save():
    template = get_template("components/autosave_status.html")
    assert "data-autosave-status></p>" in template.render({})
    assert "Draft saved at" not in template.render({})


def test_back_link_stands_in_a_nav():
    html = get_template("components/back_link.html").render({"href": "/a/"})
    assert html.startswith('<nav aria-label="Back"><a class="nhsuk-back-link" href="/a/">Back</a>')


@pytest.mark.parametrize("name", ["403", "404", "429"])
def test_error_page_has_the_frame(rf, name):
    html = get_template(f"{name}.html").render({}, rf.get("/"))
    assert "<h1" in html
    assert 'aria-label="Account"' in html


@pytest.mark.parametrize("name", ["400", "403_csrf", "500"])
def test_error_page_needs_nothing(name):
    html = get_template(f"{name}.html").render()
    assert "<h1" in html
    assert "<script" not in html
    assert "Anti-racism progress" in html
    for path in re.findall(r'(?:href|src)="/static/([^"]+)"', html):
        assert (ROOT / "static" / path).is_file()


def test_every_template_is_short():
    long = [p for p in (ROOT / "templates").rglob("*.html") if p.read_text().count("\n") > 100]
    assert [
        p for p in long if {"nhsuk", "components"} & set(p.parts) or p.parent.name == "templates"
    ] == []
