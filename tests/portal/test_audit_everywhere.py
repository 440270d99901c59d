"""Count of changes = count of events: nothing is committed without the event that tells of it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

from portal.models import AuditEvent
from tests.journeys import test_self_assessment as journey

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "commitments", "assessments", "reporting")
TREES = {
    path: ast.parse(path.read_text())
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
}


# Every service that changes something records it


PASSED_OVER = {
    "keep_working_text": "what is being typed is overwritten and never recorded",
    "mark_opened": "that a contributor looked is a date on the assignment, no change of words",
    "end_sessions": "the service that ends a role or a password records why",
    "carry_forward": "part of adding an assessment, which is recorded",
    "freeze": "part of signing off, which is recorded",
    "record_heartbeat": "a sign of life",
    "send_messages": "sends what was written with the change it tells of",
    "sweep_jobs": "rings for work that is already written down",
    "ask_for_scan": "writes work down; that the file was added is recorded",
    "make_preview": "a draft held for minutes; asking for it and downloading it are recorded",
    "sweep_previews": "takes away drafts that were held for their minutes",
    "remind_of_checks": "writes mail that is due, as the calendar does",
    "unchecked": "reads",
    "hold": "locks",
    "hold_open": "locks",
    "find_open": "reads",
    "refuse_outside_dates": "reads",
    "refuse_unless_open": "reads",
    "wrote_answers": "reads",
}


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def services() -> dict[str, ast.FunctionDef]:
    """Functions of the services packages, by name."""
    return {
        node.name: node
        for path, tree in TREES.items()
        if "services" in path.parts or path.name == "services.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
    }


def records(name: str, functions: dict[str, ast.FunctionDef], seen: tuple[str, ...] = ()) -> bool:
    """Whether what the function calls leads to `record`."""
    called = {_name(n.func) for n in ast.walk(functions[name]) if isinstance(n, ast.Call)}
    if "record" in called:
        return True
    onwards = (called & set(functions)) - {name, *seen}
    return any(records(one, functions, (*seen, name)) for one in onwards)


def test_every_service_in_somebodys_name_records_an_event():
    functions = services()
    acting = {
        name
        for name, node in functions.items()
        if not name.startswith("_") and {"by", "at"} & {one.arg for one in node.args.kwonlyargs}
    }
    assert len(acting) > 50
    silent = {name for name in acting if not records(name, functions)}
    assert sorted(silent - set(PASSED_OVER)) == []


# The main line: what is committed, transaction by transaction


WRITE = re.compile(r'^(?:INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM) "(\w+)"')
UNRECORDED = {
    "portal_auditchain": "the head of the log itself",
    "portal_job": "work for the worker, which records what it made",
    "portal_message": "mail, written with the change it tells of",
    "portal_heartbeat": "a sign of life",
    "assessments_workingtext": "what is being typed",
    "assessments_assignment": "that a contributor looked; every other change comes with its event",
    "django_session": "who is signed in",
    "portal_user": "when somebody last signed in",
}


class Ledger:
    """Tables written since the last commit, and what was committed without an event."""

    def __init__(self) -> None:
        self.written: set[str] = set()
        self.commits = 0
        self.silent: list[set[str]] = []

    def watch(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITE.match(sql)
        done = execute(sql, params, many, context)
        if found:
            self.written.add(found[1])
            if not connection.in_atomic_block:
                self.commit()
        return done

    def commit(self) -> None:
        business = self.written - set(UNRECORDED) - {"portal_auditevent"}
        if business:
            self.commits += 1
            if "portal_auditevent" not in self.written:
                self.silent.append(business)
        self.written = set()

    def forget(self) -> None:
        self.written = set()


@pytest.fixture
def ledger(transactional_db, monkeypatch):
    """Sees every statement, and every commit of the connection."""
    book = Ledger()
    commit, rollback = connection.commit, connection.rollback

    def and_close(do, close):
        def inner():
            do()
            close()

        return inner

    with connection.execute_wrapper(book.watch):
        monkeypatch.setattr(connection, "commit", and_close(commit, book.commit))
        monkeypatch.setattr(connection, "rollback", and_close(rollback, book.forget))
        yield book


def test_ledger_notices_a_change_without_its_event(ledger, system):
    ledger.silent.clear()
    type(system).objects.filter(pk=system.pk).update(name="Another name")
    with transaction.atomic():
        type(system).objects.filter(pk=system.pk).update(short_name="Another")
    assert ledger.silent == [{"portal_organisation"}] * 2


def test_main_line_commits_no_change_without_its_event(
    london_framework, system, lead, sponsor, heg, ledger
):
    ledger.silent.clear()
    ledger.commits = 0
    before = AuditEvent.objects.count()

    journey.test_lead_answers_everything_and_sends_sponsor_signs_off_and_releases(
        london_framework, system, lead, sponsor, heg
    )

    assert ledger.silent == []
    assert ledger.commits >= 38 + 6
    assert AuditEvent.objects.count() - before >= ledger.commits
