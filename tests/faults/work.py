"""Fills a fault test's database with signed-off assessments; run as a module in its environment.

python -m tests.faults.work NUMBER
"""

from __future__ import annotations

import argparse
import copy
import os
import sys
from typing import Any

SECTIONS = {6: "LD", 8: "LWCD"}
"""By the number of pages that a Board paper of them has."""


def main(number: int, *, pages: int) -> None:
    """This many snapshots, each of another organisation, of about so many pages."""
    from django.db import transaction

    from tests.reporting import snapshots
    from tests.reporting.stored import stored

    model = small(snapshots.partial(), SECTIONS[pages])
    with transaction.atomic():
        for n in range(number):
            document = copy.deepcopy(model)
            document["organisation"] |= {"slug": f"system-{n}", "name": f"System {n}"}
            stored(document)
    sys.stdout.write(f"{number} snapshots\n")


def small(document: dict[str, Any], sections: str) -> dict[str, Any]:
    """The same with these commitments and enablers only."""
    kept = [section for section in document["sections"] if section["code"] in sections]
    document["sections"] = kept
    return document


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("--pages", type=int, choices=SECTIONS, default=6)
    main(**vars(parser.parse_args()))
