"""Runs the calendar once: opens cycles, adds assessments, releases and writes messages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessments.services import CalendarOutcome, run_calendar
from portal.management import instant


class Command(BaseCommand):
    help = "Do what the calendar says is due: safe to run as often as you like."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--now", type=instant, help="act as if it were this instant (ISO)")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what is due, change nothing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        at = options["now"] or timezone.now()
        outcome = run_calendar(at=at, dry_run=options["dry_run"])
        lines = _lines(outcome)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was changed.")
        for line in lines or ["Nothing is due."]:
            self.stdout.write(line)


def _lines(outcome: CalendarOutcome) -> list[str]:
    return [
        *(f"Opened {cycle} ({cycle.slug})" for cycle in outcome.cycles),
        *(f"Added the assessment of {assessment}" for assessment in outcome.assessments),
        *(
            f"Released {release.snapshot}: {release.get_cause_display()}"
            for release in outcome.releases
        ),
        *(f"Wrote a message, {message}" for message in outcome.messages),
    ]
