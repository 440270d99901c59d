"""Readiness, metrics and error reports: what is said, to whom, and what is never said."""

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.db import DatabaseError
from django.utils import timezone
from health_check.exceptions import ServiceUnavailable

from portal import jobs, logs
from portal.models import Heartbeat, Job
from portal.views import health, readiness

ROOT = Path(project.BASE_DIR)


def beat(ago):
    Heartbeat.objects.create(name="worker", beat_at=timezone.now() - dt.timedelta(seconds=ago))


def wait(ago):
    at = timezone.now() - dt.timedelta(seconds=ago)
    Job.objects.create(
        kind="board-paper", subject_id=1, dedupe_key="a", run_after=at, created_at=at
    )


@pytest.mark.django_db(transaction=True)
def test_ready_when_everything_is_there(client):
    beat(10)
    wait(10)
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ready",
            "checks": dict.fromkeys(("database", "broker", "worker", "queue", "disk"), "ok"),
        },
    )
    assert "no-cache" in answer.headers["Cache-Control"]


@pytest.mark.django_db(transaction=True)
def test_not_ready_says_what_is_lacking(client, monkeypatch):
    monkeypatch.setattr(jobs, "broker_answers", lambda: False)
    monkeypatch.setattr(health, "DISK_NEEDED_BYTES", 2**62)
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["broker"] == "Unavailable: does not answer"
    assert checks["worker"] == "Unavailable: has not started yet"
    assert checks["disk"].startswith("Unavailable: only ")
    assert (checks["database"], checks["queue"]) == ("ok", "ok")
    assert answer.json()["status"] == "not ready"


@pytest.mark.django_db
def test_silent_worker_and_long_queue_are_told_in_seconds():
    beat(200)
    wait(1000)
    with pytest.raises(ServiceUnavailable, match="silent for 2"):
        readiness.Worker().run()
    with pytest.raises(ServiceUnavailable, match="a job has been waiting for 1"):
        readiness.Queue().run()


@pytest.mark.django_db(transaction=True)
def test_error_that_nobody_foresaw_is_told_without_its_words(client, monkeypatch):
    def unreachable():
        raise DatabaseError("password=secret")

    monkeypatch.setattr(health, "last_beat", unreachable)
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert b"secret" not in answer.content


@pytest.mark.django_db
def test_readiness_is_only_read(client):
    assert client.post("/healthz/ready").status_code == 405


@pytest.mark.django_db
def test_healthz_tells_that_the_broker_is_away_and_stays_well(client, settings):
    from portal.celery import app

    before = app.conf.broker_url
    app.conf.broker_write_url = app.conf.broker_url = "redis://127.0.0.1:1/0"
    try:
        answer = client.get("/healthz")
    finally:
        app.conf.broker_write_url = app.conf.broker_url = before
    assert (answer.status_code, answer.json()["broker"]) == (200, "unreachable")


# Metrics


@pytest.mark.django_db
@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}])
def test_metrics_are_not_there_without_the_token(client, settings, header):
    settings.METRICS_TOKEN = "a-token-of-twenty-letters"
    assert client.get("/metrics", headers=header).status_code == 404
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.django_db
def test_metrics_are_told_to_whoever_brings_the_token(client, settings):
    settings.METRICS_TOKEN = "a-token-of-twenty-letters"
    answer = client.get("/metrics", headers={"Authorization": "Bearer a-token-of-twenty-letters"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")


VISIT = """
import django
django.setup()
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
client = Client()
client.get("/help/")
answer = client.get("/metrics", headers={"Authorization": "Bearer a-token-of-twenty-letters"})
print(answer.status_code)
print(answer.content.decode())
"""


def test_metrics_count_requests_of_all_processes(tmp_path):
    environment = {
        "PATH": "/usr/bin:/bin",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "DATA_DIR": str(tmp_path),
        "METRICS_TOKEN": "a-token-of-twenty-letters",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
    }
    told = [
        subprocess.run(
            [sys.executable, "-c", VISIT],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        ).stdout
        for _process in range(2)
    ]
    counted = 'django_http_requests_total_by_view_transport_method_total{method="GET"'
    lines = [line for line in told[1].splitlines() if line.startswith(counted)]
    helped = [line for line in lines if 'view="portal:help"' in line]
    assert told[1].startswith("200\n")
    assert [line.rpartition(" ")[2] for line in helped] == ["2.0"]


# Error reports


@pytest.fixture
def reported(monkeypatch):
    """What the reporting library is told at the start."""
    import sentry_sdk

    told = []
    monkeypatch.setattr(sentry_sdk, "init", lambda **words: told.append(words))
    return told


def test_no_report_leaves_without_a_receiver(settings, reported):
    settings.SENTRY_DSN = ""
    logs.report_errors()
    assert reported == []


def test_reports_are_sent_without_people_bodies_or_variables(settings, reported):
    settings.SENTRY_DSN = "https://key@errors.example.org/1"
    logs.report_errors()
    [words] = reported
    assert words["dsn"] == settings.SENTRY_DSN
    assert words["send_default_pii"] is False
    assert words["include_local_variables"] is False
    assert words["max_request_body_size"] == "never"
    assert words["before_send"] is logs.strip_report


def test_report_keeps_what_mends_an_error_and_no_words():
    event = {
        "exception": {
            "values": [{"type": "ValueError", "value": "canary", "stacktrace": {"frames": []}}]
        },
        "request": {
            "method": "POST",
            "url": "https://x.example.org/invitations/canary/?q=canary",
            "data": {"narrative": "canary"},
            "headers": {"Cookie": "canary"},
            "query_string": "q=canary",
        },
        "user": {"email": "canary@example.org"},
        "breadcrumbs": {"values": [{"message": "canary"}]},
        "extra": {"x": "canary"},
        "logentry": {"message": "canary"},
        "transaction": "portal:help",
        "contexts": {"trace": {"x": "canary"}},
    }
    kept = logs.strip_report(event, {})
    assert "canary" not in json.dumps(kept)
    assert kept["exception"]["values"][0]["type"] == "ValueError"
    assert kept["request"]["method"] == "POST"
    assert kept["transaction"] == "portal:help"


def test_report_of_no_request_and_no_exception_is_kept():
    assert logs.strip_report({"level": "error"}, {}) == {"level": "error"}
