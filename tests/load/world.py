"""The people and assessments that load is put on, and what became of what was saved."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.utils import timezone

from assessments import services
from assessments.models import Assessment, Revision
from commitments.models import Framework
from portal.models import Membership, Organisation, User
from tests.factories import london

PASSWORD_NOBODY_USES = "!"
LEADS = 2
SYSTEMS = 5


def prepare(people_file: Path, *, users: int) -> None:
    """Five systems with an open assessment each, and the assessors shared out between them."""
    for command in ("migrate", "load_framework", "load_organisations"):
        call_command(command, verbosity=0)
    at = timezone.now()
    year = at.year
    services.open_cycle(
        slug="load",
        name="Self-assessment under load",
        kind="full",
        framework=Framework.objects.current(),
        opens_at=london(year - 1, 12, 1),
        due_at=london(year + 1, 3, 1),
        closes_at=london(year + 1, 4, 1),
        last_release_at=london(year + 1, 6, 1),
        by=None,
        at=at,
    )
    each = users // SYSTEMS
    people = [
        person
        for assessment in Assessment.objects.select_related("organisation", "cycle")
        for person in _people(assessment, each, at)
    ]
    people_file.write_text(json.dumps(people))


def _people(assessment: Assessment, number: int, at: Any) -> list[dict[str, Any]]:
    """Two leads who answer anything, and contributors with an answer or more of their own."""
    answers = list(assessment.answers.in_order().select_related("item__section"))
    for answer in answers:
        answer.assessment = assessment
    leads = [_person(assessment.organisation, "lead", n, at) for n in range(LEADS)]
    others = [_person(assessment.organisation, "contributor", n, at) for n in range(number - LEADS)]
    given: dict[User, list[Any]] = {}
    for n, answer in enumerate(answers):
        person = others[n % len(others)]
        given.setdefault(person, []).append(answer)
    for person, mine in given.items():
        services.assign_answers(
            answers=mine,
            person=person,
            due_on=None,
            by=leads[0],
            at=at,
        )
    given |= dict.fromkeys(leads, answers)
    tasks = assessment.get_absolute_url()
    return [
        {
            "email": person.email,
            "session": session(person),
            "answers": [answer.get_absolute_url() for answer in mine],
            "pages": ["/", "/my-actions/", f"{tasks}", "/framework/"],
        }
        for person, mine in given.items()
    ]


def _person(organisation: Organisation, role: str, number: int, at: Any) -> User:
    email = f"{role}{number}.{organisation.slug}@example.org"
    user = User.objects.create(email=email, name=email, password=PASSWORD_NOBODY_USES)
    Membership.objects.create(user=user, organisation=organisation, role=role, started_at=at)
    return user


def session(user: User) -> str:
    """A session as signing in makes it: hashing 200 passwords is not what is measured."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def compare(ledger: Path) -> dict[str, int]:
    """Acknowledged saves, those that are nowhere, and clashes whose words are not kept."""
    kept: Counter[tuple[str, int | None, str]] = Counter()
    for revision in Revision.objects.select_related(
        "answer__assessment__cycle", "answer__assessment__organisation", "answer__item"
    ).iterator(chunk_size=1000):
        version = None if revision.kind == Revision.Kind.REFUSED else revision.version
        digest = hashlib.sha256(revision.narrative.encode()).hexdigest()
        kept[revision.answer.get_absolute_url(), version, digest] += 1
    rows = [json.loads(line) for line in ledger.read_text().splitlines()]
    missing = [row for row in rows if not kept[row["url"], row["version"], row["sha256"]]]
    return {
        "acknowledged": sum(row["version"] is not None for row in rows),
        "lost": sum(row["version"] is not None for row in missing),
        "clashes": sum(row["version"] is None for row in rows),
        "clashes_not_kept": sum(row["version"] is None for row in missing),
    }
