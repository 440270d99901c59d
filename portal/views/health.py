"""How the portal is, for whoever watches it: facts at one address, readiness at another."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from portal import jobs
from portal.models import Heartbeat, Job

DISK_NEEDED_BYTES = 200 * 1024 * 1024


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while pages can be served and saved; the other facts are for the one who watches."""
    free = disk_free()
    facts = {"broker": "ok" if jobs.broker_answers() else "unreachable", **_from_database()}
    well = facts["database"] == "ok" and free > DISK_NEEDED_BYTES
    content = {
        "status": "ok" if well else "unwell",
        **facts,
        "disk_free_mebibytes": free // 1024**2,
        "version": settings.VERSION,
    }
    return JsonResponse(content, status=200 if well else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts and times of requests, for whoever brings the token; there is nothing without one."""
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(given, wanted):
        raise Http404
    return ExportToDjangoView(request)


def last_beat() -> dt.datetime | None:
    return Heartbeat.objects.filter(name="worker").values_list("beat_at", flat=True).first()


def oldest_job(at: dt.datetime) -> dt.datetime | None:
    due = Job.objects.due(at=at).order_by("created_at")
    return due.values_list("created_at", flat=True).first()


def disk_free() -> int:
    """Bytes that are free where data and uploads live: the fewer, where these are two disks."""
    folders = (settings.DATA_DIR, settings.MEDIA_ROOT)
    return min(shutil.disk_usage(_that_exists(Path(folder))).free for folder in folders)


def _that_exists(folder: Path) -> Path:
    """The folder, or the nearest above it: that of uploads is made with the first of them."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def age(instant: dt.datetime | None, at: dt.datetime) -> int | None:
    """Seconds since the instant; None where there was none."""
    return None if instant is None else int((at - instant).total_seconds())


def _from_database() -> dict[str, Any]:
    at = timezone.now()
    try:
        return {
            "database": "ok",
            "worker_heartbeat_age_seconds": age(last_beat(), at),
            "oldest_job_age_seconds": age(oldest_job(at), at),
        }
    except DatabaseError:
        return {"database": "unreachable"}
