"""Measures what pages cost in processor time, as ratios to a floor page of the same run.

The floor is `tests.benchmarks.floor`: the whole middleware, somebody signed in, and nothing to say.
Every round asks for every page once, so that a busy moment of the machine falls on all of them.
Runs on SQLite, or on the PostgreSQL of DATABASE_URL, in a database of its own that goes away.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Cycle
from portal.models import User
from portal.tasks import do_job
from reporting import demo
from reporting.models import Report
from tests.benchmarks.crowd import add_cycles, add_organisations

WARM_UP = 5
MOST_QUERIES = 12
MANY, GROWTH = 5_000, 2.5
"""So many systems may make the comparison cost so many times what five do."""
LEAD, SPONSOR, HEG = (
    "lead.north-east-london@example.org",
    "sponsor.south-east-london@example.org",
    "heg@example.org",
)


@dataclass(frozen=True)
class Page:
    """A page, who opens it, and how many times the floor it may cost (0: nothing promised)."""

    name: str
    path: str
    person: str = LEAD
    budget: float = 8


def pages() -> list[Page]:
    """The pages that are measured, in the current cycle of the demonstration."""
    cycle = Cycle.objects.latest("opens_at").slug
    own = f"/assessments/{cycle}/north-east-london/"
    sent = f"/assessments/{cycle}/south-east-london/"
    paper = own_papers().latest("pk").get_absolute_url()
    return [
        Page("floor", "/floor/", budget=0),
        Page("one action", f"{own}L1/", budget=6),
        Page("one consideration", f"{own}D1/", budget=6),
        Page("task list", own),
        Page("home, lead", "/"),
        Page("home, HEG", "/", HEG),
        Page("comparison", f"/comparison/{cycle}/", HEG),
        Page("comparison, one item", f"/comparison/{cycle}/L1/", HEG),
        Page("check answers", f"{own}check/"),
        Page("history", f"{own}L1/history/"),
        Page("sign-off", f"{sent}sign-off/", SPONSOR),
        Page("evidence library", "/evidence/north-east-london/"),
        Page("plan", "/plan/north-east-london/"),
        Page("reports", "/reports/"),
        Page("reports, HEG", "/reports/", HEG),
        Page("paper, read again", paper, budget=2),
        Page("paper, PDF again", f"{paper[:-1]}.pdf", budget=2),
        Page("cycle status", f"/cycles/{cycle}/", HEG),
        Page("organisation", "/organisations/north-east-london/"),
        Page("framework, one item", "/framework/L1/"),
    ]


def own_papers() -> QuerySet[Report]:
    """The papers of the lead's organisation that are made."""
    return Report.objects.filter(snapshot__assessment__organisation__slug="north-east-london")


def make_papers() -> None:
    """Have the worker's work done until the lead has a paper to read."""
    while not own_papers().exists():
        do_job()


class Browser:
    """Somebody signed in, who asks the WSGI application as the web server does."""

    application = staticmethod(get_wsgi_application())

    def __init__(self, email: str) -> None:
        client = Client()
        client.force_login(User.objects.get(email=email))
        self.cookie = client.cookies[settings.SESSION_COOKIE_NAME].value

    def get(self, path: str) -> bytes:
        request = RequestFactory(
            HTTP_COOKIE=f"{settings.SESSION_COOKIE_NAME}={self.cookie}",
        ).get(path)
        status: list[str] = []
        response = self.application(request.environ, lambda words, _headers: status.append(words))
        body = b"".join(response)
        response.close()
        if not status[0].startswith("200"):
            raise SystemExit(f"{path} answered {status[0]}")
        return body


