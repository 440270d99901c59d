"""The worker's one task for jobs: each once, whatever goes wrong given back with a reason."""

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError

from portal import jobs, tasks
from portal.models import Job
from reporting import services
from reporting.models import Report
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(assessment, lead, sponsor):
    snapshot = factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    Job.objects.filter(kind="full-report").delete()
    return Job.objects.get(kind="board-paper", subject_id=snapshot.pk)


def fail_with(monkeypatch, error):
    def broken(**_kwargs):
        raise error

    monkeypatch.setattr(services, "make_report", broken)


def test_job_is_done_by_the_maker_of_its_kind(job):
    assert tasks.do_job(job.pk) == f"board-paper for {job.organisation}"
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Report.objects.get().reference == "2026-north-east-london-board-paper-v1"


def test_bell_without_a_job_is_passed_over(job, monkeypatch):
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    fail_with(monkeypatch, AssertionError("not to be called"))
    assert tasks.do_job(job.pk) is None


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (
            ValueError("secret words"),
            "Something went wrong in the portal while the paper was being made (ValueError). "
            "Nothing of the assessment is lost.",
        ),
        (
            SoftTimeLimitExceeded(),
            "It took longer than 90 seconds to make. Nothing of the assessment is lost.",
        ),
        (
            MemoryError(),
            "It needed more memory than one paper may use. Nothing of the assessment is lost.",
        ),
        (IntegrityError(), "Another worker made the same paper at the same moment."),
    ],
    ids=["error", "time", "memory", "race"],
)
def test_failure_gives_the_job_back_with_a_plain_reason(job, monkeypatch, error, reason):
    fail_with(monkeypatch, error)
    tasks.do_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.WAITING, reason)


def test_fifth_failure_ends_the_job(job, monkeypatch):
    Job.objects.filter(pk=job.pk).update(attempts=4)
    fail_with(monkeypatch, OSError())
    tasks.do_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "OSError" in job.error


def test_lost_lease_leaves_the_job_to_its_new_worker(job, monkeypatch, at):
    fail_with(monkeypatch, jobs.LeaseLost())
    tasks.do_job(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.RUNNING
    assert jobs.finish(job, at=at)


def test_bounds_of_one_job_lie_inside_its_lease(settings):
    soft, hard = settings.CELERY_TASK_SOFT_TIME_LIMIT, settings.CELERY_TASK_TIME_LIMIT
    assert 0 < soft < hard < settings.JOB_LEASE_SECONDS
