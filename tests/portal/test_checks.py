"""What `check --deploy` says, and that production settings are clean."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project

from portal import checks

STRONG = "k3Jd8sPq0ZxLm4Vb7NcTg5Hy2RwEa9Uf6Io1QzXsWdCeRfVtGbYhNuJmIk"


def ids(found):
    return [message.id for message in found]


@pytest.mark.parametrize(
    ("engine", "redis", "expected"),
    [
        ("postgresql", "", ["portal.W003"]),
        ("postgresql", "redis://redis:6379/0", []),
        ("sqlite3", "", []),
    ],
)
def test_redis(settings, monkeypatch, engine, redis, expected):
    database = settings.DATABASES["default"]
    monkeypatch.setitem(database, "ENGINE", f"django.db.backends.{engine}")
    settings.REDIS_URL = redis
    assert ids(checks.cache_is_shared()) == expected


@pytest.mark.parametrize(
    ("url", "backend", "expected"),
    [
        ("https://portal.example.org", "console", ["portal.W004"]),
        ("https://portal.example.org", "smtp", []),
        ("http://localhost:8000", "console", []),
    ],
)
def test_mail(settings, url, backend, expected):
    settings.SITE_URL, settings.DEMO = url, False
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert ids(checks.mail_leaves()) == expected


def check_deploy(tmp_path, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=project.BASE_DIR,
        env={**kept, "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_production_settings_are_clean(tmp_path):
    done = check_deploy(
        tmp_path,
        SECRET_KEY=STRONG,
        SITE_URL="https://portal.example.org",
        DATABASE_URL="postgres://portal:secret@database/portal",
        REDIS_URL="redis://redis:6379/0",
        EMAIL_URL="smtp+tls://user:secret@mail.example.org:587",
    )
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_weak_settings_are_named_with_their_remedy(tmp_path):
    done = check_deploy(tmp_path, SECRET_KEY=STRONG, SITE_URL="https://portal.example.org")
    assert done.returncode != 0
    for words in ("portal.W004", "EMAIL_URL"):
        assert words in done.stderr


def test_missing_secret_key_refuses_to_start_and_says_how_to_mend_it(tmp_path):
    done = check_deploy(tmp_path)
    assert done.returncode != 0
    assert "SECRET_KEY is not set. Make one with" in done.stderr
