"""Load the demonstration: believable, made-up answers of London's five systems."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from reporting import demo


class Command(BaseCommand):
    help = "Load the demonstration data. Safe to run twice; refuses outside a demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1, help="another number, another story")
        parser.add_argument("--now", metavar="ISO", help="tell the story as of this time")
        parser.add_argument("--json", action="store_true", help="print the accounts as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("This is no demonstration: set DEMO=1 to load made-up data.")
        at = parse_datetime(options["now"]) if options["now"] else timezone.now()
        if at is None or timezone.is_naive(at):
            raise CommandError("Give --now as a date and time with a zone: 2026-11-22T10:00+00:00")
        accounts = demo.seed(seed=options["seed"], at=at)
        if options["json"]:
            rows = [account.as_dict() for account in accounts]
            self.stdout.write(json.dumps(rows, indent=1))
        else:
            self.stdout.write(f"Demonstration: {len(accounts)} accounts.")
