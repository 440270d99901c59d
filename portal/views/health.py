"""How the portal is: one address for whoever watches it, without secrets."""

from __future__ import annotations

import datetime as dt
import shutil

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.models import Heartbeat, Job

DISK_NEEDED_BYTES = 200 * 1024 * 1024


@login_not_required
@never_cache
@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """200 while pages can be served and saved; ages are for the one who watches."""
    at = timezone.now()
    free = shutil.disk_usage(settings.DATA_DIR).free
    try:
        facts = {
            "database": "ok",
            "worker_heartbeat_age_seconds": _age(_last_beat(), at),
            "oldest_job_age_seconds": _age(_oldest_job(at), at),
        }
    except DatabaseError:
        facts = {"database": "unreachable"}
    well = facts["database"] == "ok" and free > DISK_NEEDED_BYTES
    content = {
        "status": "ok" if well else "unwell",
        **facts,
        "disk_free_mebibytes": free // 1024**2,
        "version": settings.VERSION,
    }
    return JsonResponse(content, status=200 if well else 503)


def _last_beat() -> dt.datetime | None:
    return Heartbeat.objects.filter(name="worker").values_list("beat_at", flat=True).first()


def _oldest_job(at: dt.datetime) -> dt.datetime | None:
    due = Job.objects.due(at=at).order_by("created_at")
    return due.values_list("created_at", flat=True).first()


def _age(instant: dt.datetime | None, at: dt.datetime) -> int | None:
    return None if instant is None else int((at - instant).total_seconds())
