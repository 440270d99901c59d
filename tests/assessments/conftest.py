"""The pages' tests act at one instant, as one person after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from portal.models import User
from tests.factories import AT


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """The pages' own clock stands at `AT`; a test may move it."""
    with time_machine.travel(AT, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser_of(clock: time_machine.Coordinates) -> Callable[[User], Client]:
    """A client signed in as this person."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
