"""The worker: warmed before the first report is asked for."""

from portal import celery
from reporting import pdf


def test_worker_is_warmed_at_its_start(monkeypatch):
    warmed = []
    monkeypatch.setattr(pdf, "warm", lambda: warmed.append(True))
    celery.app.loader.import_default_modules()

    celery.warm_worker()

    assert warmed == [True]
