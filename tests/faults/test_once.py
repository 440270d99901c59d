"""Ten posts of one form at the same moment: one effect, and a plain answer for every sender."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.assessments.files import PDF
from tests.faults.people import address, at_once
from tests.faults.town import CYCLE, PASSWORD

pytestmark = pytest.mark.faults

TEN = 10
MESSAGES = "SELECT count(*) FROM portal_message WHERE subject LIKE %s AND body LIKE %s"
JOBS = """
SELECT job.kind, job.state FROM portal_job job
JOIN portal_organisation organisation ON organisation.id = job.organisation_id
WHERE organisation.slug = %s ORDER BY job.id
"""


def ten_times(person, place, sent=None, files=None):
    """Statuses, and the texts of those that were no redirect; never a 500."""
    person.get(place)
    answers = at_once([lambda: person.post(place, sent, files)] * TEN)
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[-1] < 500, statuses
    return statuses, [answer.text for answer in answers if answer.status_code != 302]


def test_sent_for_sign_off(town):
    person = town.person("send", "lead")
    person.get(address("send") + "check/")
    answers = at_once([lambda: person.post(address("send") + "send/")] * TEN)
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * 9
    assert all("already" in answer.text for answer in answers if answer.status_code == 409)
    assert town.events("send", "assessment.sent") == 1
    to_sponsors = town.count(
        "SELECT count(*) FROM portal_message WHERE \"to\" LIKE '%%sponsor.send@%%'"
    )
    assert to_sponsors == 2


def test_signed_off(town):
    statuses, refused = ten_times(
        town.person("sign", "sponsor"), address("sign") + "sign-off/", {"attestation": "on"}
    )
    assert statuses == [302] + [409] * 9
    assert all("already" in text for text in refused)
    assert town.events("sign", "assessment.signed-off") == 1
    assert town.portal.ask(JOBS, ["sign"]) == [
        ("board-paper", "waiting"),
        ("full-report", "waiting"),
    ]
    snapshots = town.count(
        "SELECT count(*) FROM assessments_snapshot snapshot JOIN assessments_assessment one"
        " ON one.id = assessment_id JOIN portal_organisation place ON place.id = organisation_id"
        " WHERE place.slug = 'sign'"
    )
    assert snapshots == 1


def test_released(town):
    statuses, _texts = ten_times(town.person("release", "sponsor"), address("release") + "release/")
    assert statuses == [302] * TEN
    assert town.events("release", "snapshot.released") == 1
    assert town.count("SELECT count(*) FROM assessments_release") == 1


def test_invited_and_the_invitation_accepted(town):
    """The e-mail goes once; its link makes one account, whoever of the ten is first."""
    place, email = "/organisations/invite/people/invite/", "newcomer@example.org"
    sent = {"email": email, "name": "New Comer", "role": "contributor"}
    statuses, refused = ten_times(town.person("invite", "lead"), place, sent)
    assert statuses == [200] * 9 + [302]
    assert all("has been invited to this role already" in text for text in refused)
    assert town.events("invite", "invite") == 1
    ((body,),) = town.portal.ask('SELECT body FROM portal_message WHERE "to" = %s', [email])

    link = re.search(r"/invitations/[^/\s]+/", body)[0]
    visitors = [town.stranger() for _n in range(TEN)]
    for visitor in visitors:
        visitor.form(link)
    account = {"name": "New Comer", "job_title": "Analyst", "password": PASSWORD + " staple"}
    answers = at_once([lambda one=one: one.post(link, account) for one in visitors])
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[-1] < 500, statuses
    assert statuses.count(302) == 1
    assert town.count("SELECT count(*) FROM portal_user WHERE email = %s", email) == 1
    assert town.events("invite", "accept-invitation") == 1
    assert town.events("invite", "start-role") == 1


@pytest.mark.parametrize("where", ["library", "answer"])
def test_evidence_uploaded(town, where):
    place = (
        "/evidence/upload/add/" if where == "library" else address("upload", "L1") + "evidence/add/"
    )
    content = PDF + where.encode()
    sent = {
        "title": f"Minutes for the {where}", "kind": "file", "version": "0",
        "dated_on_day": "1", "dated_on_month": "9", "dated_on_year": "2026",
    }  # fmt: skip
    folder = town.portal.folder / "media" / "evidence"
    before = len(list(folder.glob("*"))) if folder.exists() else 0
    files = {"file": ("minutes.pdf", content, "application/pdf")}
    statuses, _texts = ten_times(town.person("upload", "lead"), place, sent, files)
    assert statuses == [302] * TEN
    rows = town.count("SELECT count(*) FROM assessments_evidence WHERE title = %s", sent["title"])
    assert rows == 1
    assert len(list(folder.glob("*"))) == before + 1


def test_preview_asked_for(town):
    place = f"/reports/{CYCLE}/preview/preview/"
    statuses, texts = ten_times(town.person("preview", "lead"), place, {"kind": "board-paper"})
    assert statuses == [200] * 9 + [302]
    assert all("still being made" in text for text in texts)
    assert town.portal.ask(JOBS, ["preview"]) == [("draft-preview", "waiting")]
    assert town.events("preview", "preview-asked") == 1


def test_cover_saved_and_papers_asked_for_again(town):
    place = f"/reports/{CYCLE}/cover/cover/"
    person = town.person("cover", "secretary")
    later = timezone.localdate() + dt.timedelta(days=40)
    date = {"board_on_day": later.day, "board_on_month": later.month, "board_on_year": later.year}
    sent = person.form(place) | {"board_name": "The Board, all ten times"} | date
    statuses, _texts = ten_times(person, place, sent)
    assert statuses == [302] * TEN
    assert town.events("cover", "cover-saved") == 1
    assert [kind for kind, _state in town.portal.ask(JOBS, ["cover"])] == [
        "board-paper", "full-report", "board-paper", "full-report",
    ]  # fmt: skip


def test_failed_paper_tried_again(town):
    job = (
        "UPDATE portal_job SET state = 'failed', attempts = 5 WHERE kind = 'board-paper' AND"
        " organisation_id = (SELECT id FROM portal_organisation WHERE slug = 'retry')"
    )
    town.portal.ask(job)
    statuses, _texts = ten_times(
        town.person("retry", "secretary"),
        f"/reports/making/{CYCLE}/retry/",
        {"kind": "board-paper"},
    )
    assert statuses == [302] * TEN
    assert town.portal.ask(JOBS, ["retry"]) == [
        ("board-paper", "waiting"), ("full-report", "waiting"),
    ]  # fmt: skip


def test_outcome_of_an_ask_recorded(town):
    person = town.person("outcome", "secretary")
    page = person.get(address("outcome") + "asks/").text
    place = re.search(rf'"({address("outcome")}asks/[^"]+/outcome/)"', page)[1]
    today = timezone.localdate()
    sent = person.form(place) | {
        "decision": "agreed", "decided_on_day": today.day, "decided_on_month": today.month,
        "decided_on_year": today.year,
    }  # fmt: skip
    statuses, _texts = ten_times(person, place, sent)
    assert statuses == [302] * TEN
    assert town.count("SELECT count(*) FROM assessments_boardoutcome") == 1
    assert town.events("outcome", "outcome.recorded") == 1


def test_chains_of_events_are_whole_afterwards(town):
    assert "events stand as written" in town.portal.manage("verify_audit")
