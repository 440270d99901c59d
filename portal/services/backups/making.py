"""Making a backup while people work: one instant of the database, and every upload it names."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connections, models, transaction
from django.db.migrations.loader import MigrationLoader

from portal import audit
from portal.models import AuditChain
from portal.services.backups.archive import LEFT_OUT, MEDIA, ROWS, BackupRefused, Writer


def make_backup(path: Path, *, at: dt.datetime) -> str:
    """Write the backup whole or not at all, and never over a file; returns its manifest's hash."""
    if path.exists():
        raise BackupRefused(f"{path} is there already, and a backup is never overwritten")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=_folder(path))
    try:
        with (
            os.fdopen(handle, "wb") as stream,
            tempfile.TemporaryDirectory(dir=path.parent) as scratch,
        ):
            with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
                digest = _write(Writer(tar), Path(scratch), at=at)
            stream.flush()
            os.fsync(stream.fileno())
        _publish(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)
    audit.record(
        by=None, verb="backup.made", target="portal", organisation=None, at=at, manifest=digest
    )
    return digest


def _folder(path: Path) -> Path:
    if not path.parent.is_dir():
        raise BackupRefused(f"There is no folder {path.parent}: make it first")
    return path.parent


def _publish(made: Path, path: Path) -> None:
    """A link is refused where a file is, so two backups at once cannot overwrite each other."""
    try:
        path.hardlink_to(made)
    except FileExistsError:
        raise BackupRefused(f"{path} is there already, and a backup is never overwritten") from None


def _write(writer: Writer, scratch: Path, *, at: dt.datetime) -> str:
    with _one_instant(scratch):
        tables = {}
        for model in kept_models(apps):
            rows = scratch / "rows"
            tables[model._meta.label_lower] = _write_rows(model, rows)
            writer.add(f"{ROWS}/{model._meta.label_lower}.jsonl", rows)
        heads = AuditChain.objects.order_by("name")
        facts = {
            "software": settings.VERSION,
            "made_at": at.isoformat(),
            "tables": tables,
            "migrations": _migrations(),
            "audit_heads": list(heads.values("name", "sequence", "digest")),
        }
    for name, file in _uploads():
        writer.add(f"{MEDIA}/{name}", file)
    return writer.finish(facts)


@contextmanager
def _one_instant(scratch: Path) -> Iterator[None]:
    """Inside, the database is as it was when it began, while people go on saving."""
    connection = connections["default"]
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
        return
    copy = scratch / "database"
    connection.ensure_connection()
    with closing(sqlite3.connect(copy)) as target:
        connection.connection.backup(target)
    of_copy = connection.copy()
    of_copy.settings_dict["NAME"] = str(copy)
    connections["default"] = of_copy  # for this thread only
    try:
        yield
    finally:
        of_copy.close()
        connections["default"] = connection


def kept_models(registry: Any) -> list[type[models.Model]]:
    """Every table of these apps that a backup holds, in a fixed order."""
    found = registry.get_models(include_auto_created=True)
    kept = [model for model in found if model._meta.managed and not model._meta.proxy]
    return sorted(
        (model for model in kept if model._meta.label_lower not in LEFT_OUT),
        key=lambda model: str(model._meta.label_lower),
    )


def _write_rows(model: type[models.Model], path: Path) -> int:
    """One JSON array a row, after one with the names of the columns; returns how many rows."""
    columns = [field.attname for field in model._meta.concrete_fields]
    rows = model._base_manager.order_by("pk").values_list(*columns)
    count = 0
    with path.open("w", encoding="utf-8") as stream:
        print(json.dumps(columns), file=stream)
        for row in rows.iterator(chunk_size=200):
            count += 1
            print(json.dumps(row, default=_plain), file=stream)
    return count


def _plain(value: Any) -> str:
    """The value as the text that its field's `to_python` reads back."""
    if isinstance(value, dt.date):  # and instants
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return base64.b64encode(value).decode()


def _migrations() -> list[list[str]]:
    """The newest applied migrations, from which the schema follows."""
    loader = MigrationLoader(connections["default"])
    return sorted([list(node) for node in loader.graph.leaf_nodes()])


def _uploads() -> Iterator[tuple[str, Path]]:
    """Files of the media folder by name; one that is just being written has no row yet."""
    root = Path(settings.MEDIA_ROOT)
    for path in sorted(root.rglob("*")):
        if path.is_file():
            yield path.relative_to(root).as_posix(), path
