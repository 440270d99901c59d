"""Ring for every job that is due, as the scheduler does every half minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from portal.services import operations


class Command(BaseCommand):
    help = "Ring for every job that is due: waiting, or left behind by a worker that died."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{operations.sweep_jobs(at=timezone.now())} rung")
