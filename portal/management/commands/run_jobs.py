"""Do every job that is due in this process, without a broker or a worker."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.celery import app
from portal.models import Job


class Command(BaseCommand):
    help = "Do every job that is due, here and now. Safe beside other workers: jobs are claimed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--quiet", action="store_true", help="print nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        app.loader.import_default_modules()
        tried: set[int] = set()
        while (
            job := Job.objects.due(at=timezone.now()).exclude(pk__in=tried).order_by("pk").first()
        ):
            tried.add(job.pk)
            app.tasks[settings.JOB_TASKS[job.kind]](job.pk)
            if not options["quiet"]:
                self.stdout.write(f"{job.kind} for {job.organisation}")
