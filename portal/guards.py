"""Database triggers that refuse to change frozen rows, on SQLite and PostgreSQL alike.

A model says `frozen_rows = True`. SQLite drops triggers when a migration remakes a table, so this
idempotent installer runs after every migrate.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

OPERATIONS = ("UPDATE", "DELETE")


def frozen_tables() -> list[str]:
    """Tables whose rows are written once."""
    return sorted(
        model._meta.db_table for model in apps.get_models() if getattr(model, "frozen_rows", False)
    )


def trigger_name(table: str, operation: str) -> str:
    return f"frozen_{table}_{operation.lower()}"


def install(*, using: str = "default", **_kwargs: Any) -> None:
    """Put every trigger in place whose table exists."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in frozen_tables():
            if table in existing:
                for statement in _statements(connection, table):
                    cursor.execute(statement)


def remove(*, using: str = "default") -> None:
    """Take the triggers off: for test teardown and the one logged redaction path."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in frozen_tables():
            for operation in OPERATIONS:
                target = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger_name(table, operation)}{target}")


@contextlib.contextmanager
def lifted(*, using: str = "default") -> Iterator[None]:
    """The triggers off inside a transaction, and on again at its end: for a redaction.

    Whatever fails inside rolls the transaction back, and with it the lifting.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise RuntimeError("triggers are lifted inside a transaction only")
    # PostgreSQL alters no table for which checks of this transaction are still to come.
    connection.check_constraints()
    remove(using=using)
    yield
    connection.check_constraints()
    install(using=using)


def installed(*, using: str = "default") -> set[str]:
    """Names of the triggers in place."""
    connection = connections[using]
    query = (
        "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'frozen_%'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'frozen_%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name for (name,) in cursor.fetchall()}


def _statements(connection: BaseDatabaseWrapper, table: str) -> Iterator[str]:
    if connection.vendor == "postgresql":
        yield (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ BEGIN "
            "RAISE EXCEPTION 'rows of % are frozen', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
        )
    for operation in OPERATIONS:
        name = trigger_name(table, operation)
        if connection.vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {name} ON {table}"
            yield (
                f"CREATE TRIGGER {name} BEFORE {operation} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        else:
            yield (
                f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {operation} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are frozen'); END"
            )
