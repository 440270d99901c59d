"""The worker: warmed before the first report is asked for."""

import resource
import subprocess
import sys

from portal import celery
from reporting import pdf


def test_worker_is_warmed_at_its_start(monkeypatch):
    warmed = []
    monkeypatch.setattr(pdf, "warm", lambda: warmed.append(True))
    celery.app.loader.import_default_modules()

    celery.warm_worker()

    assert warmed == [True]


GREEDY = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from portal import celery
celery.limit_memory()
try:
    bytes(1700 * 1024**2)
except MemoryError:
    print("refused")
"""


def test_job_that_would_take_all_memory_is_refused_it():
    most = resource.getrlimit(resource.RLIMIT_AS)
    done = subprocess.run(
        [sys.executable, "-c", GREEDY], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "refused\n"
    assert resource.getrlimit(resource.RLIMIT_AS) == most


def test_limit_is_the_one_in_the_settings(monkeypatch, settings):
    settings.JOB_MEMORY_MB = 2
    limits = []
    monkeypatch.setattr(resource, "setrlimit", lambda *limit: limits.append(limit))
    celery.limit_memory()
    assert limits == [(resource.RLIMIT_AS, (2_097_152, 2_097_152))]
