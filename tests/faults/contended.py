"""One of several processes that save the same answers through the services, again and again.

python -m tests.faults.contended SYSTEM NUMBER WRITER, run in a portal's environment. Reads an
answer as a form would, saves at the version it read, and goes on until it was first NUMBER times.
Prints a line of JSON for whatever was acknowledged: item, kind, version and words.
"""

from __future__ import annotations

import itertools
import json
import os
import sys

CODES = ("L1", "L2", "L3")


def main(system: str, number: int, writer: int) -> None:
    from django.utils import timezone

    from assessments import services
    from assessments.models import Answer
    from portal.models import User

    by = User.objects.get(email=f"{('lead', 'second_lead')[writer % 2]}.{system}@example.org")
    rows = Answer.objects.select_related("item__section", "assessment__organisation")
    rows = rows.filter(assessment__organisation__slug=system)
    saved = 0
    for turn in itertools.count():
        if saved == number:
            return
        code, words = CODES[turn % len(CODES)], f"Writer {writer}, turn {turn}."
        answer = rows.get(item__code=code)
        deed = {"answer": answer, "level": 2, "narrative": words, "version": answer.version}
        try:
            services.save_answer(**deed, by=by, at=timezone.now())
        except services.StaleAnswer:
            tell(code, "refused", answer.version, words)
        else:
            saved += 1
            tell(code, "saved", deed["version"] + 1, words)


def tell(code: str, kind: str, version: int, words: str) -> None:
    """One acknowledged write; the line is out before the next begins."""
    sys.stdout.write(json.dumps([code, kind, version, words]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
