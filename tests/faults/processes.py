"""Programs on loopback for the fault tests: PostgreSQL, Redis and whatever else is started.

Each runs in its own process group and in a temporary folder, and is ended by its id. Nothing here
waits without a bound: `wait_for` gives up and says what it waited for.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg2
import redis

STOP_WITHIN = 15


class TookTooLong(AssertionError):
    """What was waited for did not happen in time."""


def wait_for(what: str, true: Callable[[], Any], *, within: float = 60, every: float = 0.05) -> Any:
    """The first true answer; raises TookTooLong, naming what did not come, after `within` s."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if answer := true():
            return answer
        time.sleep(every)
    raise TookTooLong(f"{what}: not within {within} seconds")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Process:
    """One program in a process group of its own; what it says is in `log`."""

    def __init__(
        self, command: Sequence[str], *, log: Path, env: Mapping[str, str], cwd: Path | None = None
    ) -> None:
        self.log = log
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                command, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def id(self) -> int:
        return self.popen.pid

    @property
    def is_running(self) -> bool:
        return self.popen.poll() is None

    def signal_group(self, number: int) -> None:
        """Send a signal to the program and all its children."""
        try:
            os.killpg(self.id, number)
        except ProcessLookupError:
            return

    def kill_group(self) -> None:
        """kill -9 for all of them at once: nobody can tidy up."""
        self.signal_group(signal.SIGKILL)
        self.popen.wait(STOP_WITHIN)

    def stop(self) -> None:
        """Ask it to end, and make it when it does not."""
        if self.is_running:
            self.popen.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.popen.wait(STOP_WITHIN)
        self.kill_group()

    def words(self) -> str:
        return self.log.read_text(errors="replace")


class PostgreSQL:
    """A throw-away PostgreSQL on loopback. `base` is a template that databases are copied from."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        folder.mkdir()
        self.run_as: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            folder.parent.chmod(0o711)
            shutil.chown(folder, "postgres")
            self.run_as = ["runuser", "-u", "postgres", "--"]
        self._call(
            "initdb", "--username", "portal", "--auth", "trust", "--encoding", "UTF8",
            "--locale", "C.UTF-8",
        )  # fmt: skip
        self.start()

    def start(self) -> None:
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c fsync=off "
            f"-c unix_socket_directories={self.folder} -c max_connections=60"
        )
        self._control("start", "--log", str(self.folder / "log"), "--options", options)

    def stop(self, mode: str = "immediate") -> None:
        self._control("stop", "--mode", mode)

    def restart(self) -> None:
        """As after a power cut: connections are dropped, what was committed is recovered."""
        self.stop()
        self.start()

    def url(self, database: str) -> str:
        return f"postgres://portal@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str) -> Any:
        connection = psycopg2.connect(
            host="127.0.0.1", port=self.port, user="portal", dbname=database, connect_timeout=5
        )
        connection.autocommit = True
        return connection

    def create(self, database: str, *, template: str = "template1") -> None:
        self.ask("postgres", f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def drop(self, database: str) -> None:
        self.ask("postgres", f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def ask(self, database: str, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of one query, over a connection of its own."""
        connection = self.connect(database)
        try:
            with connection.cursor() as cursor:
                cursor.execute(query, values)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def _control(self, *words: str) -> None:
        self._call("pg_ctl", "--silent", "--wait", *words)

    def _call(self, program: str, *words: str) -> None:
        command = [
            *self.run_as, str(self.binaries / program), "--pgdata", str(self.folder / "data"),
            *words,
        ]  # fmt: skip
        with (self.folder.parent / "postgres.log").open("ab") as log:
            subprocess.run(
                command, cwd="/", stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=True,
                timeout=90,
            )  # fmt: skip


class Redis:
    """A throw-away Redis on loopback that keeps nothing: killed, it has forgotten everything."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, where it does not run, and wait until it answers."""
        if not getattr(self, "process", None) or not self.process.is_running:
            command = [
                "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--dir", str(self.folder),
            ]  # fmt: skip
            self.process = Process(command, log=self.folder / "log", env=os.environ)
        wait_for("Redis answers", self.answers, within=20)

    def answers(self) -> bool:
        try:
            return bool(self._client().ping())
        except redis.ConnectionError:
            return False

    def kill(self) -> None:
        self.process.kill_group()

    def flush(self) -> None:
        """FLUSHALL: every queued bell is gone."""
        self._client().flushall()

    def configure(self, name: str, value: str) -> None:
        """Change a setting while it runs, such as how much memory it may use."""
        self._client().config_set(name, value)

    def bells(self) -> int:
        """How many messages wait in the queue."""
        return int(self._client().llen("celery"))

    def stop(self) -> None:
        self.process.stop()

    def _client(self) -> redis.Redis:
        return redis.Redis(port=self.port, socket_timeout=2, socket_connect_timeout=2)
