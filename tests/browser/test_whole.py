"""What the visits of the other files leave behind: every template drawn, and all HTML valid.

Runs last of the browser tests, and means something only after all of them.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.browser

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Not drawn by a visit, each with the reason.
OFF_THE_SCREEN = {
    "nhsuk/": "the form pack: its parts are held against the official fixtures",
    "reporting/print/": "a PDF's pages, drawn by the worker and looked at in their own tests",
    "reporting/parts/": "a paper's parts, drawn by the worker and stored: visits show the result",
}
# The design system's own markup: of pagination and dates, which say in a role what the element
# says, and of the warning callout, whose heading is held together with a role outside the standard.
UPSTREAM = {
    "Bad value “text” for attribute “role” on element “span”.",
    "The “navigation” role is unnecessary for element “nav”.",
    "The “group” role is unnecessary for element “fieldset”.",
}


def test_every_template_was_drawn_for_a_visit(drawn):
    assert drawn, "run all of tests/browser: this looks at what the visits drew"
    names = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    on_the_screen = {name for name in names if not name.startswith(tuple(OFF_THE_SCREEN))}
    missing = sorted(on_the_screen - drawn)
    assert not missing, missing


def test_html_of_every_visited_page_is_valid(collected):
    """Neither errors nor warnings; one run of the checker for all pages, as it starts slowly."""
    files = sorted(collected.glob("*.html"))
    assert files, "run all of tests/browser: this checks the pages that were visited"
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
