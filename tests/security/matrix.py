"""Walks every address, as one role, in every place, by every method, and says what came of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.test import Client

from portal.models import AuditEvent
from tests.addresses import Address, addresses
from tests.places import ANONYMOUS, DELETABLE, Where, World
from tests.security.canaries import marks_in

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
READING = ("GET", "HEAD")
ALL = addresses()
REFUSED = {403, 404, 405}

SESSION = {"django_session"}
ACCESS = SESSION | {"portal_auditchain", "portal_auditevent"}
ACCESS_VERBS = {
    "activity.downloaded",
    "break-glass.read",
    "comparison.downloaded",
    "evidence.downloaded",
    "report-downloaded",
    "report-read",
}
"""What looking at something may leave behind; nothing else is written by GET and HEAD."""

NOTED_BY_OPENING = {"assessments:answer": "assessments_assignment"}
"""Whoever was asked is known to have opened the page: an access event in a column."""


@dataclass(frozen=True)
class Cell:
    address: Address
    where: Where
    method: str

    def __str__(self) -> str:
        return f"{self.method} {self.address.name}, {self.where}"


@dataclass
class Answered:
    """What one request got, and which tables it wrote to."""

    status: int
    location: str
    digest: str
    written: set[str] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)
    headers: dict[str, str] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)

    @property
    def is_refused(self) -> bool:
        """What is not there or not allowed, and, where one is needed, the way to sign in."""
        return self.status in REFUSED or (self.status == 302 and "login/" in self.location)

    @property
    def looks(self) -> tuple[int, str, str]:
        """What somebody can tell two answers apart by."""
        return self.status, self.location, self.digest


def cells(only: Any = lambda _address: True) -> Iterator[Cell]:
    """Every cell of the matrix for one role."""
    for address in filter(only, ALL):
        for where in places_of(address):
            for method in METHODS:
                yield Cell(address, where, method)


def is_ours(name: str) -> bool:
    """Not a page of the sign-in library or of the administrator."""
    return name.startswith(("portal:", "commitments:", "assessments:", "reporting:"))


def places_of(address: Address) -> list[Where]:
    """All of them where the address names something; what has no parts stands in one place."""
    parts = set(address.parts)
    if not parts:
        return [Where.OWN_DRAFT]
    places = set(Where)
    if not parts & DELETABLE or not is_ours(address.name):
        places -= {Where.DELETED}
    if "code" not in parts or not address.name.startswith("assessments:"):
        places -= {Where.OWN_UNASSIGNED}
    return [where for where in Where if where in places]


class Visitor:
    """One person with one session, who leaves nothing behind in the database."""

    def __init__(self, world: World, role: str, **client: Any) -> None:
        self.world = world
        self.client = Client(raise_request_exception=False, **client)
        if role != ANONYMOUS:
            self.client.force_login(world.people[role])
        self.cookies = {name: one.value for name, one in self.client.cookies.items()}
        self.seen: dict[tuple[str, str], Answered] = {}

    def ask(self, cell: Cell, data: dict[str, str] | None = None) -> Answered:
        """The answer, from memory where another place has the same address."""
        path = self.world.places[cell.where].path(cell.address)
        if (cell.method, path) not in self.seen:
            self.seen[cell.method, path] = self._ask(cell.method, path, data)
        return self.seen[cell.method, path]

    def _ask(self, method: str, path: str, data: dict[str, str] | None) -> Answered:
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        with transaction.atomic():
            before = AuditEvent.objects.count()
            with writes() as written:
                response = (
                    self.client.generic(method, path)
                    if method != "POST"
                    else (self.client.post(path, data or {}))
                )
                body = response.getvalue()
            verbs = set(AuditEvent.objects.order_by("pk").values_list("verb", flat=True)[before:])
            transaction.set_rollback(True)
        return Answered(
            response.status_code,
            plain(response.headers.get("Location", ""), path),
            hashlib.sha256(plain(body.decode(errors="replace"), path).encode()).hexdigest(),
            written,
            verbs,
            dict(response.headers),
            marks_in(body),
        )


def plain(text: str, path: str) -> str:
    """Without what is new in every answer: tokens, nonces, and the address that was asked for."""
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', r'\1=""', text)
    return text.replace(path, "…")


@contextmanager
def writes() -> Iterator[set[str]]:
    """Names of the tables that are written to while this lasts."""
    tables: set[str] = set()

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        found = re.match(r'\s*(?:INSERT\b.*?\bINTO|UPDATE|DELETE FROM)\s+"?(\w+)', sql, re.I)
        if found:
            tables.add(found[1])
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        yield tables
