"""The worker dies, is asked to stop, or has company: every paper asked for is made once."""

import os
import signal

import psutil
import pytest

from tests.faults.processes import wait_for

pytestmark = pytest.mark.faults


def attempts(portal):
    return sorted(number for (number,) in portal.ask("SELECT attempts FROM portal_job"))


def test_killed_worker_process_costs_no_paper(portal):
    ids = portal.ask_for_papers(3)
    portal.worker()
    os.kill(portal.wait_until_one_is_being_made(), signal.SIGKILL)
    portal.sweep_until_done(2)
    portal.let_leases_run_out()
    portal.sweep_until_done(3)
    portal.assert_each_made_once(ids)
    assert attempts(portal) == [1, 1, 2]


@pytest.mark.long
def test_worker_killed_with_all_its_processes_costs_no_paper(portal):
    ids = portal.ask_for_papers(6)
    first = portal.worker()
    portal.wait_until_one_is_being_made()
    first.kill_group()
    assert portal.states().get("running")
    portal.let_leases_run_out()
    portal.worker()
    portal.sweep_until_done(6)
    portal.assert_each_made_once(ids)


@pytest.mark.long
def test_killed_worker_is_noticed_by_the_scheduler_alone(portal):
    """Nobody rings or ages anything: the lease runs out, and the sweep of the scheduler rings."""
    portal.lease = 16
    ids = portal.ask_for_papers(2)
    portal.worker()
    portal.scheduler()
    os.kill(portal.wait_until_one_is_being_made(), signal.SIGKILL)
    portal.wait_until_done(2, within=180)
    portal.assert_each_made_once(ids)


@pytest.mark.long
def test_worker_asked_to_stop_ends_what_it_began_and_leaves_the_rest(portal):
    ids = portal.ask_for_papers(8)
    first = portal.worker()
    portal.wait_until_one_is_being_made()
    first.popen.send_signal(signal.SIGTERM)
    wait_for("the worker has stopped", lambda: not first.is_running, within=60)
    states = portal.states()
    assert "running" not in states
    assert states["waiting"] >= 1
    assert max(attempts(portal)) == 1
    portal.worker()
    portal.sweep_until_done(8)
    portal.assert_each_made_once(ids)
    assert max(attempts(portal)) == 1


def test_two_workers_on_one_queue_make_each_paper_once(portal):
    ids = portal.ask_for_papers(8)
    portal.worker()
    portal.worker()
    portal.ring(8)  # every job rung for twice
    portal.wait_until_done(8)
    portal.assert_each_made_once(ids)
    assert attempts(portal) == [1] * 8
    makers = portal.ask("SELECT count(DISTINCT worker) FROM portal_job")
    assert makers[0][0] > 1


@pytest.mark.long
def test_paper_over_which_workers_hang_is_given_up_with_a_reason_and_can_be_tried_again(portal):
    """Stopped processes answer nothing: each is ended in time, five times, and the worker lives."""
    portal.lease = 8
    ids = portal.ask_for_papers(1)
    worker = portal.worker(concurrency=1)
    for attempt in range(1, 6):
        process = wait_for("the paper is begun", lambda n=attempt: begun(portal, n), every=0.01)
        os.kill(process, signal.SIGSTOP)
        wait_for("it is ended", lambda pid=process: not psutil.pid_exists(pid))
        portal.let_leases_run_out()
        portal.ring(1)
    portal.call("portal.tasks.sweep_jobs")
    wait_for("the paper is given up", lambda: portal.states() == {"failed": 1})
    ((reason,),) = portal.ask("SELECT error FROM portal_job")
    assert reason == "The worker stopped before it was finished, five times."
    assert worker.is_running

    portal.ask("UPDATE portal_job SET state = 'waiting', attempts = 0, run_after = now()")
    portal.sweep_until_done(1)
    portal.assert_each_made_once(ids)


def begun(portal, attempt):
    """The id of the process that makes this try."""
    rows = portal.ask(
        "SELECT worker FROM portal_job WHERE state = 'running' AND attempts = %s", [attempt]
    )
    return int(rows[0][0].rpartition(":")[2]) if rows else None
