"""The worker's tasks: each job once, whatever goes wrong given back with a plain reason."""

import pytest
from django.db import IntegrityError

from portal import jobs
from portal.models import Job
from reporting import pdf, services, tasks
from reporting.models import Report
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(assessment, lead, sponsor):
    snapshot = factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    return Job.objects.get(kind="board-paper", subject_id=snapshot.pk)


def fail_with(monkeypatch, error):
    def broken(**_kwargs):
        raise error

    monkeypatch.setattr(services, "make_report", broken)


def test_make_report_makes_the_paper(job):
    tasks.make_report(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Report.objects.get().reference == "2026-north-east-london-board-paper-v1"


def test_job_that_is_done_is_left_alone(job, monkeypatch):
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    fail_with(monkeypatch, AssertionError("not to be called"))
    tasks.make_report(job.pk)
    assert not Report.objects.exists()


def test_failure_gives_the_job_back_with_a_plain_reason(job, monkeypatch):
    fail_with(monkeypatch, ValueError("secret words"))
    tasks.make_report(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.WAITING
    assert job.error == (
        "Something went wrong in the portal while the paper was being made (ValueError). "
        "Nothing of the assessment is lost."
    )


def test_fifth_failure_ends_the_job(job, monkeypatch):
    Job.objects.filter(pk=job.pk).update(attempts=4)
    fail_with(monkeypatch, MemoryError())
    tasks.make_report(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "MemoryError" in job.error


def test_race_between_workers_gives_the_job_back(job, monkeypatch):
    fail_with(monkeypatch, IntegrityError())
    tasks.make_report(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.WAITING, tasks.ANOTHER_WORKER)


def test_lost_lease_leaves_the_job_to_its_new_worker(job, monkeypatch, at):
    fail_with(monkeypatch, services.LeaseLost())
    tasks.make_report(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert jobs.finish(job, at=at)


def test_warm_up_readies_the_engine(monkeypatch):
    called = []
    monkeypatch.setattr(pdf, "warm", lambda: called.append(True))
    tasks.warm_up()
    assert called == [True]
