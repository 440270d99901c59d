"""Take away what is past its time, as the scheduler does every night."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from assessments.services import apply_all_retention
from portal.management import instant


class Command(BaseCommand):
    help = (
        "Take away old message texts, invitations that ran out, ended sessions, reasons of old "
        "jobs, and words typed but never saved in assessments that closed. docs/data-protection.md "
        "says after how long."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", type=instant, help="act as if it were this instant (ISO)")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is past its time, change nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        is_rehearsal = options["dry_run"]
        if is_rehearsal:
            self.stdout.write("Dry run: nothing was changed.")
        at = options["now"] or timezone.now()
        for name, number in apply_all_retention(at=at, is_rehearsal=is_rehearsal).items():
            self.stdout.write(f"{name}: {number}")
