"""Print everything the portal holds of one organisation."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.models import Organisation
from reporting.queries.holdings import holdings


class Command(BaseCommand):
    help = (
        "Print everything held of an organisation, as canonical JSON with --json, else as counts. "
        "The same on both databases, and before and after somebody only looked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="for example north-east-london")
        parser.add_argument("--json", action="store_true", help="print the rows, not their counts")

    def handle(self, *_args: Any, slug: str, **options: Any) -> None:
        try:
            organisation = Organisation.objects.get(slug=slug)
        except Organisation.DoesNotExist as error:
            raise CommandError(f"There is no organisation {slug}.") from error
        if options["json"]:
            self._print(organisation)
            return
        for name, rows in holdings(organisation):
            self.stdout.write(f"{name}: {sum(1 for _row in rows)}")

    def _print(self, organisation: Organisation) -> None:
        """A row at a time, so that the size of what is held does not matter."""
        self.stdout.write('{"format":1', ending="")
        for name, rows in holdings(organisation):
            self.stdout.write(f",\n{json.dumps(name)}:[", ending="")
            for number, row in enumerate(rows):
                self.stdout.write((",\n" if number else "\n") + _canonical(row), ending="")
            self.stdout.write("]", ending="")
        self.stdout.write("}")


def _canonical(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
