"""The bell on a real Redis: it rings, and what a flush takes away the next sweep rings again."""

import datetime as dt
import os

import pytest
import redis

from portal import jobs

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.django_db,
    pytest.mark.skipif("TEST_REDIS_URL" not in os.environ, reason="runs where Redis was started"),
]

QUEUE = "celery"


@pytest.fixture
def broker():
    client = redis.Redis.from_url(os.environ["TEST_REDIS_URL"])
    client.flushall()
    yield client
    client.flushall()
    client.close()


@pytest.fixture
def job(system, at):
    return jobs.insert(kind="board-paper", subject_id=1, organisation=system, at=at)


def test_ring_puts_one_message_on_the_queue(broker, job):
    assert jobs.ring(job.pk)
    assert broker.llen(QUEUE) == 1


def test_sweep_rings_again_for_what_a_flush_took_away(broker, job, at):
    jobs.ring(job.pk)
    broker.flushall()
    assert jobs.sweep(at=at + dt.timedelta(seconds=1)) == [job.pk]
    assert broker.llen(QUEUE) == 1


def test_claimed_job_is_not_rung_for_again(broker, job, at):
    assert jobs.claim(job.pk, worker="one", at=at)
    assert jobs.sweep(at=at) == []
    assert jobs.claim(job.pk, worker="two", at=at) is None
