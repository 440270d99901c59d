"""The broker is away, is killed, or forgets everything: the job table is the truth."""

import pytest

from tests.faults.processes import wait_for

pytestmark = pytest.mark.faults


def test_flushed_broker_costs_no_paper(portal):
    ids = portal.ask_for_papers(6)
    portal.redis.flush()
    portal.worker()
    portal.sweep_until_done(1)
    portal.redis.flush()
    portal.sweep_until_done(6)
    portal.assert_each_made_once(ids)


@pytest.mark.long
def test_killed_broker_costs_no_paper(portal):
    ids = portal.ask_for_papers(6)
    portal.worker()
    portal.wait_until_done(1)
    portal.redis.kill()
    portal.redis.start()
    portal.sweep_until_done(6, within=180)
    portal.assert_each_made_once(ids)


@pytest.mark.long
def test_broker_that_is_down_loses_no_request_and_its_return_is_noticed(portal):
    """Asked for while nobody answers; the scheduler's next sweep rings for all of it."""
    ids = portal.ask_for_papers(3)
    portal.redis.kill()
    assert portal.manage("sweep_jobs") == "0 rung\n"
    assert portal.states() == {"waiting": 3}
    portal.worker()
    portal.scheduler()
    portal.redis.start()
    portal.wait_until_done(3, within=180)
    portal.assert_each_made_once(ids)


@pytest.mark.long
def test_broker_without_memory_left_costs_no_paper(portal):
    ids = portal.ask_for_papers(3)
    portal.redis.configure("maxmemory", "1")
    assert portal.manage("sweep_jobs") == "0 rung\n"
    portal.redis.configure("maxmemory", "0")
    portal.worker()
    assert int(portal.manage("sweep_jobs").split()[0]) > 0
    portal.sweep_until_done(3)
    portal.assert_each_made_once(ids)


@pytest.mark.long
def test_scheduler_started_twice_rings_more_and_makes_nothing_more(portal):
    portal.worker()
    portal.scheduler()
    portal.scheduler()
    ids = portal.ask_for_papers(4)
    portal.redis.flush()
    portal.wait_until_done(4, within=180)
    wait_for("every bell is answered", lambda: not portal.redis.bells())
    portal.assert_each_made_once(ids)
