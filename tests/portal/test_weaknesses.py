"""The portal refuses to start on weak settings, and says how to mend them."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from portal.weaknesses import weaknesses

STRONG = "k3Jd8sPq0ZxLm4Vb7NcTg5Hy2RwEa9Uf6Io1QzXsWdCeRfVtGbYhNuJmIk"
WELL = {
    "secret_key": STRONG,
    "site_url": "https://portal.example.org",
    "allowed_hosts": ["portal.example.org"],
    "demo": False,
    "metrics_token": "",
}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"metrics_token": "a-token-of-twenty-letters"},
        {"site_url": "http://127.0.0.1:8000", "demo": True, "secret_key": "short"},
        {"site_url": "http://localhost:8000", "secret_key": "short"},
        {"site_url": "http://[::1]:8000", "secret_key": "short"},
        {"site_url": "http://192.168.1.20", "demo": True},
    ],
)
def test_nothing_is_said_where_all_is_well_or_nobody_else_can_come(changes):
    assert weaknesses(**WELL | changes) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"secret_key": "short"}, "Make one with python3 -c"),
        ({"secret_key": "ab" * 40}, "SECRET_KEY is easy to guess"),
        ({"site_url": "http://portal.example.org"}, "Put TLS in front"),
        ({"site_url": "http://192.168.1.20"}, "Put TLS in front"),
        ({"site_url": "http://8.8.8.8", "demo": True}, "Take DEMO away"),
        ({"demo": True}, "Take DEMO away"),
        ({"allowed_hosts": ["*"]}, "Name the hosts"),
        ({"allowed_hosts": ["*"], "site_url": "http://127.0.0.1"}, "Name the hosts"),
        ({"metrics_token": "short"}, "METRICS_TOKEN is easy to guess"),
    ],
)
def test_each_weakness_is_named_with_its_remedy(changes, words):
    assert any(words in one for one in weaknesses(**WELL | changes))


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is easy to guess"),
        ({"SITE_URL": "http://portal.example.org"}, "Put TLS in front"),
        ({"ALLOWED_HOSTS": "*"}, "Name the hosts"),
        ({"DEMO": "1"}, "Take DEMO away"),
    ],
)
def test_settings_do_not_load_on_a_weakness(environment, words, tmp_path):
    well = {"SECRET_KEY": STRONG, "SITE_URL": "https://portal.example.org"}
    done = subprocess.run(
        [sys.executable, "-c", "import portal.settings"],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **well, **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "The portal does not start like this." in last
    assert words in last
