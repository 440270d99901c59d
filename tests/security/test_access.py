"""Every address, as everybody, in every place, by every method: the policy is what happens."""

import logging
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from portal.roles import GRANTS, Role
from tests import factories
from tests.places import ANONYMOUS, GLASS, ROLES, Where, World
from tests.policy import (
    BY_STATE,
    CLOSED,
    FOREIGN,
    PUBLIC,
    STILL_THERE,
    may,
    may_know,
    policy_of,
    reads,
)
from tests.security.matrix import (
    ACCESS,
    ACCESS_VERBS,
    ALL,
    METHODS,
    NOTED_BY_OPENING,
    READING,
    SESSION,
    Answered,
    Cell,
    Visitor,
    cells,
    is_ours,
)

pytestmark = pytest.mark.django_db

FEWEST_CELLS = 25_000
SAYS_503 = {"portal:ready"}
HEADERS = {
    "Content-Security-Policy": r"(?=.*default-src 'none')(?=.*frame-ancestors 'none')^(?!.*unsafe)",
    "Referrer-Policy": "^same-origin$",
    "X-Content-Type-Options": "^nosniff$",
    "X-Frame-Options": "^DENY$",
}


@pytest.fixture
def world(framework, time_machine, settings, tmp_path) -> Iterator[World]:
    settings.MEDIA_ROOT = tmp_path
    time_machine.move_to(factories.AT, tick=False)
    logging.disable(logging.CRITICAL)
    yield World(framework)
    logging.disable(logging.NOTSET)


def wrong_about(cell: Cell, role: str, got: Answered) -> str:
    """What an answer does that the policy does not say; empty where they agree."""
    if got.status >= 500 and cell.address.name not in SAYS_503:
        return "breaks"
    if cell.method not in (*READING, "POST"):
        return "" if got.status == 405 and not got.written else "takes an unknown method"
    if weak := weak_headers(got, signed_in=role in {*GRANTS, GLASS}):
        return f"lacks {weak}"
    if read := got.marks - reads(role, cell.address.name):
        return f"shows what is written in {sorted(read)}"
    opens = may(role, cell.address.name, cell.where, sending=cell.method not in READING)
    if not opens and not got.is_refused:
        return "is open"
    if opens and got.is_refused and got.status != 405 and is_there(cell):
        return "is closed"
    if opens and not got.is_refused and is_gone(cell):
        return "is there without being there"
    return writes_too_much(cell, got, opens=opens)


def writes_too_much(cell: Cell, got: Answered, *, opens: bool) -> str:
    """Reading leaves access events at most, and what is refused leaves nothing."""
    if cell.method in READING:
        noted = {NOTED_BY_OPENING.get(cell.address.name, "")}
        more = got.written - ACCESS - noted or got.verbs - ACCESS_VERBS
        return f"is read and changes {sorted(more)}" if more else ""
    more = got.written - SESSION
    return f"is refused and changes {sorted(more)}" if more and not opens else ""


def weak_headers(got: Answered, *, signed_in: bool) -> list[str]:
    """Names of headers that do not say what every page must say."""
    wanted = HEADERS | ({"Cache-Control": r"(?=.*no-store)(?=.*private)"} if signed_in else {})
    headers = got.headers
    return [name for name, like in wanted.items() if not re.search(like, headers.get(name, ""))]


def is_there(cell: Cell) -> bool:
    if cell.address.name in BY_STATE or cell.where in {Where.RANDOM, Where.OWN_UNASSIGNED}:
        return False
    return cell.where != Where.DELETED or cell.address.name in STILL_THERE


def is_gone(cell: Cell) -> bool:
    gone = cell.where in {Where.DELETED, Where.RANDOM} and bool(cell.address.parts)
    return gone and is_ours(cell.address.name) and not is_there(cell)


def tells_foreign_from_missing(cell: Cell, role: str, got: Answered, visitor: Visitor) -> bool:
    """Whether somebody who may not look could learn that there is something to look at."""
    if cell.where not in FOREIGN:
        return False
    name = cell.address.name
    if may_know(role, name) or may(role, name, cell.where, sending=cell.method not in READING):
        return False
    return got.looks != visitor.ask(replace(cell, where=Where.RANDOM)).looks


@pytest.mark.parametrize("role", ROLES)
def test_everything_is_open_to_whom_the_policy_names_and_to_nobody_else(role, world):
    visitor, wrong = Visitor(world, role), {}
    for cell in cells():
        got = visitor.ask(cell)
        what = wrong_about(cell, role, got)
        if tells_foreign_from_missing(cell, role, got, visitor):
            what = what or "tells that there is something"
        if what:
            wrong[str(cell)] = f"{what} ({got.status})"
    assert wrong == {}


def test_matrix_has_as_many_cells_as_were_promised():
    """Forty addresses fewer, or two roles fewer, and this says so."""
    number = len(list(cells())) * len(ROLES)
    assert number >= FEWEST_CELLS, number
    assert {cell.method for cell in cells()} == set(METHODS)
    assert {cell.where for cell in cells()} == set(Where)


@pytest.mark.parametrize("role", [ANONYMOUS, Role.LEAD, Role.HEG, Role.ADMIN])
def test_nothing_is_sent_without_the_token_of_a_form(role, world):
    visitor, wrong = Visitor(world, role, enforce_csrf_checks=True), {}
    for address in ALL:
        for method in METHODS[2:]:
            got = visitor.ask(Cell(address, Where.OWN_DRAFT, method))
            if got.status != (403 if method == "POST" else 405) or got.written - SESSION:
                wrong[f"{method} {address.name}"] = got.status, got.written
    assert wrong == {}


def test_second_factor_is_asked_on_every_page_but_those_for_everybody(world, settings):
    settings.REQUIRE_MFA = True
    visitor, wrong = Visitor(world, Role.LEAD), {}
    for address in ALL:
        is_free = address.route.startswith("/accounts/") or address.name == "admin:login"
        if is_free or policy_of(address.name) in {PUBLIC, CLOSED}:
            continue
        for method in ("GET", "POST"):
            got = visitor.ask(Cell(address, Where.OWN_DRAFT, method))
            if got.location != "/accounts/2fa/totp/activate/":
                wrong[f"{method} {address.name}"] = got.status, got.location
    assert wrong == {}
