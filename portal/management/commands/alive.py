"""Whether worker and scheduler are alive: the health check of their containers."""

import datetime as dt
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.models import Heartbeat

SILENCE_ALLOWED = dt.timedelta(minutes=3)


class Command(BaseCommand):
    help = "Exit with 1 when worker or scheduler have been silent for three minutes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("which", choices=["worker", "scheduler"])

    def handle(self, *_args: Any, **_options: Any) -> None:
        # One beat shows both: the scheduler asks for it, the worker does it.
        last = Heartbeat.objects.filter(name="worker").first()
        if last is None or timezone.now() - last.beat_at > SILENCE_ALLOWED:
            sys.exit(1)
