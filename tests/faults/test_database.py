"""The database is restarted at once while papers are made: what was committed is there."""

import pytest

pytestmark = [pytest.mark.faults, pytest.mark.long]


def test_database_restarted_while_papers_are_made_costs_none(portal):
    ids = portal.ask_for_papers(6)
    portal.worker()
    for _restart in range(3):
        portal.wait_until_one_is_being_made()
        portal.postgres.restart()
    portal.let_leases_run_out()
    made = portal.papers_made()
    portal.sweep_until_done(6, within=180)
    portal.assert_each_made_once(ids)
    assert set(made) <= set(portal.papers_made())
