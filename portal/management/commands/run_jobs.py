"""Do every job that is due in this process, without a broker or a worker."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.tasks import do_job


class Command(BaseCommand):
    help = "Do every job that is due, here and now. Safe beside other workers: jobs are claimed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        # Ends: each job is done, or waits longer after each of its five tries.
        while done := do_job():
            if not options["quiet"]:
                self.stdout.write(done)
