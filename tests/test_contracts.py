"""The import contracts hold, and each of them notices when it is broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PACKAGES = ("portal", "commitments", "assessments", "reporting")

# One import that each contract forbids, and the module that makes it.
BREACHES = {
    "Apps import downwards only": ("commitments/models.py", "import assessments.models"),
    "Inside an app: doors call services, services call models, models call the core": (
        "portal/services/operations.py",
        "import portal.views",
    ),
    "Apps share the fields of forms, never forms": (
        "assessments/forms/answers.py",
        "import portal.forms.people",
    ),
    "The core is pure": ("assessments/scoring/__init__.py", "import django.utils.timezone"),
    "Heavy tools have one door each": ("reporting/exports.py", "import weasyprint"),
}


@pytest.fixture
def copy(tmp_path):
    """The packages and their contracts, to be broken."""
    for package in PACKAGES:
        ignored = shutil.ignore_patterns("__pycache__", "migrations")
        shutil.copytree(settings.BASE_DIR / package, tmp_path / package, ignore=ignored)
    shutil.copy(settings.BASE_DIR / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder):
    """Run the contracts there; returns exit code and what each contract is, kept or broken."""
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [program, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    return done.returncode, done.stdout


def broken(output):
    return {name for name in BREACHES if f"{name} BROKEN" in output}


def test_contracts_hold(copy):
    code, output = lint(copy)
    assert (code, broken(output)) == (0, set())
    assert all(f"{name} KEPT" in output for name in BREACHES)


@pytest.mark.parametrize("name", BREACHES)
def test_contract_notices_an_import_that_it_forbids(copy, name):
    module, forbidden = BREACHES[name]
    with (copy / module).open("a") as source:
        source.write(f"\n{forbidden}\n")

    code, output = lint(copy)

    assert (code, broken(output)) == (1, {name})


def test_contract_notices_a_new_kind_of_module(copy):
    (copy / "portal" / "utils.py").write_text('"""Anything."""\n')
    code, output = lint(copy)
    assert code == 1
    assert "utils" in output
