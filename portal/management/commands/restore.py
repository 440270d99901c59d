"""Restore a backup into an empty database and an empty media folder."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.services import backups


class Command(BaseCommand):
    help = (
        "Verify the backup, make the schema and the folders, and fill them. Asks nothing; refuses "
        "a database or a media folder that is not empty."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        start = time.monotonic()
        try:
            manifest = backups.restore_backup(path, at=timezone.now())
        except backups.BackupRefused as refusal:
            raise CommandError(f"{refusal}.") from refusal
        rows = sum(manifest["tables"].values())
        files = sum(name.startswith("media/") for name in manifest["files"])
        seconds = time.monotonic() - start
        self.stdout.write(
            f"Restored {rows} rows and {files} uploads of {manifest['made_at']} in {seconds:.1f} s."
        )
