"""The demonstration's people: one account per role and organisation, with a known password."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from portal.models import Organisation, User
from portal.roles import Role
from portal.services import create_account, start_membership
from reporting.demo.script import Script

PASSWORD = "anti-racism-in-practice"  # noqa: S105  (printed for whoever looks at the demonstration)

HEG = (
    (Role.HEG, "heg@example.org", "Josephine Adeyemi-Clarke", "Programme Director"),
    (Role.HEG, "heg2@example.org", "Harpreet Sandhu", "Programme Manager"),
    (Role.ADMIN, "admin@example.org", "Tomasz Wiśniewski", "Service Operations Manager"),
)


@dataclass(frozen=True)
class Account:
    """One row of what `seed_demo --json` prints."""

    email: str
    password: str
    roles: list[str]
    organisation: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def add_people(script: Script, organisation: Organisation, *, at: dt.datetime) -> None:
    """An account and a membership for everybody in the script."""
    numbers: dict[str, int] = {}
    for person in script.content["people"]:
        role = person["role"]
        numbers[role] = numbers.get(role, 0) + 1
        number = "" if numbers[role] == 1 else str(numbers[role])
        _add(
            role,
            f"{role}{number}.{organisation.slug}@example.org",
            person["name"],
            person["job_title"],
            organisation,
            at=at,
            on_behalf_of=person.get("group", ""),
        )


def add_heg(organisation: Organisation, *, at: dt.datetime) -> None:
    """The Health Equity Group's people and the administrator."""
    for role, email, name, job_title in HEG:
        _add(role, email, name, job_title, organisation, at=at)


def set_passwords() -> None:
    """The known password for everybody, hashed once: sixty hashes would take twenty seconds."""
    User.objects.filter(email__endswith="@example.org").update(password=make_password(PASSWORD))


def _add(
    role: str,
    email: str,
    name: str,
    job_title: str,
    organisation: Organisation,
    *,
    at: dt.datetime,
    on_behalf_of: str = "",
) -> None:
    user = create_account(email=email, name=name, at=at, job_title=job_title)
    start_membership(
        user=user, organisation=organisation, role=role, by=None, at=at, on_behalf_of=on_behalf_of
    )


def accounts() -> list[Account]:
    """Everybody of the demonstration, one row per person and organisation."""
    rows: dict[tuple[str, str], list[str]] = {}
    people = User.objects.filter(email__endswith="@example.org").order_by("pk")
    for user in people.prefetch_related("memberships__organisation"):
        for membership in user.active_memberships:
            rows.setdefault((user.email, membership.organisation.slug), []).append(membership.role)
    return [
        Account(email=email, password=PASSWORD, roles=sorted(roles), organisation=slug)
        for (email, slug), roles in rows.items()
    ]
