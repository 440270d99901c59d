"""Two hundred assessors at once: prepares, serves, lets them work, and compares with their ledger.

python -m tests.load [--minutes 10] [--users 200] [--into docs/evidence]; script/load starts
PostgreSQL and Redis around it. Exits with 1 when something was lost or a bound was not kept.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import django
import psutil

ROOT = Path(__file__).resolve().parents[2]
MOST_MILLISECONDS = 800
MOST_ERRORS = 0.001
MOST_GROWTH = 1.15
SAMPLE_EVERY = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--users", type=int, default=200)
    parser.add_argument("--into", type=Path, default=ROOT / "docs" / "evidence")
    options = parser.parse_args()
    scratch = Path(os.environ["DATA_DIR"])
    others = os.getloadavg()[1]
    django.setup()
    from tests.load import world

    world.prepare(scratch / "people.json", users=options.users)
    web = _serve(scratch)
    try:
        memory = _work(options, scratch, psutil.Process(web.pid))
    finally:
        web.terminate()
        web.wait(timeout=60)
    facts = _facts(options, scratch, memory) | world.compare(scratch / "ledger.jsonl")
    facts["load_average_before"] = round(others, 1)
    _write(options.into, scratch, facts, memory)
    print(json.dumps(facts, indent=1))  # noqa: T201
    return 0 if facts["all_kept"] and not facts["lost"] and not facts["clashes_not_kept"] else 1


def _serve(scratch: Path) -> subprocess.Popen[bytes]:
    """gunicorn as the Dockerfile starts it, on loopback."""
    site = os.environ["SITE_URL"]
    command = [
        "gunicorn", "portal.wsgi", "--bind", site.removeprefix("http://"), "--workers", "3",
        "--preload", "--max-requests", "5000", "--max-requests-jitter", "500",
        "--graceful-timeout", "30", "--log-level", "warning",
    ]  # fmt: skip
    with (scratch / "web.log").open("wb") as log:
        web = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
    for _try in range(120):
        try:
            urllib.request.urlopen(f"{site}/healthz", timeout=2)  # noqa: S310  our own
        except OSError:
            time.sleep(0.5)
        else:
            return web
    web.terminate()
    raise SystemExit((scratch / "web.log").read_text())


def _work(options: argparse.Namespace, scratch: Path, web: psutil.Process) -> list[float]:
    """Let them work; returns the memory of the web processes in MiB, every five seconds."""
    environment = os.environ | {
        "LOAD_PEOPLE": str(scratch / "people.json"),
        "LOAD_LEDGER": str(scratch / "ledger.jsonl"),
    }
    (scratch / "ledger.jsonl").touch()
    command = [
        "locust", "--locustfile", "tests/load/locustfile.py", "--headless",
        "--host", os.environ["SITE_URL"], "--users", str(options.users),
        "--spawn-rate", str(max(1, options.users // 20)),
        "--run-time", f"{int(options.minutes * 60)}s", "--stop-timeout", "30",
        "--csv", str(scratch / "locust"), "--only-summary", "--loglevel", "WARNING",
    ]  # fmt: skip
    memory: list[float] = []
    with (scratch / "locust.log").open("wb") as log:
        people = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    while people.poll() is None:
        memory.append(_mebibytes(web))
        time.sleep(SAMPLE_EVERY)
    return memory


def _mebibytes(web: psutil.Process) -> float:
    """What the processes hold between them, shared pages once."""
    held = 0
    for process in (web, *web.children(recursive=True)):
        try:
            held += process.memory_full_info().pss
        except psutil.Error:
            continue  # it was just replaced
    return held / 1024**2


def _facts(options: argparse.Namespace, scratch: Path, memory: list[float]) -> dict[str, Any]:
    rows = {row["Name"]: row for row in _rows(scratch / "locust_stats.csv")}
    asked, errors = (int(rows["Aggregated"][name]) for name in ("Request Count", "Failure Count"))
    save = float(rows["save"]["95%"])
    third = max(1, len(memory) // 3)
    early, late = (sum(part) / len(part) for part in (memory[third : 2 * third], memory[-third:]))
    return {
        "minutes": options.minutes,
        "users": options.users,
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "requests": asked,
        "errors": errors,
        "p95_save_ms": save,
        "p95_autosave_ms": float(rows["autosave"]["95%"]),
        "p95_open_ms": float(rows["open an answer"]["95%"]),
        "memory_early_mib": round(early, 1),
        "memory_late_mib": round(late, 1),
        "all_kept": save <= MOST_MILLISECONDS
        and errors <= asked * MOST_ERRORS
        and late <= early * MOST_GROWTH,
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def _write(into: Path, scratch: Path, facts: dict[str, Any], memory: list[float]) -> None:
    """The figures as they came, beside the facts drawn from them."""
    into.mkdir(parents=True, exist_ok=True)
    (into / "load.json").write_text(json.dumps(facts, indent=1) + "\n")
    (into / "load-requests.csv").write_text((scratch / "locust_stats.csv").read_text())
    (into / "load-failures.csv").write_text((scratch / "locust_failures.csv").read_text())
    lines = [f"{n * SAMPLE_EVERY},{held:.1f}" for n, held in enumerate(memory)]
    (into / "load-memory.csv").write_text("\n".join(["seconds,mebibytes", *lines]) + "\n")


if __name__ == "__main__":
    sys.exit(main())