def say(words: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{words}\n")


Ask = Callable[[Page], bytes]


def visitors() -> Ask:
    """Asks for a page as the person it is for."""
    browsers = {email: Browser(email) for email in (LEAD, SPONSOR, HEG)}
    return lambda page: browsers[page.person].get(page.path)


@dataclass(frozen=True)
class Cost:
    """Processor milliseconds of a page: the median round, and the best where others disturb."""

    median: float
    best: float


def times(ask: Ask, listed: list[Page], rounds: int) -> dict[str, Cost]:
    """What each page costs; the garbage of one round is not left to the next."""
    taken: dict[str, list[float]] = {page.name: [] for page in listed}
    for number in range(WARM_UP + rounds):
        gc.collect()
        for page in listed:
            begun = time.process_time()
            ask(page)
            if number >= WARM_UP:
                taken[page.name].append((time.process_time() - begun) * 1000)
    return {name: Cost(statistics.median(all_), min(all_)) for name, all_ in taken.items()}


def queries(ask: Ask, listed: list[Page]) -> dict[str, int]:
    """How many queries each page makes when everything is warm."""
    counts = {}
    for page in listed:
        ask(page)
        with CaptureQueriesContext(connection) as captured:
            ask(page)
        counts[page.name] = len(captured)
    return counts


@contextmanager
def database() -> Iterator[None]:
    """A database with the demonstration in it."""
    with tempfile.TemporaryDirectory() as folder:
        if connection.vendor == "sqlite":
            connection.settings_dict["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3")
        else:
            connection.settings_dict["TEST"]["NAME"] = f"bench_{os.getpid()}"
        name = connection.settings_dict["NAME"]
        # Opening SQLite costs as much as a small page and would make every ratio look better.
        connection.settings_dict["CONN_MAX_AGE"] = None
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            call_command("load_framework", stdout=StringIO())
            call_command("load_organisations", stdout=StringIO())
            demo.seed(seed=1, at=timezone.now())
            make_papers()
            yield
        finally:
            connection.creation.destroy_test_db(name, verbosity=0)


def show_costs(costs: dict[str, Cost], counts: list[dict[str, int]], listed: list[Page]) -> None:
    """Print a row for each page: time, ratio, and queries as organisations and cycles grow."""
    say(f"\n{connection.vendor}: processor time, × the floor by medians and by best rounds\n")
    heads = ("page", "ms", "×", "best ×", "budget", "queries: 5", "50 systems", "6 cycles")
    say("{:24}{:>8}{:>7}{:>8}{:>8}{:>12}{:>12}{:>10}".format(*heads))
    for page in listed:
        cost = costs[page.name]
        ratio, best = cost.median / costs["floor"].median, cost.best / costs["floor"].best
        numbers = [count[page.name] for count in counts]
        notes = []
        if page.budget and min(ratio, best) > page.budget:
            notes.append("over budget")
        if max(numbers) > MOST_QUERIES:
            notes.append("too many queries")
        if len(set(numbers)) > 1:
            notes.append("queries grow")
        budget = f"≤ {page.budget:g}" if page.budget else ""
        say(
            f"{page.name:24}{cost.median:8.1f}{ratio:7.1f}{best:8.1f}{budget:>8}"
            f"{numbers[0]:12}{numbers[1]:12}{numbers[2]:10}  {', '.join(notes)}"
        )


def show_profile(ask: Ask, page: Page) -> None:
    """Print where the time of a page goes."""
    profile = cProfile.Profile()
    for _ in range(WARM_UP):
        ask(page)
    profile.enable()
    for _ in range(20):
        ask(page)
    profile.disable()
    for order in ("cumulative", "tottime"):
        pstats.Stats(profile).sort_stats(order).print_stats(45)


def show_growth(ask: Ask, comparison: list[Page], few: Cost) -> None:
    """Print what the comparison costs when a thousand times as many systems are in it."""
    add_organisations(MANY, at=timezone.now())
    first = times_once(ask, comparison[0])
    many = times(ask, comparison, 10)["comparison"]
    count = queries(ask, comparison)["comparison"]
    ratio = min(many.median / few.median, many.best / few.best)
    note = "  over budget" if ratio > GROWTH else ""
    say(f"\ncomparison of {MANY:,} systems / 5: {ratio:.1f} × the time (≤ {GROWTH}){note}")
    say(f"{count} queries; the first page after a release, which counts them: {first:.0f} ms")


def times_once(ask: Ask, page: Page) -> float:
    """Processor milliseconds of asking once."""
    begun = time.process_time()
    ask(page)
    return (time.process_time() - begun) * 1000


def measure(arguments: list[str], description: str) -> None:
    """Measure what the arguments ask for, and print it."""
    options = _options(arguments, description)
    settings.ROOT_URLCONF = "tests.benchmarks.floor"
    with database():
        listed, ask = pages(), visitors()
        if options.profile:
            show_profile(ask, next(page for page in listed if page.name == options.profile))
            return
        costs = times(ask, listed, options.rounds)
        counts = [queries(ask, listed)]
        add_organisations(50, at=timezone.now())
        counts.append(queries(ask, listed))
        add_cycles(6)
        counts.append(queries(ask, listed))
        show_costs(costs, counts, listed)
        if not options.short:
            comparison = [page for page in listed if page.name == "comparison"]
            show_growth(ask, comparison, costs["comparison"])


def _options(arguments: list[str], description: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--profile", metavar="NAME", help="show where this page's time goes")
    parser.add_argument("--short", action="store_true", help="leave the 5,000 systems out")
    return parser.parse_args(arguments)
