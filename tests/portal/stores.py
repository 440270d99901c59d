"""Empty stores beside those of the test: a database of either kind, and a media folder."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection


@contextmanager
def empty_stores(settings: Any, folder: Path) -> Iterator[None]:
    """Inside, the default database is an empty one of the same kind, and no folder is there yet."""
    name = f"empty_{uuid.uuid4().hex[:12]}"
    usual = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        _execute(f"CREATE DATABASE {name}")
    connection.close()
    on_file = str(folder / f"{name}.sqlite3")
    connection.settings_dict["NAME"] = name if connection.vendor == "postgresql" else on_file
    before = settings.DATA_DIR, settings.MEDIA_ROOT
    settings.DATA_DIR, settings.MEDIA_ROOT = folder / name, str(folder / name / "media")
    try:
        yield
    finally:
        settings.DATA_DIR, settings.MEDIA_ROOT = before
        connection.close()
        connection.settings_dict["NAME"] = usual
        if connection.vendor == "postgresql":
            _execute(f"DROP DATABASE {name}")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
