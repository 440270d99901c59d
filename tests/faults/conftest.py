"""Fixtures of the fault tests: servers for the session, a fresh portal for each test.

`portal` is an `Installation` on a copy of a database that holds `SNAPSHOTS` signed-off
assessments and no job. A test that breaks a server need not mend it: the next test finds it mended.
`town` is a portal on the web full of people, shared by the tests of one module; each test has
systems there to itself. `village` is one like it for one test, which may break it; `disk` a disk to
fill.
"""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.disk import SmallDisk
from tests.faults.installation import Installation
from tests.faults.mail_sink import MailSink
from tests.faults.people import Town
from tests.faults.processes import PostgreSQL, Redis

SNAPSHOTS = 24
SECOND_SHARE = "in_any_order[1]"
HERE = Path(__file__).parent
numbers = itertools.count(1)


@dataclass
class Servers:
    """What portals of one test session share, one after another."""

    folder: Path
    postgres: PostgreSQL
    redis: Redis
    mail: MailSink

    def portal(self, database: str) -> Installation:
        folder = self.folder / database
        folder.mkdir(exist_ok=True)
        return Installation(folder, self.postgres, self.redis, self.mail, database)


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    postgres, redis, mail = PostgreSQL(folder / "postgres"), Redis(folder / "redis"), MailSink()
    mail.start()
    try:
        yield Servers(folder, postgres, redis, mail)
    finally:
        mail.stop()
        redis.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated(servers: Servers) -> str:
    """A database with every table and no row."""
    servers.postgres.create("migrated")
    servers.portal("migrated").manage("migrate", "--verbosity", "0")
    return "migrated"


@pytest.fixture(scope="session")
def base(servers: Servers, migrated: str) -> str:
    """The database that each test gets a copy of."""
    servers.postgres.create("base", template=migrated)
    servers.portal("base").run_module("tests.faults.work", str(SNAPSHOTS))
    return "base"


@pytest.fixture(scope="session")
def settled(servers: Servers, migrated: str) -> dict[str, dict[str, str]]:
    """A database called `settled` with a town in it; the sessions of its people."""
    servers.postgres.create("settled", template=migrated)
    return json.loads(servers.portal("settled").run_module("tests.faults.town"))


@pytest.fixture(scope="module")
def town(servers: Servers, settled: dict[str, dict[str, str]]) -> Iterator[Town]:
    database = f"town_{next(numbers)}"
    servers.redis.start()
    servers.mail.start()
    servers.postgres.create(database, template="settled")
    portal = servers.portal(database)
    try:
        portal.web()
        yield Town(portal, settled)
    finally:
        portal.stop()
        servers.postgres.drop(database)


@pytest.fixture
def village(servers: Servers, settled: dict[str, dict[str, str]]) -> Iterator[Town]:
    """A town for one test, which may break it; nothing runs there yet."""
    database = f"village_{next(numbers)}"
    servers.redis.start()
    servers.redis.flush()
    servers.mail.start()
    servers.mail.clear()
    servers.postgres.create(database, template="settled")
    portal = servers.portal(database)
    try:
        yield Town(portal, settled)
    finally:
        portal.stop()
        servers.postgres.drop(database)


@pytest.fixture
def disk(servers: Servers) -> Iterator[SmallDisk]:
    """A disk with room, until a test fills it."""
    disk = SmallDisk(servers.folder / f"disk_{next(numbers)}")
    try:
        yield disk
    finally:
        disk.remove()


@pytest.fixture
def portal(servers: Servers, base: str) -> Iterator[Installation]:
    database = f"test_{next(numbers)}"
    servers.redis.start()
    servers.redis.flush()
    servers.mail.start()
    servers.mail.clear()
    servers.postgres.create(database, template=base)
    portal = servers.portal(database)
    try:
        yield portal
    finally:
        portal.stop()
        servers.postgres.drop(database)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of the fault tests alone, the second share of lives goes to the middle.

    Two processes that share them begin with a half each, and so with a share of lives each.
    """
    if any(item.path.parent != HERE for item in items):
        return
    second = next((n for n, item in enumerate(items) if item.name.endswith(SECOND_SHARE)), None)
    if second is not None:
        items.insert(len(items) // 2, items.pop(second))
