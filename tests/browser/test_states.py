"""Pages that show themselves in one state only: refusals, locks, invitations, sign-in, errors."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.cache import cache
from django.utils import timezone

from assessments import services
from assessments.models import Cycle
from portal import services as portal_services
from portal.models import User
from portal.roles import Role
from portal.views import help as help_pages
from reporting.services import comment_on_pack, redact_report
from tests import factories
from tests.places import Where, World
from tests.reporting import packs

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONE = "/assessments/2026/north-east-london/"


@pytest.fixture(autouse=True)
def nothing_tried_before():
    """Limits on guessing are kept in the cache, which tests share."""
    cache.clear()


@pytest.fixture
def send(page):
    """Sends a form of the page that is open, and says how the server answered."""

    def click(name, *, exact=True):
        with page.expect_navigation() as sent:
            page.get_by_role("button", name=name, exact=exact).click()
        return sent.value.status

    return click


# The assessment, from half answered to released


def test_incomplete_assessment_is_not_sent(visit, enter, findings, send, open_now, lead):
    enter(lead)
    visit(f"{ONE}check/")
    assert send("Send for sign-off") == 422
    assert findings("check refused") == []


def test_section_is_assigned_on_a_page_of_its_own(visit, enter, findings, open_now, lead):
    enter(lead)
    visit(f"{ONE}assign/?section=W")
    assert findings("assign section") == []


def test_answer_typed_while_the_assessment_was_sent_is_shown_and_not_saved(
    visit, enter, findings, send, open_now, lead, contributor
):
    at = timezone.now()
    factories.complete_assessment(open_now, by=lead, at=at)
    enter(lead)
    page = visit(f"{ONE}L1/")
    page.get_by_role("textbox", name="What is in place").fill("Too late, and not lost")
    services.send_for_sign_off(assessment=open_now, by=lead, at=at)
    assert send("Save and continue") == 409
    assert page.get_by_role("heading", name="What you wrote is not saved").is_visible()
    assert page.locator("#unsaved + p + p").inner_text() == "Too late, and not lost"
    assert findings("answer unsaved") == []
    visit(f"{ONE}L1/")
    assert findings("answer read") == []


def test_evidence_cannot_leave_an_answer_that_was_sent(
    visit, enter, findings, send, open_now, lead
):
    at = timezone.now()
    factories.complete_assessment(open_now, by=lead, at=at)
    enter(lead)
    visit(f"{ONE}L1/")
    services.send_for_sign_off(assessment=open_now, by=lead, at=at)
    assert send("No longer cite", exact=False) == 409
    assert findings("evidence locked") == []


def test_sponsor_is_told_what_is_missing_then_signs_and_releases(
    visit, enter, findings, send, open_now, lead, sponsor
):
    at = timezone.now()
    factories.complete_assessment(open_now, by=lead, at=at)
    services.send_for_sign_off(assessment=open_now, by=lead, at=at)
    cited = open_now.answers.get(item__code="L1").citations.get()
    cited.evidence.dated_on = at.date().replace(year=at.year - 3, day=1)
    cited.evidence.save()
    enter(sponsor)
    page = visit(f"{ONE}sign-off/")
    page.get_by_role("checkbox").check()
    assert send("Sign off") == 409
    assert findings("sign off incomplete") == []
    cited.evidence.dated_on = at.date().replace(month=1, day=1)
    cited.evidence.save()
    page.get_by_role("checkbox").check()
    assert send("Sign off") == 200
    assert page.get_by_text("Your reference").is_visible()
    assert findings("signed off") == []


def test_mid_year_update_lists_steps_and_measures(visit, enter, findings, framework, system, lead):
    at = timezone.now()
    names = ("due_at", "closes_at", "last_release_at")
    dates = {name: at + timedelta(days=30 + n) for n, name in enumerate(names)}
    factories.open_cycle(
        framework,
        slug="2026-mid-year",
        name="Mid-year update 2026",
        kind=Cycle.Kind.MID_YEAR,
        opens_at=at - timedelta(days=1),
        **dates,
    )
    enter(lead)
    visit("/assessments/2026-mid-year/north-east-london/")
    assert findings("mid-year") == []


def test_paper_that_was_withheld_says_so(visit, enter, findings, framework):
    world = World(framework)
    report = world.places[Where.OWN_SIGNED].rows["report"]
    redact_report(report=report, reason="It named a person.", by=None, at=timezone.now())
    enter(world.people[Role.BOARD])
    page = visit(f"/reports/{report.reference}/")
    assert page.get_by_text("It named a person.").is_visible()
    assert findings("report withheld") == []


def test_london_pack_is_checked_by_its_systems(visit, enter, findings, framework, heg):
    pack = packs.in_check(packs.released(framework, "north-east-london"), heg)
    place = factories.organisation("north-east-london")
    lead = packs.person("lead", place)
    words = {"text": "L2 is not what we signed.", "agrees": False, "by": lead, "at": packs.AT}
    with time_machine.travel(packs.AT + timedelta(hours=1)):
        enter(lead)
        visit("/")
        assert findings("home with a check") == []
        comment_on_pack(pack=pack, organisation=place, **words)
        enter(heg)
        visit("/london-pack/2026/")
        assert findings("pack in its check") == []


def test_comparison_says_when_there_is_nothing_to_compare(visit, enter, findings, heg):
    enter(heg)
    visit("/comparison/")
    assert findings("comparison none") == []


def test_comparison_says_when_nobody_takes_part(visit, enter, findings, heg, framework):
    factories.open_cycle(framework)
    enter(heg)
    for path in ("/comparison/2026/", "/comparison/2026/L1/"):
        visit(path)
        assert findings(f"comparison empty {path}") == []


def test_other_version_of_the_framework_says_what_it_is(visit, findings, framework):
    factories.small_framework("small-0", is_current=False)
    visit("/framework/?version=small-0")
    assert findings("other version") == []


# Coming in


@pytest.fixture
def invitation(system, lead):
    """For somebody who has an account: the token of its link."""
    factories.UserFactory(email="known@example.org")
    _invitation, token = portal_services.invite(
        email="known@example.org",
        name="Known Person",
        organisation=system,
        role=Role.CONTRIBUTOR,
        by=lead,
        at=timezone.now(),
    )
    return f"/invitations/{token}/"


def test_invitation_is_met_by_whoever_opens_it(visit, enter, findings, invitation, lead):
    visit(invitation)
    assert findings("invitation sign in") == []
    enter(lead)
    visit(invitation)
    assert findings("invitation somebody else") == []
    enter(User.objects.get(email="known@example.org"))
    visit(invitation)
    assert findings("invitation accept") == []
    visit("/invitations/no-such-token/", status=404)
    assert findings("invitation closed") == []


def test_authenticator_is_asked_for_after_the_password(visit, findings, page, send, lead):
    TOTP.activate(lead, generate_totp_secret())
    visit("/accounts/login/")
    page.fill("[name=login]", lead.email)
    page.fill("[name=password]", factories.PASSWORD)
    assert send("Sign in") == 200
    assert page.url.endswith("/accounts/2fa/authenticate/")
    assert findings("authenticator code") == []


def test_signing_out_is_asked_about_when_it_is_opened_as_a_page(visit, enter, findings, lead):
    enter(lead)
    visit("/accounts/logout/")
    assert findings("sign out") == []


def test_account_without_a_password_may_set_one(visit, enter, findings, lead):
    lead.set_unusable_password()
    lead.save()
    enter(lead)
    visit("/accounts/password/set/")
    assert findings("password set") == []


def test_single_sign_on_asks_first_and_explains_what_went_wrong(visit, findings, settings):
    app = {"provider_id": "sso", "name": "NHS single sign-on", "client_id": "x", "secret": "x"}
    app["settings"] = {"server_url": "https://sso.example.org"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    visit("/accounts/oidc/sso/login/")
    assert findings("single sign-on") == []
    visit("/accounts/oidc/sso/login/callback/?error=access_denied&state=forged", status=401)
    assert findings("single sign-on error") == []


# What went wrong


def test_page_that_is_not_there(visit, enter, findings, lead):
    for person in (None, lead):
        enter(person)
        visit("/nowhere/at/all/", status=404)
        assert findings(f"404 {person and 'signed in'}") == []


def test_page_that_is_not_for_this_person(visit, enter, findings, open_now, contributor):
    enter(contributor)
    visit("/cycles/", status=403)
    assert findings("403") == []


def test_form_from_before_signing_in_elsewhere(visit, findings, page, send):
    visit("/accounts/password/reset/")
    page.context.clear_cookies()
    page.fill("[name=email]", "somebody@example.org")
    assert send("Send the link") == 403
    assert findings("403 csrf") == []


def test_too_many_attempts(visit, findings, page, send, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "reset_password": "1/m/ip"}
    for expected in (200, 429):
        visit("/accounts/password/reset/")
        page.fill("[name=email]", "somebody@example.org")
        assert send("Send the link") == expected
    assert page.locator("body.nhsuk-frontend-supported").is_visible()
    assert findings("429") == []


def test_request_that_cannot_be_read(visit, findings, page, live_server, settings):
    settings.ALLOWED_HOSTS = ["progress.example.org"]
    visit("/", status=400, scripted=False)
    assert findings("400") == []


def test_fault_of_ours(visit, findings, monkeypatch, lead):
    def broken(*_arguments, **_more):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(help_pages, "TemplateResponse", broken)
    visit("/help/", status=500, scripted=False)
    assert findings("500") == []
