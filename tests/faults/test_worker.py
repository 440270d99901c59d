"""The worker dies, is asked to stop, or has company: every paper asked for is made once."""

import os
import signal

import pytest

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
