"""Chromium as Debian ships it, and what every page must satisfy in it."""

import os
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.test.signals import template_rendered
from django.utils import timezone

from tests.browser.world import signed_in

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # sync Playwright beside the ORM

ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-gpu",
    "--no-first-run",
]
SETTLES = 120  # ms after which the header's menu has taken up a new width
# Upstream's own finding: radios that reveal a field carry aria-expanded. Nothing else is let off.
KNOWN = ("aria-allowed-attr", 'aria-controls="conditional-')
SIZES = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 375, "height": 800}}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def base_url():
    """Addresses are spelt out; the plugin's own fixture of this name only warns."""


@pytest.fixture(params=SIZES)
def size(request):
    return request.param


@pytest.fixture(scope="session")
def drawn():
    """Names of the templates that pages in the browser were drawn with, in the whole run."""
    return set()


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """Where each page's HTML goes, as the server sent it."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def watch_templates(drawn):
    def note(template, **_more):
        drawn.add(template.name)

    template_rendered.connect(note)
    yield
    template_rendered.disconnect(note)


@pytest.fixture
def documents(page):
    """What the server sent for the pages that were opened, in order."""
    sent = []

    def note(response):
        if response.request.is_navigation_request() and not 300 <= response.status < 400:
            sent.append(response)

    page.on("response", note)
    return sent


@pytest.fixture
def visit(page, live_server, watch_templates, documents):
    """Opens a path, and checks what no page may get wrong: status, script, console."""
    messages = []
    page.on("console", lambda message: messages.append(message))
    page.on("pageerror", lambda error: messages.append(error))

    def open_page(path, *, size="desktop", status=200, scripted=True):
        page.set_viewport_size(SIZES[size])
        del messages[:]
        response = page.goto(live_server.url + path)
        assert response.status == status
        # A nonce gone wrong turns script off without a word, and axe is content.
        if scripted:
            page.locator("body.nhsuk-frontend-supported").wait_for(state="attached")
        assert [str(m) for m in messages if is_error(m, status)] == []
        return page

    return open_page


@pytest.fixture
def enter(page, live_server):
    """Signs a person in, or out where there is none, without the sign-in page."""

    def take_over_session(person):
        page.context.clear_cookies()
        cookie = signed_in(person).cookies.get("sessionid")
        if cookie:
            page.context.add_cookies(
                [{"name": "sessionid", "value": cookie.value, "url": live_server.url}]
            )
        return page

    return take_over_session


@pytest.fixture
def findings(page, documents, violations, shots, collected):
    """What is wrong with the page that is open, at both sizes; keeps its HTML for the checker."""

    def look(name):
        name = re.sub(r"\W+", "-", name).strip("-")
        found = []
        for size, measures in SIZES.items():
            if page.viewport_size != measures:
                page.set_viewport_size(measures)
                page.wait_for_timeout(SETTLES)
            found += [f"{size}: {words}" for words in violations(page)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                found.append(f"{size}: wider than the window")
            if found or os.environ.get("SCREENSHOTS"):
                page.screenshot(path=shots / f"{name}-{size}.png", full_page=True)
        (collected / f"{name}.html").write_text(documents[-1].text(), encoding="utf-8")
        return found

    return look


def is_error(message, status):
    """Script errors and console errors; the browser's own line about a wanted 404 is none."""
    if getattr(message, "type", "error") != "error":
        return False
    return status == 200 or "Failed to load resource" not in getattr(message, "text", "")


@pytest.fixture
def open_now(assessment):
    """North East London's assessment, its cycle open at the real time."""
    return opened(assessment)


def opened(assessment):
    """The assessment with its cycle moved to now, as the browser's clock cannot be moved."""
    at = timezone.now()
    type(assessment.cycle).objects.filter(pk=assessment.cycle_id).update(
        opens_at=at - timedelta(days=30),
        due_at=at + timedelta(days=30),
        closes_at=at + timedelta(days=60),
        last_release_at=at + timedelta(days=90),
    )
    assessment.cycle.refresh_from_db()
    return assessment


@pytest.fixture
def violations():
    """What axe finds on a page, as readable lines."""
    from axe_playwright_python.sync_playwright import Axe

    def run(page):
        found = []
        for rule in Axe().run(page).response["violations"]:
            for node in rule["nodes"]:
                if rule["id"] == KNOWN[0] and KNOWN[1] in node["html"]:
                    continue
                found.append(f"{rule['id']}: {rule['help']}: {node['html'][:200]}")
        return found

    return run


@pytest.fixture(scope="session")
def shots(tmp_path_factory):
    """Where screenshots go: SCREENSHOTS names a folder to keep them in."""
    kept = os.environ.get("SCREENSHOTS")
    if not kept:
        return tmp_path_factory.mktemp("screenshots")
    os.makedirs(kept, exist_ok=True)
    return Path(kept)
