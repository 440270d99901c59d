"""What the worker does for reports beside its jobs."""

from reporting import pdf, tasks


def test_warm_up_readies_the_engine(monkeypatch):
    called = []
    monkeypatch.setattr(pdf, "warm", lambda: called.append(True))
    tasks.warm_up()
    assert called == [True]
