"""The job table: inserted once, claimed once, given back, swept."""

import datetime as dt
import socket
import time

import pytest
from django.conf import settings

from portal import jobs
from portal.celery import app
from portal.models import Job
from tests import factories

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(seconds=1)


@pytest.fixture
def job(at):
    return Job.objects.create(
        kind="board-paper", subject_id=1, dedupe_key="a", run_after=at, created_at=at
    )


@pytest.fixture
def rung(monkeypatch):
    """The tasks that the bell asked for."""
    calls = []
    monkeypatch.setattr(
        app, "send_task", lambda name, args, **_options: calls.append((name, args[0]))
    )
    return calls


def test_insert_writes_one_job_and_rings_after_commit(
    system, at, rung, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = jobs.insert(kind="board-paper", subject_id=5, organisation=system, at=at)
        again = jobs.insert(kind="board-paper", subject_id=5, organisation=system, at=at)
        assert rung == []
    assert first == again
    assert Job.objects.get().dedupe_key == "board-paper:5:1"
    assert rung == [("portal.tasks.do_job", first.pk)]


def test_ring_reaches_the_broker(job):
    assert jobs.ring(job.pk) is True


@pytest.mark.parametrize("answers", [False, True], ids=["refuses", "hangs"])
def test_ring_gives_up_in_time_when_the_broker_is_away(job, monkeypatch, answers):
    """A port where nobody listens, or where somebody listens and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if answers:
            listener.listen()
        url = f"redis://127.0.0.1:{listener.getsockname()[1]}/0"
        open_connection = app.connection_for_write
        monkeypatch.setattr(
            app, "connection_for_write", lambda **options: open_connection(url, **options)
        )
        jobs.ring(job.pk)  # once for the imports that the first connection pays for
        start = time.monotonic()
        assert jobs.ring(job.pk) is False
        assert time.monotonic() - start < 0.3


def test_claim_takes_a_due_job_once(job, at):
    claimed = jobs.claim(job.pk, worker="one", at=at)
    assert (claimed.state, claimed.worker, claimed.attempts) == (Job.State.RUNNING, "one", 1)
    assert claimed.lease_until == at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
    assert jobs.claim(job.pk, worker="two", at=at) is None


def test_claim_waits_for_the_time_and_takes_over_from_the_dead(job, at):
    assert jobs.claim(job.pk, worker="early", at=at - LATER) is None
    jobs.claim(job.pk, worker="dead", at=at)
    after_lease = at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS) + LATER
    assert jobs.claim(job.pk, worker="next", at=after_lease).attempts == 2


def many(at, organisation, number):
    """Jobs of one organisation, each a second younger than the one before."""
    name = organisation.slug if organisation else "nobody"
    return [
        Job.objects.create(
            kind="board-paper",
            subject_id=n,
            organisation=organisation,
            dedupe_key=f"{name}:{n}",
            run_after=at + n * LATER,
            created_at=at,
        )
        for n in range(number)
    ]


def served(at, number):
    """Who is served, one claim a second, the jobs ended as they come."""
    owners = []
    for second in range(number):
        instant = at + dt.timedelta(hours=1, seconds=second)
        job = jobs.claim_fairest(worker="one", at=instant)
        owners.append(job.organisation)
        jobs.finish(job, at=instant)
    return owners


def test_one_job_does_not_wait_behind_fifty_of_another_organisation(system, at):
    other = factories.organisation("south-west-london")
    many(at, system, 50)
    many(at + 60 * LATER, other, 1)
    assert served(at, 51)[:3] == [system, other, system]
    assert jobs.claim_fairest(worker="one", at=at + dt.timedelta(hours=2)) is None


def test_organisations_take_turns_and_jobs_of_none_count_as_one_more(system, at):
    other = factories.organisation("south-west-london")
    many(at, None, 4)
    many(at + LATER, system, 4)
    many(at + 2 * LATER, other, 4)
    assert served(at, 12) == [None, system, other] * 4


def test_fairest_claim_takes_the_oldest_of_an_organisation(system, at):
    oldest, _younger = many(at, system, 2)
    assert jobs.claim_fairest(worker="one", at=at + dt.timedelta(hours=1)) == oldest


def test_claim_leaves_what_is_worn_out_or_unknown_to_this_version(job, at):
    Job.objects.update(attempts=settings.JOB_ATTEMPTS)
    assert jobs.claim_fairest(worker="one", at=at) is None
    Job.objects.update(attempts=0, kind="of-a-later-version")
    assert jobs.claim_fairest(worker="one", at=at) is None


def test_claim_looks_on_when_another_worker_was_quicker(system, at, monkeypatch):
    first, second = many(at, system, 2)
    claim = jobs.claim

    def slow(job_id, **words):
        if job_id == first.pk:
            claim(job_id, **words | {"worker": "quicker"})
        return claim(job_id, **words)

    monkeypatch.setattr(jobs, "claim", slow)
    assert jobs.claim_fairest(worker="one", at=at + 5 * LATER) == second


def test_claim_gives_up_when_others_are_always_quicker(job, at, monkeypatch):
    monkeypatch.setattr(jobs, "claim", lambda _job_id, **_words: None)
    assert jobs.claim_fairest(worker="one", at=at) is None


def test_finish_belongs_to_whoever_holds_the_lease(job, at):
    mine = jobs.claim(job.pk, worker="one", at=at)
    after_lease = at + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS) + LATER
    theirs = jobs.claim(job.pk, worker="two", at=after_lease)
    assert jobs.finish(mine, at=after_lease) is False
    assert jobs.finish(theirs, at=after_lease) is True
    job.refresh_from_db()
    assert (job.state, job.finished_at, job.lease_until) == (Job.State.DONE, after_lease, None)


def test_give_back_pauses_longer_each_time_and_ends_after_five(job, at):
    instant = at
    for pause in jobs.BACK_OFF_SECONDS:
        claimed = jobs.claim(job.pk, worker="one", at=instant)
        jobs.give_back(claimed, reason="Disk full", at=instant)
        job.refresh_from_db()
        assert job.state == Job.State.WAITING
        assert job.run_after == instant + dt.timedelta(seconds=pause)
        instant = job.run_after
    jobs.give_back(jobs.claim(job.pk, worker="one", at=instant), reason="Disk full", at=instant)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.error) == (Job.State.FAILED, 5, "Disk full")
    assert jobs.claim(job.pk, worker="one", at=instant) is None


def test_retry_starts_a_failed_job_over_and_no_other(
    job, at, rung, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.retry(job, at=at) is False
        Job.objects.update(state=Job.State.FAILED, attempts=5)
        assert jobs.retry(job, at=at) is True
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.WAITING, 0)
    assert len(rung) == 1


def test_sweep_rings_for_what_is_due_and_ends_what_died_five_times(job, at, rung):
    worn_out = Job.objects.create(
        kind="board-paper",
        subject_id=2,
        dedupe_key="b",
        state=Job.State.RUNNING,
        attempts=5,
        lease_until=at - LATER,
        run_after=at,
        created_at=at,
    )
    Job.objects.create(
        kind="board-paper", subject_id=3, dedupe_key="c", run_after=at + LATER, created_at=at
    )
    assert jobs.sweep(at=at) == [job.pk]
    assert [job_id for _name, job_id in rung] == [job.pk]
    worn_out.refresh_from_db()
    assert worn_out.state == Job.State.FAILED
    assert "five times" in worn_out.error


def test_sweep_stops_at_the_first_bell_that_is_not_heard(system, at, monkeypatch):
    many(at, system, 3)
    tried = []
    monkeypatch.setattr(jobs, "ring", lambda job_id: tried.append(job_id) or len(tried) < 2)
    assert jobs.sweep(at=at + 5 * LATER) == tried[:1]
    assert len(tried) == 2


def test_sweep_rings_for_no_more_than_can_be_done(system, at, rung, monkeypatch):
    monkeypatch.setattr(jobs, "MOST_BELLS", 2)
    oldest = [job.pk for job in many(at, system, 3)][:2]
    assert jobs.sweep(at=at + 5 * LATER) == oldest
