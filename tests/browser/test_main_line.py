"""The main job in Chromium, on the real framework: assess, send, sign off, download, release."""

import re

import pytest
from django.core.management import call_command
from pypdf import PdfReader

from assessments.models import Answer
from portal.roles import Role
from tests import factories
from tests.browser.conftest import opened

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASSESSMENT = "/assessments/2026/north-east-london/"
ITEMS = 38


@pytest.fixture
def whole(london_framework, system):
    """North East London's assessment of all that the real framework asks, and a neighbour's."""
    neighbour = factories.organisation("south-east-london")
    assessment = opened(factories.open_assessment(london_framework, system))
    assessment.neighbour = neighbour
    return assessment


@pytest.fixture
def sign_in(page, live_server):
    """Through the sign-in page, as people do."""

    def enter(user):
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/accounts/login/")
        page.fill("[name=login]", user.email)
        page.fill("[name=password]", factories.PASSWORD)
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in", exact=True).click()
        assert page.get_by_role("button", name="Sign out").is_visible()
        return page

    return enter


@pytest.fixture
def press(page):
    """Press a button, and wait for the page that it leads to."""

    def click(name):
        with page.expect_navigation():
            page.get_by_role("button", name=name, exact=True).click()

    return click


@pytest.fixture
def column(visit):
    """A system's cells in the comparison, from the first action to the last consideration."""

    def read(system):
        page = visit("/comparison/2026/")
        return page.locator("table.portal-matrix").evaluate_all(CELLS, system.short_name)

    return read


CELLS = """(tables, name) => tables.flatMap((table) => {
  const place = [...table.tHead.rows[0].cells].findIndex((cell) => cell.innerText === name);
  return [...table.tBodies[0].rows].map((row) => row.cells[place].innerText);
})"""


@pytest.fixture
def answer_everything(page, press):
    """From one item to the next as the button leads, until it leads back to the task list."""

    def walk():
        met = []
        while not page.url.endswith(ASSESSMENT):
            code = page.url.rstrip("/").rsplit("/", 1)[-1]
            met.append(code)
            page.check('input[name=level][value="2"]')
            page.check('input[name=coverage][value="some"]')
            page.fill("textarea[name=narrative]", f"What we do about {code}, and where not yet.")
            press("Save and continue")
        return met

    return walk


def test_from_first_answer_to_the_comparison(
    page, visit, sign_in, press, answer_everything, column, whole, lead, sponsor, heg, system
):
    sign_in(lead)
    visit(ASSESSMENT)
    assert page.get_by_text(f"0 of {ITEMS} completed").first.is_visible()
    visit(f"{ASSESSMENT}L1/")
    met = answer_everything()
    assert (len(met), met[0], met[25], met[-1]) == (ITEMS, "L1", "D1", "P3")
    assert page.get_by_text(f"{ITEMS} of {ITEMS} completed").first.is_visible()
    answers = Answer.objects.filter(assessment=whole, level=2, coverage="some", version=1)
    assert answers.count() == ITEMS

    visit(f"{ASSESSMENT}check/")
    press("Send for sign-off")
    whole.refresh_from_db()
    assert whole.sent_by == lead

    sign_in(sponsor)
    visit(f"{ASSESSMENT}sign-off/")
    page.check("input[name=attestation]")
    press("Sign off")
    whole.refresh_from_db()
    assert whole.signed_by == sponsor
    call_command("run_jobs", "--quiet")

    sign_in(factories.user_with(Role.BOARD, system))
    visit("/reports/")
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile(r"Download .*board-paper-v1\.pdf")).click()
    assert waiting.value.suggested_filename == "2026-north-east-london-board-paper-v1.pdf"
    paper = PdfReader(waiting.value.path())
    assert "North East London" in paper.pages[0].extract_text()

    sign_in(heg)
    before = column(system)
    assert (len(before), set(before)) == (ITEMS, {"Not released"})
    sign_in(sponsor)
    visit(f"{ASSESSMENT}release/")
    press("Release now")
    sign_in(heg)
    assert ["Under way" in cell for cell in column(system)] == [True] * ITEMS
    assert not any("Under way" in cell for cell in column(whole.neighbour))
