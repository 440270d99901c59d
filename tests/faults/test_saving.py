"""The database or the web server goes away under people who save: what was acknowledged stays.

In between they get the page that says in plain words that it did not work; nothing is half saved.
"""

import signal

import psutil
import psycopg2
import pytest

from tests.faults.processes import wait_for
from tests.faults.saving import Saving

pytestmark = pytest.mark.faults
ONE_PAPER = """
DELETE FROM portal_job WHERE id <> (SELECT min(id) FROM portal_job WHERE kind = 'board-paper')
"""


@pytest.mark.long
def test_database_killed_and_started_again(village):
    village.portal.web()
    with Saving(village) as saving:
        saving.wait_for_more()
        for _time in range(2):
            village.portal.postgres.stop()
            saving.wait_for_status(500, 503)
            village.portal.postgres.start()
            saving.wait_for_more()
    saving.assert_nothing_lost()


def take_every_connection(postgres, database):
    """Connections that leave nobody else one; the web server may have been quicker at some."""
    taken = []
    while True:
        try:
            taken.append(postgres.connect(database))
        except psycopg2.OperationalError:
            return taken


@pytest.mark.long
def test_every_database_connection_in_use_by_somebody_else(village):
    portal = village.portal
    portal.changed["DATABASE_MAX_AGE"] = "0"
    portal.ask(ONE_PAPER)
    portal.web()
    worker = portal.worker()
    with Saving(village) as saving:
        saving.wait_for_more()
        taken = take_every_connection(portal.postgres, portal.database)
        while not saving.statuses[500]:
            # What a request gives back is taken as well.
            taken += take_every_connection(portal.postgres, portal.database)
        portal.ring(1)
        # Of an error the log holds the kind and never the text.
        wait_for("the worker has met it", lambda: "OperationalError" in worker.words())
        for one in taken:
            one.close()
        saving.wait_for_more()
    saving.assert_nothing_lost()
    portal.sweep_until_done(1)
    assert portal.states() == {"done": 1}
    assert len(portal.papers_made()) == 1


def test_web_server_renewed_and_ended_politely(village):
    """HUP makes new processes, TERM lets requests end: what they answered is kept."""
    web = village.portal.web()
    with Saving(village) as saving:
        saving.wait_for_more()
        first = {child.pid for child in psutil.Process(web.id).children()}
        web.popen.send_signal(signal.SIGHUP)
        wait_for("the old processes are gone", lambda: not any(map(psutil.pid_exists, first)))
        assert web.is_running
        saving.wait_for_more()
        refused = saving.statuses[500]
        web.popen.send_signal(signal.SIGTERM)
        wait_for("the web server has stopped", lambda: not web.is_running)
        village.portal.web()
        saving.wait_for_more()
    assert saving.statuses[500] == refused == 0
    saving.assert_nothing_lost()


@pytest.mark.long
def test_web_server_killed_under_saving_people(village):
    web = village.portal.web()
    with Saving(village) as saving:
        saving.wait_for_more()
        web.kill_group()
        village.portal.web()
        saving.wait_for_more()
    saving.assert_nothing_lost()


@pytest.mark.long
def test_whole_portal_restarted_as_an_upgrade_does(village):
    """Web, worker and scheduler end and begin again; saves and the paper in the making stay."""
    portal = village.portal
    portal.ask(ONE_PAPER)
    running = [portal.web(), portal.worker(), portal.scheduler()]
    with Saving(village) as saving:
        saving.wait_for_more()
        portal.ring(1)
        portal.wait_until_one_is_being_made()
        for process in running:
            process.popen.send_signal(signal.SIGTERM)
        for process in running:
            wait_for("it has stopped", lambda one=process: not one.is_running, within=90)
        portal.web()
        portal.worker()
        portal.scheduler()
        saving.wait_for_more()
    saving.assert_nothing_lost()
    portal.sweep_until_done(1)
    assert portal.ask("SELECT state, attempts FROM portal_job") == [("done", 1)]
    assert len(portal.papers_made()) == 1
