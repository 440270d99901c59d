"""Send what is due in the outbox now, without waiting for the scheduler."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from portal.services import operations


class Command(BaseCommand):
    help = "Send every message of the outbox that is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="act as if this were the time")

    def handle(self, *_args: Any, **options: Any) -> None:
        at = parse_datetime(options["now"]) if options["now"] else timezone.now()
        self.stdout.write(f"{operations.send_messages(at=at)} sent")
