"""Fills a fault test's database with signed-off assessments; run as a module in its environment.

python -m tests.faults.work NUMBER
"""

from __future__ import annotations

import copy
import os
import sys
from typing import Any


def main(number: int) -> None:
    """This many snapshots, each of another organisation, small enough to print quickly."""
    from django.db import transaction

    from tests.reporting import snapshots
    from tests.reporting.stored import stored

    model = small(snapshots.partial())
    with transaction.atomic():
        for n in range(number):
            document = copy.deepcopy(model)
            document["organisation"] |= {"slug": f"system-{n}", "name": f"System {n}"}
            stored(document)
    sys.stdout.write(f"{number} snapshots\n")


def small(document: dict[str, Any]) -> dict[str, Any]:
    """The same with the first item of the first commitment and of the first enabler only."""
    first = [section for section in document["sections"] if section["code"] in ("L", "D")]
    document["sections"] = [section | {"items": section["items"][:1]} for section in first]
    return document


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    main(int(sys.argv[1]))
