"""What README and run-book promise is there, and what is there is in them."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.test_compose import READ_BY_SETTINGS

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "commitments", "assessments", "reporting")
INSIDE = {"collect", "welcome", "load_framework", "load_organisations"}
"""Parts of `prepare` and of script/server, which nobody needs to run alone."""


def commands():
    """Names of our own management commands."""
    folders = [Path(apps.get_app_config(app).path) / "management" / "commands" for app in APPS]
    return {
        path.stem for folder in folders for path in folder.glob("*.py") if path.stem != "__init__"
    }


def test_run_book_has_every_command():
    table = (ROOT / "docs" / "run-book.md").read_text().split("## Commands")[1].split("\n## ")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    named = set(re.findall(r"`([a-z_]+)", " ".join(first_cells)))
    assert sorted(commands() - INSIDE - named) == []
    assert sorted(named - commands()) == []


def test_readme_has_every_variable_that_settings_read_and_no_other():
    table = (ROOT / "README.md").read_text().split("| variable |")[1].split("\n\n")[0]
    first_cells = [line.split("|")[1] for line in table.splitlines()[2:]]
    named = set(re.findall(r"`([A-Z_]+)`", " ".join(first_cells)))
    read = READ_BY_SETTINGS | {"PORT"}
    assert (sorted(read - named), sorted(named - read)) == ([], [])


@pytest.mark.parametrize(
    "page", ["README.md", "docs/run-book.md", "docs/data-protection.md", "docs/dtac.md"]
)
def test_links_and_paths_of_documents_lead_somewhere(page):
    text = (ROOT / page).read_text()
    here = (ROOT / page).parent
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    paths = re.findall(r"`((?:tests|script|docs|portal|assessments|reporting)/[\w./-]*)`", text)
    missing = [link for link in links if not (here / link).exists()]
    assert missing + [path for path in paths if not (ROOT / path).exists()] == []
