"""One portal under test: its database, its folder, its worker, scheduler and web server.

The environment is the production settings' own; nothing of the tests' settings is in it. What a
test asks for is written into the database before anything breaks, and is the ledger: afterwards
`papers_made` and `lost` say what became of it.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal.celery import app
from tests.faults.mail_sink import MailSink
from tests.faults.processes import (
    PostgreSQL,
    Process,
    Redis,
    TookTooLong,
    free_port,
    wait_for,
)

ROOT = Path(__file__).resolve().parents[2]
OF_THE_TEST_RUN = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "DEMO", "TEST_REDIS_URL")

INSERT_JOB = """
INSERT INTO portal_job (kind, subject_id, organisation_id, dedupe_key, state, attempts, worker,
                        run_after, created_at, error)
SELECT 'board-paper', snapshot.id, assessment.organisation_id, 'board-paper:' || snapshot.id,
       'waiting', 0, '', now(), now(), ''
FROM assessments_snapshot snapshot JOIN assessments_assessment assessment
     ON assessment.id = snapshot.assessment_id
ORDER BY snapshot.id LIMIT %s
RETURNING id
"""
STATES = "SELECT state, count(*) FROM portal_job GROUP BY state"
MADE = """
SELECT report.snapshot_id, report.digest, bytes.pdf FROM reporting_report report
JOIN reporting_reportbytes bytes ON bytes.report_id = report.id
"""


@dataclass
class Installation:
    """Processes share `lease` seconds, a database of their own, the broker and the mail sink."""

    folder: Path
    postgres: PostgreSQL
    redis: Redis
    mail: MailSink
    database: str
    lease: int = 60
    site_port: int = field(default_factory=free_port)
    processes: list[Process] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)
    """What of the environment is different for programs that are started from now on."""

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.site_port}"

    @property
    def static(self) -> Path:
        """Gathered once for every portal of the test session."""
        return self.folder.parent / "static"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OF_THE_TEST_RUN}
        return kept | {
            "DATABASE_URL": self.postgres.url(self.database),
            "REDIS_URL": self.redis.url,
            "EMAIL_URL": self.mail.url,
            "DATA_DIR": str(self.folder),
            "STATIC_ROOT": str(self.static),
            "SITE_URL": self.site,
            "ALLOWED_HOSTS": "127.0.0.1",
            "SECRET_KEY": "faults-only-" + "x" * 60,
            "REQUIRE_MFA": "0",
            "JOB_LEASE_SECONDS": str(self.lease),
            "LOG_LEVEL": "INFO",
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            **self.changed,
        }

    # Programs

    def manage(self, *words: str, within: float = 120) -> str:
        """What a management command prints; raises CalledProcessError when it fails."""
        return self._run("manage.py", *words, within=within)

    def run_module(self, name: str, *words: str, within: float = 300) -> str:
        """What a module of the tests prints that works through the portal's services."""
        return self._run("-m", name, *words, within=within)

    def worker(self, concurrency: int = 2) -> Process:
        return self._start(
            "worker", "celery", "-A", "portal", "worker", "--concurrency", str(concurrency),
            "--loglevel", "info", "--without-gossip", "--without-mingle",
            "--hostname", f"{len(self.processes)}@faults",
        )  # fmt: skip

    def scheduler(self) -> Process:
        return self._start(
            "scheduler", "celery", "-A", "portal", "beat", "--loglevel", "info", "--pidfile=",
            "--schedule", str(self.folder / f"beat-{len(self.processes)}"),
        )  # fmt: skip

    def web(self) -> Process:
        """gunicorn, answering; the static files are gathered the first time."""
        if not self.static.exists():
            self.manage("collectstatic", "--no-input", "--verbosity", "0")
        web = self._start(
            "web", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{self.site_port}",
            "--workers", "2", "--threads", "4", "--log-level", "warning",
        )  # fmt: skip
        wait_for("the web server answers", self._web_answers, within=60)
        return web

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.stop()

    # The ledger, and what became of it

    def ask_for_papers(self, number: int) -> list[int]:
        """Write this many jobs down, one a snapshot, and ring once for each; their keys."""
        ids = [key for (key,) in self.ask(INSERT_JOB, [number])]
        assert len(ids) == number, f"only {len(ids)} snapshots are there"
        self.ring(number)
        return ids

    def ring(self, times: int) -> None:
        self.call("portal.tasks.do_job", times=times)

    def call(self, task: str, *, times: int = 1) -> None:
        """Put a task on the queue, as often as is said."""
        with app.connection_for_write(self.redis.url) as connection:
            for _time in range(times):
                app.send_task(task, connection=connection)

    def ask(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        return self.postgres.ask(self.database, query, values)

    def states(self) -> dict[str, int]:
        """How many jobs there are in each state."""
        return {state: int(number) for state, number in self.ask(STATES)}

    def running_process(self) -> int | None:
        """The id of a worker process that is making a paper now."""
        rows = self.ask("SELECT worker FROM portal_job WHERE state = 'running' LIMIT 1")
        return int(rows[0][0].rpartition(":")[2]) if rows else None

    def let_leases_run_out(self) -> None:
        """As if the time that a silent worker is given had passed."""
        self.ask("UPDATE portal_job SET lease_until = now() WHERE state = 'running'")

    def wait_until_one_is_being_made(self) -> int:
        return wait_for("a paper is being made", self.running_process, every=0.01)

    def wait_until_done(self, number: int, *, within: float = 120) -> None:
        """Until this many jobs are done, by the bells that were rung."""
        self._wait(number, lambda: None, within)

    def sweep_until_done(self, number: int, *, within: float = 120) -> None:
        """Ringing meanwhile for whatever may be due, as the scheduler would, only more often."""

        def sweep() -> None:
            if not self.redis.bells():
                self.ring(number)

        self._wait(number, sweep, within)

    def _wait(self, number: int, meanwhile: Callable[[], None], within: float) -> None:
        def reached() -> bool:
            if self.states().get("done", 0) >= number:
                return True
            meanwhile()
            return False

        try:
            wait_for(f"{number} jobs are done", reached, within=within, every=0.3)
        except TookTooLong as error:
            raise TookTooLong(f"{error}; {self.story()}") from None

    def story(self) -> str:
        """Each job and the end of each log: what to read when a test did not come right."""
        jobs = self.ask("SELECT id, state, attempts, error FROM portal_job ORDER BY id")
        logs = [f"{one.log.name}:\n{one.words()[-2000:]}" for one in self.processes]
        return "\n".join([*map(str, jobs), *logs])

    def wait_for_mail(self, number: int, *, within: float = 90) -> None:
        wait_for(f"{number} messages", lambda: len(self.mail.messages) >= number, within=within)

    def lost(self, ids: list[int]) -> list[int]:
        """Keys of jobs that were written down and are not there any more."""
        there = {key for (key,) in self.ask("SELECT id FROM portal_job")}
        return sorted(set(ids) - there)

    def papers_made(self) -> list[int]:
        """The snapshots that papers were made of, each once a paper; all match their hashes."""
        made = self.ask(MADE)
        wrong = [key for key, digest, pdf in made if hashlib.sha256(pdf).hexdigest() != digest]
        assert wrong == []
        return sorted(key for key, _digest, _pdf in made)

    def assert_each_made_once(self, ids: list[int]) -> None:
        """Every job of the ledger is done, with one paper, one audit event and nothing more."""
        assert self.lost(ids) == []
        assert self.states() == {"done": len(ids)}
        papers = self.papers_made()
        assert len(papers) == len(set(papers)) == len(ids)
        told = self.ask("SELECT count(*) FROM portal_auditevent WHERE verb = 'report-made'")
        assert told == [(len(ids),)]

    def _run(self, *words: str, within: float) -> str:
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=self.environment, capture_output=True,
            text=True, timeout=within, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{words}: {done.stderr[-3000:]}"
        return done.stdout

    def _start(self, name: str, program: str, *words: str) -> Process:
        command = [str(Path(sys.executable).with_name(program)), *words]
        log = self.folder / f"{name}-{len(self.processes)}.log"
        process = Process(command, log=log, env=self.environment, cwd=ROOT)
        self.processes.append(process)
        return process

    def _web_answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.site}/healthz", timeout=5) as answer:  # noqa: S310  our own
                return answer.status == 200
        except OSError:
            return False
