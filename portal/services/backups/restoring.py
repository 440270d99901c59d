"""Putting a backup into an empty database and an empty media folder, on either database."""

from __future__ import annotations

import datetime as dt
import json
import tarfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from portal import audit
from portal.services.backups.archive import (
    MEDIA,
    ROWS,
    BackupRefused,
    chunks,
    read_manifest,
    stream_of,
)
from portal.services.backups.making import kept_models

ROWS_AT_ONCE = 200

MADE_BY_MIGRATING = {"contenttypes.contenttype", "auth.permission"}
"""Tables that Django itself fills; an otherwise empty database is empty."""


def restore_backup(path: Path, *, at: dt.datetime) -> dict[str, Any]:
    """Verify the whole backup, then fill the empty stores; returns the manifest."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            manifest = read_manifest(tar)
            _refuse_full_stores()
            models_then = _make_schema(manifest)
            _put_uploads(tar, manifest)
            with transaction.atomic():
                _put_rows(tar, models_then)
    except (OSError, tarfile.TarError) as error:
        raise BackupRefused(f"{path} cannot be read as a backup: {error}") from error
    call_command("migrate", interactive=False, verbosity=0)
    audit.record(
        by=None,
        verb="backup.restored",
        target="portal",
        organisation=None,
        at=at,
        made_at=manifest["made_at"],
    )
    return manifest


def _refuse_full_stores() -> None:
    media = Path(settings.MEDIA_ROOT)
    for folder in (Path(settings.DATA_DIR), media):
        folder.mkdir(parents=True, exist_ok=True)
    if any(media.iterdir()):
        raise BackupRefused(f"The media folder {media} is not empty: empty it, or name another")
    there = set(connection.introspection.table_names())
    for model in apps.get_models():
        table, label = model._meta.db_table, model._meta.label_lower
        if table in there and label not in MADE_BY_MIGRATING and model._base_manager.exists():
            raise BackupRefused(
                f"The database is not empty ({table} has rows): name an empty one in DATABASE_URL"
            )


def _make_schema(manifest: dict[str, Any]) -> list[type[models.Model]]:
    """The tables as they were when the backup was made, and their models then."""
    executor = MigrationExecutor(connection)
    targets = [(app, name) for app, name in manifest["migrations"]]
    unknown = [f"{app}.{name}" for app, name in targets if not _knows(executor, app, name)]
    if unknown:
        raise BackupRefused(
            f"The backup was made by a newer version ({manifest['software']}; "
            f"{', '.join(unknown)} is unknown here): install that version first"
        )
    state = executor.migrate(targets)
    return kept_models(state.apps)


def _knows(executor: MigrationExecutor, app: str, name: str) -> bool:
    return (app, name) in executor.loader.graph.nodes


def _put_uploads(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    for name in manifest["files"]:
        if name.startswith(f"{MEDIA}/"):
            target = Path(settings.MEDIA_ROOT) / name.removeprefix(f"{MEDIA}/")
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                stream.writelines(chunks(stream_of(tar, name)))


def _put_rows(tar: tarfile.TarFile, models_then: list[type[models.Model]]) -> None:
    """All or nothing. Foreign keys are looked at when the transaction ends, so order is free."""
    for model in models_then:
        model._base_manager.all()._raw_delete("default")
        with stream_of(tar, f"{ROWS}/{model._meta.label_lower}.jsonl") as stream:
            rows = _rows(model, stream)
            while some := list(islice(rows, ROWS_AT_ONCE)):
                model._base_manager.bulk_create(some)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models_then):
            cursor.execute(statement)


def _rows(model: type[models.Model], stream: IO[bytes]) -> Iterator[models.Model]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    columns = [fields[name] for name in json.loads(stream.readline())]
    for line in stream:
        pairs = zip(columns, json.loads(line), strict=True)
        yield model(**{field.attname: field.to_python(value) for field, value in pairs})
