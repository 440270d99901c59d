"""Chromium as Debian ships it, and what every page must satisfy in it."""

import os
import shutil

import pytest

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


@pytest.fixture
def visit(page, live_server):
    """Opens a path, and checks what no page may get wrong: status, script, console."""
    messages = []
    page.on("console", lambda message: messages.append(message))
    page.on("pageerror", lambda error: messages.append(error))

    def open_page(path, *, size="desktop", status=200):
        page.set_viewport_size(SIZES[size])
        del messages[:]
        response = page.goto(live_server.url + path)
        assert response.status == status
        # A nonce gone wrong turns script off without a word, and axe is content.
        page.locator("body.nhsuk-frontend-supported").wait_for(state="attached")
        assert [str(m) for m in messages if is_error(m, status)] == []
        return page

    return open_page


def is_error(message, status):
    """Script errors and console errors; the browser's own line about a wanted 404 is none."""
    if getattr(message, "type", "error") != "error":
        return False
    return status == 200 or "Failed to load resource" not in getattr(message, "text", "")


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
    from pathlib import Path

    return Path(kept)
