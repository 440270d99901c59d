"""Back up database and uploads into one file, while the portal runs."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.services import backups


class Command(BaseCommand):
    help = (
        "Write one file with every row and every upload as they are at one instant. Safe while "
        "people work; written whole or not at all; never over a file that is there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path)

    def handle(self, *_args: Any, path: Path, **_options: Any) -> None:
        start = time.monotonic()
        try:
            digest = backups.make_backup(path, at=timezone.now())
        except backups.BackupRefused as refusal:
            raise CommandError(f"{refusal}.") from refusal
        except OSError as error:
            raise CommandError(f"No backup was made at {path}: {error.strerror}.") from error
        size = path.stat().st_size / 1024**2
        seconds = time.monotonic() - start
        self.stdout.write(f"Backed up to {path}: {size:.1f} MiB in {seconds:.1f} s.")
        self.stdout.write(f"SHA-256 of its manifest: {digest}")
