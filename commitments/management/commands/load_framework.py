"""script/manage load_framework: store a version of the framework, or bring it up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from commitments.documents import DocumentError
from commitments.models import Framework
from commitments.services import load_framework, make_current


class Command(BaseCommand):
    help = "Loads the framework's documents from a folder. Says nothing when nothing is new."

    def add_arguments(self, parser: CommandParser) -> None:
        default = settings.BASE_DIR / "fixtures" / "framework" / "london-1"
        parser.add_argument("folder", nargs="?", type=Path, default=default)
        parser.add_argument(
            "--make-current",
            action="store_true",
            dest="current",
            help="let new cycles and the public pages use this version",
        )

    def handle(self, *, folder: Path, current: bool, **options: Any) -> None:
        at = timezone.now()
        before = set(Framework.objects.values_list("content_digest", flat=True))
        try:
            framework = load_framework(folder=folder, at=at)
        except DocumentError as error:
            raise CommandError(str(error)) from None
        if framework.content_digest not in before:
            self.stdout.write(f"Loaded {framework.name} ({framework.version}).")
        if current and not framework.is_current:
            make_current(framework=framework, by=None, at=at)
            self.stdout.write(f"{framework.name} is now the current version.")
