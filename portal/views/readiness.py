"""Whether everything the portal needs is there, check by check, each within seconds."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from health_check.base import HealthCheck
from health_check.checks import Database
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView

from portal import jobs
from portal.views import health

SILENCE_ALLOWED_SECONDS = 180
WAIT_ALLOWED_SECONDS = 900


@dataclasses.dataclass
class Broker(HealthCheck):
    """The worker can be rung for."""

    def run(self) -> None:  # type: ignore[override]
        if not jobs.broker_answers():
            raise ServiceUnavailable("does not answer")


@dataclasses.dataclass
class Worker(HealthCheck):
    """Worker and scheduler have shown that they are alive."""

    def run(self) -> None:  # type: ignore[override]
        silent = _asked(lambda: health.age(health.last_beat(), timezone.now()))
        if silent is None:
            raise ServiceUnavailable("has not started yet")
        if silent > SILENCE_ALLOWED_SECONDS:
            raise ServiceUnavailable(f"silent for {silent} seconds")


@dataclasses.dataclass
class Queue(HealthCheck):
    """No job has been waiting for long."""

    def run(self) -> None:  # type: ignore[override]
        at = timezone.now()
        waiting = _asked(lambda: health.age(health.oldest_job(at), at)) or 0
        if waiting > WAIT_ALLOWED_SECONDS:
            raise ServiceUnavailable(f"a job has been waiting for {waiting} seconds")


@dataclasses.dataclass
class Disk(HealthCheck):
    """There is room for what people upload."""

    def run(self) -> None:  # type: ignore[override]
        free = health.disk_free()
        if free < health.DISK_NEEDED_BYTES:
            raise ServiceUnavailable(f"only {free // 1024**2} MiB are free")


class Readiness(HealthCheckView):
    """200 when all of it is there, else 503; what is lacking is said without secrets."""

    checks: ClassVar = [Database, Broker, Worker, Queue, Disk]
    http_method_names: ClassVar = ["get", "head", "options"]

    async def get(self, _request: HttpRequest, *_args: Any, **_kwargs: Any) -> JsonResponse:
        results = await asyncio.gather(*(check.get_result() for check in self.get_checks()))
        told = {
            type(result.check).__name__.lower(): str(result.error) if result.error else "ok"
            for result in results
        }
        ready = set(told.values()) == {"ok"}
        content = {"status": "ready" if ready else "not ready", "checks": told}
        return JsonResponse(content, status=200 if ready else 503)


def _asked(question: Callable[[], int | None]) -> int | None:
    """Its answer, on a connection that is closed again where a check's thread opened it."""
    with connection.temporary_connection():
        return question()
