"""Frozen rows are refused change by the database itself."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal import audit, guards
from portal.models import AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def event(guards_on, at):
    return audit.record(by=None, verb="look", target="x", organisation=None, at=at)


def test_update_and_delete_of_frozen_rows_are_refused(event):
    for change in (
        lambda: AuditEvent.objects.update(verb="other"),
        lambda: AuditEvent.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    assert AuditEvent.objects.get() == event


def test_every_frozen_table_has_its_triggers(guards_on):
    expected = {
        guards.trigger_name(table, operation)
        for table in guards.frozen_tables()
        for operation in guards.OPERATIONS
    }
    assert "portal_auditevent" in guards.frozen_tables()
    assert guards.installed() == expected


def test_remove_takes_the_triggers_off_and_install_twice_is_one(event):
    guards.remove()
    assert guards.installed() == set()
    AuditEvent.objects.update(verb="other")
    guards.install()
    guards.install()
    assert len(guards.installed()) == 2 * len(guards.frozen_tables())


def test_install_passes_over_tables_that_are_not_there_yet(event, monkeypatch):
    monkeypatch.setattr(guards, "frozen_tables", lambda: ["not_there", "portal_auditevent"])
    guards.install()
    assert guards.trigger_name("not_there", "UPDATE") not in guards.installed()


def test_statements_for_postgresql_replace_what_is_there():
    class PostgreSQL:
        vendor = "postgresql"

    statements = list(guards._statements(PostgreSQL(), "a_table"))
    assert statements[0].startswith("CREATE OR REPLACE FUNCTION refuse_change()")
    assert [s.split()[0] for s in statements[1:]] == ["DROP", "CREATE", "DROP", "CREATE"]


def test_statements_for_sqlite_raise():
    class SQLite:
        vendor = "sqlite"

    statements = list(guards._statements(SQLite(), "a_table"))
    assert len(statements) == 2
    assert all("RAISE(ABORT" in statement for statement in statements)


def test_names_are_those_of_this_database(guards_on):
    assert connection.vendor in ("sqlite", "postgresql")
    assert all(name.startswith("frozen_") for name in guards.installed())


def test_lifted_guards_let_a_change_through_and_stand_again_afterwards(event):
    with transaction.atomic(), guards.lifted():
        AuditEvent.objects.update(verb="other")
    assert len(guards.installed()) == 2 * len(guards.frozen_tables())
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        AuditEvent.objects.update(verb="third")


def test_failure_under_lifted_guards_brings_them_back(event):
    def change_and_fail():
        AuditEvent.objects.update(verb="other")
        raise LookupError

    with pytest.raises(LookupError), transaction.atomic(), guards.lifted():
        change_and_fail()
    assert AuditEvent.objects.get().verb == "look"
    assert len(guards.installed()) == 2 * len(guards.frozen_tables())


@pytest.mark.django_db(transaction=True)
def test_guards_are_lifted_inside_a_transaction_only():
    with pytest.raises(RuntimeError), guards.lifted():
        pass
