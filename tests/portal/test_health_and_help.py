"""Health for whoever watches, help for everybody."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.utils import timezone

from portal.models import Heartbeat, Job
from portal.roles import Permission, Role
from portal.views import health

pytestmark = pytest.mark.django_db


def test_healthz_answers_200_with_ages(client):
    now = timezone.now()
    Heartbeat.objects.create(name="worker", beat_at=now - dt.timedelta(seconds=30))
    Job.objects.create(
        kind="board-paper",
        subject_id=1,
        dedupe_key="a",
        run_after=now,
        created_at=now - dt.timedelta(seconds=90),
    )

    answer = client.get("/healthz")

    assert answer.status_code == 200
    facts = answer.json()
    assert facts["status"] == "ok"
    assert (facts["database"], facts["broker"]) == ("ok", "ok")
    assert 30 <= facts["worker_heartbeat_age_seconds"] < 60
    assert 90 <= facts["oldest_job_age_seconds"] < 120
    assert "no-store" in answer.headers["Cache-Control"]


def test_healthz_says_nothing_of_ages_it_does_not_know(client):
    facts = client.get("/healthz").json()
    assert facts["worker_heartbeat_age_seconds"] is None
    assert facts["oldest_job_age_seconds"] is None


def test_healthz_answers_503_without_a_database(client, monkeypatch):
    def unreachable():
        raise DatabaseError

    monkeypatch.setattr(health, "last_beat", unreachable)

    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"


def test_healthz_answers_503_when_the_disk_is_full(client, monkeypatch):
    monkeypatch.setattr(health, "DISK_NEEDED_BYTES", 2**62)
    assert client.get("/healthz").status_code == 503


def test_fuller_disk_counts_where_uploads_have_one_of_their_own(settings, tmp_path, monkeypatch):
    free = {settings.DATA_DIR: 900, tmp_path: 7}
    monkeypatch.setattr(health.shutil, "disk_usage", lambda one: SimpleNamespace(free=free[one]))
    settings.MEDIA_ROOT = tmp_path
    assert health.disk_free() == 7
    settings.MEDIA_ROOT = tmp_path / "not" / "there yet"
    assert health.disk_free() == 7
    free[tmp_path] = 1000
    assert health.disk_free() == 900


@pytest.mark.parametrize(
    "path",
    [
        "/help/",
        "/help/accessibility/",
        "/help/privacy/",
        "/help/cookies/",
        "/help/levels-and-evidence/",
    ],
)
def test_help_pages_are_public(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    assert b"<h1" in answer.content


def test_help_page_that_does_not_exist_is_404(client):
    assert client.get("/help/nonsense/").status_code == 404


def test_who_can_do_what_shows_the_whole_table(client):
    answer = client.get("/help/who-can-do-what/")
    page = answer.content.decode()

    assert page.count('scope="row"') == len(Permission)
    assert all(label in page for label in Role.labels)
    assert "Yes: never what they sent" in page
