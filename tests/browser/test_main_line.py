"""The main job in Chromium: assess, send, sign off, download, release, compare; nothing lost."""

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from assessments.models import Answer, WorkingText
from portal.roles import Role
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASSESSMENT = "/assessments/2026/north-east-london/"


@pytest.fixture
def now(assessment):
    """The cycle, open at the real time, since the browser's requests cannot be moved in time."""
    at = timezone.now()
    type(assessment.cycle).objects.update(
        opens_at=at - timedelta(days=30),
        due_at=at + timedelta(days=30),
        closes_at=at + timedelta(days=60),
        last_release_at=at + timedelta(days=90),
    )
    return at


@pytest.fixture
def sign_in(page, live_server):
    """Through the sign-in page, as people do."""

    def enter(user):
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/accounts/login/")
        page.fill("[name=login]", user.email)
        page.fill("[name=password]", factories.PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(f"{live_server.url}/**")
        assert page.get_by_text("Sign out").is_visible()
        return page

    return enter


def test_from_first_answer_to_the_comparison(
    visit, sign_in, live_server, assessment, now, lead, sponsor, heg, system
):
    page = sign_in(lead)
    visit(ASSESSMENT)
    for code in assessment.answers.in_order().values_list("item__code", flat=True):
        visit(f"{ASSESSMENT}{code}/")
        page.check('input[name=level][value="2"]')
        page.check('input[name=coverage][value="some"]')
        page.fill("textarea[name=narrative]", f"What we do about {code}, and where not.")
        page.get_by_role("button", name="Save and continue").click()
        page.wait_for_load_state()
    assert Answer.objects.filter(level=2, coverage="some").count() == 8

    visit(f"{ASSESSMENT}check/")
    page.locator("form[action$='/send/'] button").click()
    page.wait_for_load_state()
    assessment.refresh_from_db()
    assert assessment.sent_by == lead

    sign_in(sponsor)
    visit(f"{ASSESSMENT}sign-off/")
    page.check("input[name=attestation]")
    page.get_by_role("button", name="Sign off", exact=True).click()
    page.wait_for_load_state()
    assessment.refresh_from_db()
    assert assessment.signed_by == sponsor
    call_command("run_jobs", "--quiet")

    sign_in(factories.user_with(Role.BOARD, system))
    visit("/reports/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile(r"Download .*board-paper-v1\.pdf")).click()
    assert waiting.value.suggested_filename == "2026-north-east-london-board-paper-v1.pdf"
    assert waiting.value.path().read_bytes().startswith(b"%PDF-1.7")

    sign_in(heg)
    assert "Under way" not in visit("/comparison/2026/").content()
    sign_in(sponsor)
    visit(f"{ASSESSMENT}release/")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    sign_in(heg)
    assert visit("/comparison/2026/").content().count("Under way") == 8


def test_words_typed_after_the_session_ended_are_back_after_signing_in(
    visit, sign_in, live_server, assessment, now, lead
):
    page = sign_in(lead)
    visit(f"{ASSESSMENT}L1/")
    Session.objects.all().delete()
    page.check('input[name=level][value="2"]')
    words = "What is in place. " * 160
    page.fill("textarea[name=narrative]", words)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/accounts/login/**")
    assert WorkingText.objects.get(user=lead).narrative == words.strip()

    sign_in(lead)
    visit(f"{ASSESSMENT}L1/")
    assert page.input_value("textarea[name=narrative]").strip() == words.strip()


def test_typing_is_kept_and_the_page_says_when(visit, sign_in, assessment, now, lead):
    page = sign_in(lead)
    visit(f"{ASSESSMENT}L1/")
    page.fill("textarea[name=narrative]", "Half a thought")
    page.get_by_text(re.compile(r"Draft saved at \d{1,2}:\d{2}")).first.wait_for()
    assert WorkingText.objects.get(user=lead).narrative == "Half a thought"
