"""A town to do things in at once: systems with people and their sessions, one for each purpose.

python -m tests.faults.town, run in a portal's environment; prints the sessions as JSON, by system
and role. The systems are on London's own framework; `DRAFT` and the others name them.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from typing import Any

CYCLE = "open"
PASSWORD = "correct-horse-battery"
DRAFT = (
    "crowd", "neighbour", "pair", "tabs", "typing", "typing-locked", "clash", "invite", "upload",
    "session", "leaver", "roles", "preview-waiting", "preview-running",
)  # fmt: skip
READY = ("send", "preview")
SENT = ("sign",)
SIGNED = ("release", "outcome", "cover", "retry", "reopen")
ROLES = ("lead", "second_lead", "contributor", "sponsor", "second_sponsor", "secretary")
CROWD = 40
ASSIGNED = ("L1", "L2")
"""What the contributor of every system was asked to answer."""


def main() -> None:
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone

    from assessments.models import Assessment
    from commitments.services import load_framework
    from tests import factories

    at, password = timezone.now(), make_password(PASSWORD)
    load_framework(folder=settings.BASE_DIR / "fixtures" / "framework" / "london-1", at=at)
    places = {slug: factories.organisation(slug) for slug in (*DRAFT, *READY, *SENT, *SIGNED)}
    _open_cycle(at)
    sessions: dict[str, dict[str, str]] = {}
    for slug, place in places.items():
        assessment = Assessment.objects.select_related("cycle", "organisation").get(
            organisation=place
        )
        people = {role: _person(role, place, at, password) for role in ROLES}
        if slug == "crowd":
            people |= {f"lead-{n}": _person(f"lead-{n}", place, at, password) for n in range(CROWD)}
        _bring_to_state(slug, assessment, people, at)
        sessions[slug] = {role: _session(person) for role, person in people.items()}
    group = factories.organisation("health-equity-group", kind="heg")
    sessions["health-equity-group"] = {"heg": _session(_person("heg", group, at, password))}
    sys.stdout.write(json.dumps(sessions))


def _open_cycle(at: dt.datetime) -> None:
    from assessments import services
    from commitments.models import Framework

    day = dt.timedelta(days=1)
    services.open_cycle(
        slug=CYCLE, name="Self-assessment at once", kind="full",
        framework=Framework.objects.current(), opens_at=at - 30 * day, due_at=at + 30 * day,
        closes_at=at + 60 * day, last_release_at=at + 90 * day, by=None, at=at - 30 * day,
    )  # fmt: skip


def _person(name: str, place: Any, at: dt.datetime, password: str) -> Any:
    """second_lead and lead-7 are leads."""
    from portal.models import Membership, User

    role = name.removeprefix("second_").partition("-")[0]
    email = f"{name}.{place.slug}@example.org"
    person = User.objects.create(email=email, name=f"{name} of {place.slug}", password=password)
    Membership.objects.create(
        user=person, organisation=place, role=role, started_at=at - dt.timedelta(days=30)
    )
    return person


def _bring_to_state(slug: str, assessment: Any, people: dict[str, Any], at: dt.datetime) -> None:
    from assessments import services
    from tests import factories

    lead, sponsor = people["lead"], people["sponsor"]
    answers = list(assessment.answers.select_related("item__section").in_order())
    for answer in answers:
        answer.assessment = assessment
    services.assign_answers(
        answers=[answer for answer in answers if answer.item.code in ASSIGNED],
        person=people["contributor"], due_on=None, by=lead, at=at,
    )  # fmt: skip
    if slug in DRAFT:
        return
    under_way = {answer.item.code: 2 for answer in answers}
    factories.complete_assessment(assessment, by=lead, at=at, levels=under_way)
    if slug == "outcome":
        factories.board_ask(assessment, by=lead, at=at)
    if slug in READY:
        return
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    if slug in SIGNED:
        services.sign_off(assessment=assessment, by=sponsor, at=at)


def _session(person: Any) -> str:
    """A session as signing in makes it."""
    from tests.load.world import session

    return session(person)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    import django

    django.setup()
    main()
