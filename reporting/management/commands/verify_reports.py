"""Hash every paper, signed-off record and evidence file again, and name what differs."""

import json
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reporting.queries.verification import differences


class Command(BaseCommand):
    help = "Hash papers, records and evidence files again; exit with 1 where one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        checked = Counter({"papers": 0, "records": 0, "files": 0, "withheld": 0})
        found = []
        for difference in differences(checked):
            found.append(difference)
            if not options["json"]:
                self.stdout.write(str(difference))
        if options["json"]:
            told = {"checked": dict(checked), "differences": [asdict(one) for one in found]}
            self.stdout.write(json.dumps(told, indent=2))
        else:
            self.stdout.write(_sentence(checked, len(found)))
        if found:
            sys.exit(1)


def _sentence(checked: Counter[str], found: int) -> str:
    looked = ", ".join(f"{number} {name}" for name, number in checked.items())
    return f"Looked at {looked}: {found or 'nothing'} {'differs' if found < 2 else 'differ'}."
