"""Rules of the house that no linter knows."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db.models import ForeignObject

from portal import guards
from portal.audit import VERBS
from portal.models import Organisation

APPS = ("portal", "commitments", "assessments", "reporting")
ROOT = Path(settings.BASE_DIR)
SOURCES = {
    str(path.relative_to(ROOT)): ast.parse(path.read_text())
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
}
OWN_MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]

MODULE_LINES, FUNCTION_LINES, TEMPLATE_LINES = 400, 40, 100


# How long things may be, and how they begin


def test_modules_have_at_most_400_lines():
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in SOURCES}
    assert {name: length for name, length in lengths.items() if length > MODULE_LINES} == {}


def test_functions_have_at_most_40_lines():
    lengths = {
        f"{name}:{node.name}": node.end_lineno - node.lineno + 1
        for name, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > FUNCTION_LINES} == {}


def test_templates_have_at_most_100_lines():
    templates = (ROOT / "templates").rglob("*.*")
    lengths = {str(path): len(path.read_text().splitlines()) for path in templates}
    assert {name: length for name, length in lengths.items() if length > TEMPLATE_LINES} == {}


def test_modules_open_with_what_they_own():
    modules = {name: tree for name, tree in SOURCES.items() if tree.body}
    assert [name for name, tree in modules.items() if not ast.get_docstring(tree)] == []


# Habits


def test_nothing_overrides_save_or_delete():
    methods = [
        f"{name}:{owner.name}.{node.name}"
        for name, tree in SOURCES.items()
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}
    ]
    assert methods == []


def test_no_signals_but_the_trigger_installer_and_the_workers_start():
    allowed = {
        ("portal/apps.py", "django.db.models.signals", "post_migrate"),
        ("portal/celery.py", "celery.signals", "worker_process_init"),
    }
    used = {
        (name, node.module, alias.name)
        for name, tree in SOURCES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and re.search(r"signals|dispatch", node.module or "")
        for alias in node.names
    }
    assert used == allowed


def test_no_model_has_an_order_of_its_own():
    assert [model.__name__ for model in OWN_MODELS if model._meta.ordering] == []


# Rows are reached through what the person may see


def belongs_to_an_organisation(model, seen=()):
    """Whether a chain of keys leads from the model's rows to an organisation."""
    if model is Organisation:
        return True
    keys = [one for one in model._meta.get_fields() if isinstance(one, ForeignObject)]
    targets = {one.related_model for one in keys} - {model, *seen}
    return any(belongs_to_an_organisation(target, (*seen, model)) for target in targets)


SCOPED = {model.__name__ for model in OWN_MODELS if belongs_to_an_organisation(model)}
NARROWED_BY = {"visible_to", "overseen_by"}
DOORS = ("django.http", "django.contrib.admin")

# Read without asking who is there, each with the reason why that is right.
REASONED = {
    ("portal/views/health.py", "Job"): "counts what waits; shows no row",
    ("assessments/views/cycles.py", "Snapshot"): "within assessments that are overseen",
    ("assessments/views/cycles.py", "Organisation"): "HEG's list of who may be added to a cycle",
    ("assessments/views/exceptions.py", "Snapshot"): "of the assessment that was found",
    ("assessments/views/exceptions.py", "FrozenItem"): "of the snapshot that was found",
    ("assessments/views/exceptions.py", "Revision"): "of the assessment that was found",
    ("assessments/views/sign_off.py", "Snapshot"): "of the assessment that was found",
    ("reporting/views/reports.py", "Cover"): "of the assessment that was found",
}


def is_door(name, tree):
    """Views and everything else that is handed a request."""
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return "/views" in name or "/forms" in name or any(one in imported for one in DOORS)


def unscoped_reads(tree):
    """Names of scoped models whose rows a module takes without narrowing them to a person's."""
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _takes_whole_model(node):
            yield node.args[0].id
        if not isinstance(node, ast.Attribute) or not _is_manager(node):
            continue
        whole = node
        while isinstance(parents[whole], ast.Attribute | ast.Call) and whole is not _argument(
            parents[whole], whole
        ):
            whole = parents[whole]
        called = {one.attr for one in ast.walk(whole) if isinstance(one, ast.Attribute)}
        if not called & NARROWED_BY:
            yield node.value.id


def _is_manager(node):
    managers = {"objects", "_default_manager", "_base_manager"}
    return node.attr in managers and isinstance(node.value, ast.Name) and node.value.id in SCOPED


def _takes_whole_model(node):
    """get_object_or_404(Answer, …): everybody's rows."""
    first = node.args[0] if node.args else None
    takes = isinstance(node.func, ast.Name) and node.func.id.endswith("_or_404")
    return takes and isinstance(first, ast.Name) and first.id in SCOPED


