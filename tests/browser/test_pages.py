"""Every role's pages in Chromium: they answer, script runs, nothing overflows, and are valid."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from assessments import services
from assessments.models import Cycle
from portal.roles import Role
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONE = "/assessments/2026/north-east-london/"
PAGES = {
    "anonymous": (
        "/", "/accounts/login/", "/accounts/password/reset/", "/help/", "/help/accessibility/",
        "/help/privacy/", "/help/cookies/", "/help/levels-and-evidence/", "/help/who-can-do-what/",
        "/framework/", "/framework/leadership/", "/framework/L1/", "/framework/levels/",
        "/framework/search/?q=wording",
    ),
    "lead": (
        "/", "/assessments/", ONE, f"{ONE}L1/", f"{ONE}D1/", f"{ONE}L1/history/", f"{ONE}check/",
        f"{ONE}messages/", f"{ONE}assign/", "/plan/north-east-london/", "/account/",
        "/evidence/north-east-london/", "/organisations/north-east-london/",
        "/organisations/north-east-london/people/invite/", "/reports/", "/my-actions/",
    ),
    "sponsor": (f"{ONE}sign-off/", f"{ONE}sign-off/questions/"),
    "heg": (
        "/", "/cycles/", "/cycles/2026/", "/cycles/new/", "/comparison/2026/",
        "/comparison/2026/L1/", "/organisations/", "/reports/",
    ),
    "contributor": ("/", "/my-actions/", f"{ONE}L2/"),
}  # fmt: skip


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """Where each page's HTML goes, as the server sent it."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def people(assessment, lead, sponsor, heg, contributor):
    """An open assessment; the contributor was asked for L2, the rest stands as its tests need."""
    at = timezone.now()
    Cycle.objects.update(
        opens_at=at - timedelta(days=30),
        due_at=at + timedelta(days=30),
        closes_at=at + timedelta(days=60),
        last_release_at=at + timedelta(days=90),
    )
    asked = list(assessment.answers.filter(item__code="L2"))
    services.assign_answers(answers=asked, person=contributor, due_on=None, by=lead, at=at)
    return {"lead": lead, "sponsor": sponsor, "heg": heg, "contributor": contributor}


@pytest.fixture
def signed_in(page, client, live_server):
    def enter(user):
        client.force_login(user)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies(
            [{"name": "sessionid", "value": cookie.value, "url": live_server.url}]
        )

    return enter


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_sound(who, visit, violations, shots, people, signed_in, assessment, collected):
    if who == "sponsor":
        factories.complete_assessment(assessment, by=people["lead"], at=timezone.now())
        services.send_for_sign_off(assessment=assessment, by=people["lead"], at=timezone.now())
    if who in people:
        signed_in(people[who])
    wrong = {}
    for path in PAGES[who]:
        for size in ("desktop", "phone"):
            page = visit(path, size=size)
            found = violations(page)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append("wider than the window")
            if found:
                name = f"{who}{path.replace('/', '_').replace('?', '_')}{size}.png"
                page.screenshot(path=shots / name, full_page=True)
                wrong[f"{path} {size}"] = found
        html = page.request.get(page.url).text()
        name = f"{who}{path.replace('/', '_').replace('?', '_')}.html"
        (collected / name).write_text(html, encoding="utf-8")
    assert wrong == {}


def test_errors_are_sound_and_land_on_the_field(visit, violations, people, signed_in):
    signed_in(people["lead"])
    page = visit(f"{ONE}L1/")
    page.get_by_role("button", name="Save and continue").click()
    page.locator(".nhsuk-error-summary").wait_for()
    assert page.title().startswith("Error: ")
    assert violations(page) == []
    page.get_by_role("link", name="Select how far this action has got").click()
    assert page.evaluate("document.activeElement.name") == "level"


def test_board_member_reads_the_reports_page(visit, violations, signed_in, system):
    signed_in(factories.user_with(Role.BOARD, system))
    assert violations(visit("/reports/")) == []


# The design system's own markup of pagination and of dates says in a role what its element says.
UPSTREAM = {
    "The “navigation” role is unnecessary for element “nav”.",
    "The “group” role is unnecessary for element “fieldset”.",
}


def test_html_of_the_pages_is_valid(collected):
    """Neither errors nor warnings; one run of the checker for all pages, as it starts slowly."""
    files = sorted(collected.glob("*.html"))
    assert len(files) > 30
    jar = Path(sys.prefix) / "vnu-jar" / "vnu.jar"
    assert jar.exists(), "script/test fetches the HTML checker: run it once"
    run = subprocess.run(
        ["java", "-jar", jar, "--format", "json", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    found = json.loads(run.stderr)["messages"]
    wrong = [m for m in found if m["message"] not in UPSTREAM]
    assert [f"{Path(m['url']).name}: {m['message']}" for m in wrong] == []
