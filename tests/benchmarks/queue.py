"""Prints how long two worker processes take over a queue of papers; run it as a module.

    python -m tests.benchmarks.queue [--reports 1000]

PostgreSQL, Redis and the worker are real, on loopback. Each paper is of another organisation, has
at most eight pages, and must be made exactly once. What fewer papers take is told for a thousand.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.faults.installation import Installation
from tests.faults.mail_sink import MailSink
from tests.faults.processes import PostgreSQL, Process, Redis, wait_for

ALL = 1000
MINUTES = 10
MOST_PAGES = 8
WORKER_PROCESSES = 2


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=ALL)
    number = parser.parse_args().reports
    folder = Path(tempfile.mkdtemp(prefix="portal-queue-"))
    postgres, redis = PostgreSQL(folder / "postgres"), Redis(folder / "redis")
    try:
        postgres.create("queue")
        portal = Installation(folder, postgres, redis, MailSink(), "queue", lease=120)
        show(portal, number)
    finally:
        redis.stop()
        postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)


def show(portal: Installation, number: int) -> None:
    """Fill the queue, start the worker, wait, and print what was seen."""
    portal.manage("migrate", "--verbosity", "0")
    portal.run_module("tests.faults.work", str(number), "--pages", str(MOST_PAGES), within=1800)
    ids = portal.ask_for_papers(number)
    try:
        worker = portal.worker(concurrency=WORKER_PROCESSES)
        wait_for("the first paper", lambda: portal.states().get("done"), within=120)
        begun = time.monotonic()
        portal.wait_until_done(number, within=2 * MINUTES * 60)
        taken = time.monotonic() - begun
        processor = processor_seconds(worker) / number
    finally:
        portal.stop()
    portal.assert_each_made_once(ids)
    pages = portal.ask("SELECT max(pages) FROM reporting_report")[0][0]
    load = os.getloadavg()[0]
    say(f"{number} papers of at most {pages} pages (≤ {MOST_PAGES}), each made once")
    say(f"by {WORKER_PROCESSES} worker processes       {taken / 60:7.1f} min, load {load:.1f}")
    say(f"for {ALL}                     {taken / number * ALL / 60:7.1f} min (≤ {MINUTES})")
    alone = processor * ALL / WORKER_PROCESSES / 60
    say(f"processor time a paper       {processor:7.2f} s: {alone:.1f} min on two cores alone")


def processor_seconds(worker: Process) -> float:
    """What the processes that print have used, their start included."""
    children = psutil.Process(worker.id).children()
    return sum(one.cpu_times().user + one.cpu_times().system for one in children)


def say(line: str) -> None:
    """Write one line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
