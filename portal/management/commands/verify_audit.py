"""Whether the audit log still stands as it was written."""

import dataclasses
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.audit.verification import Fault, Head, verify


class Command(BaseCommand):
    help = (
        "Recompute every hash chain of the audit log. Names the first bad row of each chain that "
        "is not as it was written, and then exits with 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        heads, faults = verify()
        if options["json"]:
            content = {
                "ok": not faults,
                "chains": [dataclasses.asdict(head) for head in heads],
                "faults": [dataclasses.asdict(fault) for fault in faults],
            }
            self.stdout.write(json.dumps(content, indent=2))
        else:
            self._tell(heads, faults)
        if faults:
            sys.exit(1)

    def _tell(self, heads: list[Head], faults: list[Fault]) -> None:
        for head in heads:
            self.stdout.write(f"{head.chain}: {head.sequence} events stand as written")
        for fault in faults:
            self.stdout.write(f"{fault.chain}: {fault.words}")
