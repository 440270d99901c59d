"""Fixtures that every test may ask for, and what the test database needs around it."""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from portal import guards
from reporting.queries.systems import count_everybody
from tests import factories


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file: threads that share a database in memory do not wait for each other."""
    test = connections["default"].settings_dict["TEST"]
    if connections["default"].vendor == "sqlite" and not test.get("NAME"):
        folder = tempfile.mkdtemp(prefix="portal-test-database-")
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        test["NAME"] = str(Path(folder) / f"{worker}.sqlite3")


@pytest.fixture(scope="session", autouse=True)
def frozen_rows_can_be_flushed() -> Iterator[None]:
    """SQLite flushes with DELETE, which the triggers refuse: off before, on again after.

    PostgreSQL truncates, which row triggers do not see; there this changes nothing.
    """
    flush = TransactionTestCase._fixture_teardown

    def flush_without_guards(case: TransactionTestCase) -> None:
        for name in case._databases_names(include_mirrors=False):
            guards.remove(using=name)
        flush(case)
        for name in case._databases_names(include_mirrors=False):
            guards.install(using=name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_guards)
        yield


@pytest.fixture(autouse=True)
def nothing_counted_before() -> None:
    """The counts of what is released are kept by keys, which tests use again."""
    count_everybody.cache_clear()


@pytest.fixture
def guards_on(db: None) -> Iterator[None]:
    """The triggers, in place and put back whatever the test does to them."""
    guards.install()
    yield
    guards.install()


@pytest.fixture
def at() -> dt.datetime:
    """The instant at which tests act: 16 November 2026, 10:00 in London."""
    return factories.AT


@pytest.fixture
def system(db: None) -> Any:
    """North East London."""
    return factories.organisation()


@pytest.fixture
def framework(db: None) -> Any:
    """The small framework: L1-L3, W1-W3 and the considerations D1 and D2."""
    return factories.small_framework()


@pytest.fixture
def london_framework(db: None) -> Any:
    """The real framework, as published, through its own loader."""
    from commitments.services import load_framework

    folder = Path(settings.BASE_DIR) / "fixtures" / "framework" / "london-1"
    return load_framework(folder=folder, at=factories.AT)


@pytest.fixture
def lead(system: Any) -> Any:
    return factories.user_with("lead", system, name="Amina Okafor")


@pytest.fixture
def sponsor(system: Any) -> Any:
    return factories.user_with("sponsor", system, name="Sola Adeyemi")


@pytest.fixture
def second_sponsor(system: Any) -> Any:
    return factories.user_with("sponsor", system, name="Ravi Menon")


@pytest.fixture
def contributor(system: Any) -> Any:
    return factories.user_with("contributor", system, name="Hodan Warsame")


@pytest.fixture
def heg(db: None) -> Any:
    return factories.user_with("heg", name="Ife Cole")


@pytest.fixture
def assessment(framework: Any, system: Any) -> Any:
    """North East London's, in the cycle of 2026, on the small framework, nothing answered."""
    return factories.open_assessment(framework, system)