def _argument(parent, child):
    """The child where the parent is handed it, so that a chain does not grow into its caller."""
    return child if isinstance(parent, ast.Call) and child is not parent.func else None


def test_scoped_models_are_those_that_belong_to_somebody():
    assert {"Organisation", "Assessment", "Answer", "Evidence", "Report", "Job"} <= SCOPED
    assert SCOPED.isdisjoint({"Framework", "Item", "Level", "Cycle", "CadenceRule", "Heartbeat"})


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("Answer.objects.all()", ["Answer"]),
        ("Answer.objects.filter(pk=1).first()", ["Answer"]),
        ("get_object_or_404(Answer, pk=1)", ["Answer"]),
        ("Answer._base_manager.get(pk=1)", ["Answer"]),
        ("len(Answer.objects.all())", ["Answer"]),
        ("f(Answer.objects.all(), Answer.objects.visible_to(user))", ["Answer"]),
        ("Answer.objects.visible_to(user).get(pk=1)", []),
        ("Answer.objects.filter(pk=1).visible_to(user)", []),
        ("Assessment.objects.overseen_by(user)", []),
        ("Assignment.objects.filter(answer__in=Answer.objects.visible_to(user))", []),
        ("get_object_or_404(Answer.objects.visible_to(user), pk=1)", []),
        ("Framework.objects.all()", []),
    ],
)
def test_reads_that_ask_nobody_are_noticed(code, found):
    assert list(unscoped_reads(ast.parse(code))) == found


def test_doors_reach_rows_only_through_what_the_person_may_see():
    reads = {
        (name, model)
        for name, tree in SOURCES.items()
        if is_door(name, tree)
        for model in unscoped_reads(tree)
    }
    assert (sorted(reads - set(REASONED)), sorted(set(REASONED) - reads)) == ([], [])


# What is recorded can be read

RECORDING = re.compile(r"^_?record(_\w+)?$")


def recorded_verbs():
    """Verbs as they stand in calls of `record`, and of what passes them on to it."""
    return {
        text
        for tree in SOURCES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and RECORDING.match(_called(node.func))
        for argument in (*node.args, *(word.value for word in node.keywords if word.arg == "verb"))
        for text in _texts(argument)
        if re.fullmatch(r"[a-z]+([.-][a-z]+)+", text)
    }


def _called(function):
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _texts(node):
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_audit_verb_has_words_for_the_activity_page():
    """A new verb gets its words in portal/audit/words.py."""
    verbs = recorded_verbs()
    assert {"answer.reconfirmed", "assessment.signed-off", "sharing.ended", "sign-in"} <= verbs
    assert sorted(verbs - set(VERBS)) == []


# The database


@pytest.mark.django_db
def test_models_and_migrations_agree(capsys):
    call_command("makemigrations", check=True, dry_run=True)
    assert capsys.readouterr().out == "No changes detected\n"


@pytest.mark.postgresql
@pytest.mark.django_db
def test_every_frozen_table_has_its_triggers_after_migrating():
    expected = {
        "assessments_boardoutcome",
        "assessments_frozenitem",
        "assessments_frozensection",
        "assessments_redaction",
        "assessments_revision",
        "assessments_snapshot",
        "assessments_withheld",
        "portal_auditevent",
        "reporting_pack",
        "reporting_packsource",
        "reporting_report",
        "reporting_reportbytes",
    }
    assert set(guards.frozen_tables()) == expected
    assert guards.installed() == {
        f"frozen_{table}_{operation}" for table in expected for operation in ("update", "delete")
    }


# Web processes stay light

VISIT = """
import sys
from django.core.management import call_command
from portal.wsgi import application
from django.test import Client
call_command("migrate", verbosity=0)
call_command("load_framework", verbosity=0)
from django.contrib.auth import get_user_model
from portal import jobs
client = Client()
pages = ["/", "/accounts/login/", "/framework/", "/comparison/", "/reports/", "/assessments/"]
seen = [client.get(page).status_code for page in pages]
person = get_user_model().objects.create_user("a@example.org", "correct-horse", name="A")
client.force_login(person)
seen += [client.get(page).status_code for page in pages]
jobs.ring(0)
heavy = sorted({"weasyprint", "pikepdf", "fontTools"} & set(sys.modules))
print(seen, heavy)
"""


def test_web_process_never_imports_the_pdf_engine(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "DATA_DIR": str(tmp_path),
        "TEST_REDIS_URL": "memory://",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", VISIT],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == (
        "[200, 200, 200, 302, 302, 302, 200, 302, 200, 403, 200, 200] []"
    )
