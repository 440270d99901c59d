"""Opens a cycle from the command line, for operators and rehearsals."""

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.calendar import END_OF_DAY, MORNING, london_instant
from assessments.models import Cycle
from assessments.services import Refusal, open_cycle
from commitments.models import Framework


class Command(BaseCommand):
    help = "Make a cycle; if it has opened already, every live system gets its assessment."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("slug", help="its place in addresses, for example 2027")
        parser.add_argument("name", help="for example “Self-assessment 2027”")
        day = {"type": dt.date.fromisoformat, "required": True}
        parser.add_argument("--opens", help="first day, ISO", **day)
        parser.add_argument("--due", help="last day to send for sign-off, ISO", **day)
        parser.add_argument("--closes", help="last day to send late, ISO", **day)
        parser.add_argument("--last-release", help="day everything is released, ISO", **day)
        parser.add_argument("--kind", choices=Cycle.Kind.values, default=Cycle.Kind.FULL)
        parser.add_argument("--framework", help="its version; the current one unless given")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            cycle = open_cycle(
                slug=options["slug"],
                name=options["name"],
                kind=options["kind"],
                framework=_framework(options["framework"]),
                opens_at=london_instant(options["opens"], MORNING),
                due_at=london_instant(options["due"], END_OF_DAY),
                closes_at=london_instant(options["closes"], END_OF_DAY),
                last_release_at=london_instant(options["last_release"], MORNING),
                by=None,
                at=timezone.now(),
            )
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Made {cycle} with {cycle.assessments.count()} assessments.")


def _framework(version: str | None) -> Framework:
    frameworks = Framework.objects.all()
    try:
        return frameworks.get(version=version) if version else frameworks.current()
    except Framework.DoesNotExist as error:
        raise CommandError(
            "There is no such framework version. Load the framework first."
        ) from error
