"""What people do while the worker makes something: roles end, answers change, covers are saved."""

import os
import signal
from functools import partial

import pytest

from tests.faults.people import Ledger, address, at_once
from tests.faults.processes import wait_for
from tests.faults.town import CYCLE

pytestmark = pytest.mark.faults

PREVIEWS = "SELECT count(*) FROM reporting_preview"
JOBS = "SELECT count(*) FROM portal_job WHERE kind = 'draft-preview'"
MADE = """
SELECT bytes.html FROM reporting_report report
JOIN reporting_reportbytes bytes ON bytes.report_id = report.id WHERE report.kind = 'board-paper'
"""


def hold_the_worker(portal):
    """Stop it in the middle of what it makes; the id to let it go on."""
    process = portal.wait_until_one_is_being_made()
    os.kill(process, signal.SIGSTOP)
    return process


@pytest.mark.long
@pytest.mark.parametrize("when", ["waiting", "running"])
def test_role_that_ends_while_a_preview_is_waited_for_leaves_none(village, when):
    system, email = f"preview-{when}", f"lead.preview-{when}@example.org"
    village.portal.web()
    lead, place = village.person(system, "lead"), f"/reports/{CYCLE}/{system}/preview/"
    lead.get(place)
    assert lead.post(place, {"kind": "board-paper"}).status_code == 302
    village.postpone_all_but(system)
    if when == "waiting":
        village.end_roles(email)
        village.portal.worker()
    else:
        village.portal.worker()
        process = hold_the_worker(village.portal)
        village.end_roles(email)
        os.kill(process, signal.SIGCONT)
    wait_for("the preview is gone", lambda: village.count(PREVIEWS) == village.count(JOBS) == 0)
    assert lead.get(place).status_code == 404
    assert lead.get(f"/reports/{CYCLE}/{system}/preview.pdf").status_code == 404


def test_edit_while_the_paper_is_made_is_kept_and_not_in_the_paper(village):
    """Reopened and changed under the worker's hands: the paper shows what was signed."""
    village.portal.web()
    village.postpone_all_but("reopen")
    village.portal.worker(concurrency=1)
    village.portal.ring(2)
    process = hold_the_worker(village.portal)

    sponsor, heg = village.person("reopen", "sponsor"), village.person("health-equity-group", "heg")
    ask, give = address("reopen") + "reopen/", f"/cycles/{CYCLE}/reopen/reopen/"
    sponsor.get(ask)
    assert sponsor.post(ask, {"text": "A level was wrong."}).status_code == 302
    heg.get(give)
    assert heg.post(give).status_code == 302
    lead, place = village.person("reopen", "lead"), address("reopen", "L1")
    form = lead.form(place)
    changed = {**form, "level": "1", "narrative": "Changed meanwhile.", "action": "continue"}
    assert lead.post(place, changed).status_code == 302

    os.kill(process, signal.SIGCONT)
    wait_for("the Board paper is made", lambda: village.portal.ask(MADE))
    ((paper,),) = village.portal.ask(MADE)
    assert "What we do about L1." in paper
    assert "Changed meanwhile." not in paper
    assert village.answer("reopen", "L1") == (int(form["version"]) + 1, "Changed meanwhile.")
    village.portal.manage("verify_reports")


def test_cover_and_answers_saved_at_once_never_wait_for_each_other(village):
    """The cover sets the Board's date, which is the assessment's; both sides take it first."""
    village.portal.web()
    ledger, lead = Ledger(village.portal), village.person("tabs", "lead")
    secretary, cover = village.person("tabs", "secretary"), f"/reports/{CYCLE}/tabs/cover/"
    for turn in range(20):
        form, sheet = lead.form(address("tabs", "L1")), secretary.form(cover)
        date = {"board_on_day": str(turn + 1), "board_on_month": "3", "board_on_year": "2027"}
        statuses = at_once(
            [
                partial(ledger.save, lead, "tabs", "L1", f"Round {turn}", form),
                lambda sent={**sheet, **date}: secretary.post(cover, sent).status_code,
            ]
        )
        assert statuses == [302, 302]
    assert ledger.number("saved") == village.events("tabs", "cover-saved") == 20
    ledger.assert_whole()
