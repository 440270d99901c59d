"""Every migration, one step at a time, back and forward, on a database with something in it."""

from __future__ import annotations

import hashlib

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from assessments.models import Release
from portal import guards
from portal.audit.verification import verify
from portal.models import User
from reporting.models import Report, ReportBytes
from tests import factories
from tests.portal.stores import empty_stores

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]

APPS = ("portal", "commitments", "assessments", "reporting")


@pytest.fixture
def populated(settings, tmp_path):
    """A database of its own, migrated, with a released assessment and its paper."""
    with empty_stores(settings, tmp_path):
        call_command("migrate", verbosity=0)
        system = factories.organisation()
        lead = factories.user_with("lead", system)
        sponsor = factories.user_with("sponsor", system)
        assessment = factories.open_assessment(factories.small_framework(), system)
        snapshot = factories.signed_off(assessment, lead=lead, sponsor=sponsor)
        Release.objects.create(snapshot=snapshot, cause="sponsor", at=factories.AT)
        report = Report.objects.create(
            reference="NEL-2026-board-paper-1",
            kind="board-paper",
            snapshot=snapshot,
            version=1,
            made_at=factories.AT,
            pages=1,
            size=4,
            digest=hashlib.sha256(b"%PDF").hexdigest(),
        )
        ReportBytes.objects.create(report=report, pdf=b"%PDF", html="<h1>Paper</h1>")
        yield


def steps():
    """Ours after the first ones, in the order in which they are applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    return [(migration.app_label, migration.name) for migration, _backwards in plan]


def later(nodes):
    loader = MigrationLoader(connection)
    return [node for node in nodes if node[0] in APPS and not loader.graph.nodes[node].initial]


def before(node):
    """The migration of the same app that comes before it."""
    own = [one for one in steps() if one[0] == node[0]]
    return own[own.index(node) - 1][1]


def counts():
    """Rows by table, of the tables that are there."""
    with connection.cursor() as cursor:
        tables = [
            name for name in connection.introspection.table_names(cursor) if name.startswith(APPS)
        ]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')  # noqa: S608  names from the database
            found[table] = cursor.fetchone()[0]
    return found


def assert_guarded(tables):
    """Each frozen table that is there has both its triggers."""
    expected = {
        guards.trigger_name(table, operation)
        for table in guards.frozen_tables()
        if table in tables
        for operation in guards.OPERATIONS
    }
    assert guards.installed() == expected


def test_each_step_back_and_forward_keeps_every_row_and_trigger(populated):
    full = counts()
    assert full["assessments_snapshot"] == full["reporting_reportbytes"] == 1
    for node in reversed(later(steps())):
        call_command("migrate", node[0], before(node), verbosity=0)
        now = counts()
        assert {table: full[table] for table in now} == now, node
        assert_guarded(now)
    for node in later(steps()):
        call_command("migrate", *node, verbosity=0)
        now = counts()
        assert {table: rows for table, rows in now.items() if rows} == {
            table: full[table] for table, rows in now.items() if rows
        }, node
        assert_guarded(now)
    call_command("migrate", verbosity=0)

    assert counts().keys() == full.keys()
    assert_guarded(full)
    assert verify()[1] == []
    assert User.objects.filter(memberships__role="sponsor").exists()


def test_everything_can_be_taken_back_to_nothing_and_made_again(populated):
    for app in reversed(APPS):
        call_command("migrate", app, "zero", verbosity=0)
        assert_guarded(counts())
    assert counts() == {}
    call_command("migrate", verbosity=0)
    made = {model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models()}
    assert made <= set(counts())
    assert_guarded(made)
