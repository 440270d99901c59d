"""Send what is due in the outbox now, without waiting for the scheduler."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.management import instant
from portal.services import operations


class Command(BaseCommand):
    help = "Send every message of the outbox that is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", type=instant, help="act as if it were this instant (ISO)")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = options["now"] or timezone.now()
        self.stdout.write(f"{operations.send_messages(at=at)} sent")
