"""The broker is away, is killed, or forgets everything: the job table is the truth."""

import signal

import pytest

from tests.faults.people import address
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
    assert int(portal.manage("sweep_jobs").split()[0]) > 0
    portal.worker()
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


JOBS = """
SELECT job.kind FROM portal_job job
JOIN portal_organisation organisation ON organisation.id = job.organisation_id
WHERE organisation.slug = %s ORDER BY job.kind
"""
ATTESTED = {"attestation": "on"}


def sign_off(village, system):
    """Seconds until the sponsor has their answer."""
    sponsor = village.person(system, "sponsor")
    sponsor.form(address(system) + "sign-off/")
    answer = sponsor.post(address(system) + "sign-off/", ATTESTED)
    assert answer.status_code == 302, answer.text
    assert village.events(system, "assessment.signed-off") == 1
    assert village.portal.ask(JOBS, [system]) == [("board-paper",), ("full-report",)]
    return answer.elapsed.total_seconds()


def test_sign_off_while_the_broker_is_away_is_stored_and_its_papers_come_later(village):
    """Once with the broker's machine silent, once with nobody there: hardly slower, no error."""
    portal = village.portal
    portal.web()
    for system in ("send", "preview"):
        lead = village.person(system, "lead")
        lead.form(address(system) + "check/")
        assert lead.post(address(system) + "send/").status_code == 302
    usual = sign_off(village, "sign")
    portal.redis.process.signal_group(signal.SIGSTOP)
    try:
        silent = sign_off(village, "send")
    finally:
        portal.redis.process.signal_group(signal.SIGCONT)
    portal.redis.kill()
    away = sign_off(village, "preview")
    assert max(silent, away) < usual + 1.5

    portal.ask(
        "DELETE FROM portal_job WHERE kind <> 'board-paper' OR organisation_id NOT IN"
        " (SELECT id FROM portal_organisation WHERE slug IN ('send', 'preview'))"
    )
    portal.redis.start()
    portal.worker()
    assert portal.manage("sweep_jobs") == "2 rung\n"
    portal.wait_until_done(2)
    assert len(portal.papers_made()) == 2
