"""Typing kept in any order, and what becomes of it when a session, a role or an account ends."""

import random
import re

import psycopg2
import pytest

from tests.assessments.files import PDF
from tests.faults.people import Ledger, address, at_once
from tests.faults.town import CYCLE

pytestmark = pytest.mark.faults

TYPED = "".join(f"Sentence {n} of what took an hour. " for n in range(120))[:3_000].strip()
END_SESSION = "DELETE FROM django_session WHERE session_key = %s"
DISMISS = "UPDATE portal_user SET is_active = false WHERE email = %s"


def test_autosaves_out_of_order_leave_the_newest_words(town):
    lead, place = town.person("typing", "lead"), address("typing", "L1")
    form = lead.form(place)
    numbers = list(range(1, 31))
    random.Random(1).shuffle(numbers)
    answers = at_once(
        [
            lambda n=n: lead.autosave(place, f"Typed {n}", version=form["version"], sequence=n)
            for n in numbers
        ]
    )
    assert {answer.status_code for answer in answers} == {200}
    assert town.typed("typing", "L1") == [("lead.typing@example.org", "Typed 30")]
    assert lead.form(place)["narrative"] == "Typed 30"
    assert town.answer("typing", "L1") == (0, "")


def test_autosave_that_comes_after_the_save_hides_nothing(town):
    ledger, lead = Ledger(town.portal), town.person("typing", "lead")
    place = address("typing", "W1")
    form = lead.form(place)
    assert ledger.save(lead, "typing", "W1", "All of it.", form) == 302
    late = lead.autosave(place, "All o", version=form["version"], sequence=1)
    assert late.status_code == 200
    page = lead.get(place).text
    assert "All of it.</textarea>" in page
    assert "<bdi>All o</bdi>" in page
    ledger.assert_whole()


def test_typing_after_the_answers_are_locked_is_kept_and_changes_no_answer(town):
    """While the assessment is with its sponsor; it is back in the box when it is taken back."""
    lead, place = town.person("send", "lead"), address("send", "L1")
    form = lead.form(place)
    before = town.answer("send", "L1")
    assert lead.post(address("send") + "send/").status_code == 302
    kept = lead.autosave(place, "Typed meanwhile", version=form["version"], sequence=1)
    assert kept.status_code == 200
    late = lead.post(place, {**form, "narrative": "Sent meanwhile", "action": "continue"})
    assert late.status_code == 409
    assert "Sent meanwhile" in late.text
    assert town.answer("send", "L1") == before
    assert lead.post(address("send") + "take-back/").status_code == 302
    assert lead.form(place)["narrative"] == "Typed meanwhile"


def test_typing_after_sign_off_is_refused_and_changes_nothing(town):
    lead, place = town.person("release", "lead"), address("release", "L1")
    before = town.answer("release", "L1")
    lead.get(place)
    assert lead.autosave(place, "Too late", version=before[0], sequence=1).status_code == 409
    sent = {"version": str(before[0]), "level": "2", "narrative": "Too late", "action": "continue"}
    answer = lead.post(place, sent)
    assert answer.status_code == 409
    assert "What you wrote is not saved" in answer.text
    assert town.typed("release", "L1") == []
    assert town.answer("release", "L1") == before


def test_text_sent_after_the_session_was_deleted_is_back_for_its_author_alone(town):
    email, place = "lead.session@example.org", address("session", "L1")
    author = town.stranger()
    author.sign_in(email)
    form = author.form(place)
    town.portal.ask(END_SESSION, [author.browser.cookies["sessionid"]])

    sent = {**form, "level": "2", "narrative": TYPED, "action": "continue"}
    answer = author.post(place, sent)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/accounts/login/")
    assert town.typed("session", "L1") == [(email, TYPED)]
    assert town.answer("session", "L1") == (0, "")

    # Somebody else sits down at the same browser, and a colleague at another
    author.sign_in("second_lead.session@example.org")
    assert TYPED not in author.get(place).text
    assert TYPED not in town.person("session", "sponsor").get(place).text

    again = town.stranger()
    again.sign_in(email)
    assert again.form(place)["narrative"] == TYPED


def places_of(town, system, lead):
    """Pages and files that whoever runs the system may open, with a file to download."""
    lead.form(f"/evidence/{system}/add/")
    sent = {
        "title": "Minutes", "kind": "file", "version": "0",
        "dated_on_day": "1", "dated_on_month": "9", "dated_on_year": "2026",
    }  # fmt: skip
    files = {"file": ("minutes.pdf", PDF, "application/pdf")}
    library = f"/evidence/{system}/"
    piece = lead.post(f"{library}add/", sent, files).headers["Location"]
    return (
        address(system, "L1"), address(system), library, piece, f"{piece}file/",
        address(system) + "check/", f"/reports/{CYCLE}/{system}/preview/",
    )  # fmt: skip


@pytest.mark.parametrize("ends", ["role", "account"])
def test_whoever_loses_role_or_account_is_stopped_at_the_next_request(town, ends):
    """Pages, saves, autosaves and files; what was saved before stays, under their name."""
    system = {"role": "roles", "account": "leaver"}[ends]
    ledger, lead = Ledger(town.portal), town.person(system, "lead")
    place, email = address(system, "L1"), f"lead.{system}@example.org"
    assert ledger.save(lead, system, "L1", "Said in time.", lead.form(place)) == 302
    form, places = lead.form(place), places_of(town, system, lead)
    assert {lead.get(one).status_code for one in places} == {200}

    if ends == "role":
        town.end_roles(email)
    else:
        town.portal.ask(DISMISS, [email])
    stopped = {"role": 404, "account": 302}[ends]
    sent = {**form, "level": "3", "narrative": "Said too late.", "action": "continue"}
    refused = [
        *[lead.get(one) for one in places],
        lead.post(place, sent),
        lead.autosave(place, "Typed too late.", version=form["version"], sequence=1),
        lead.post(address(system) + "send/"),
    ]
    assert {answer.status_code for answer in refused} == {stopped}
    if ends == "account":
        assert all(one.headers["Location"].startswith("/accounts/login/") for one in refused)
    assert town.typed(system, "L1") == []
    assert town.answer(system, "L1") == (1, "Said in time.")
    ledger.assert_whole()

    history = town.person(system, "second_lead").get(f"{place}history/").text
    assert "Said in time." in history
    assert f"lead of {system}" in re.sub(r"\s+", " ", history)
    with pytest.raises(psycopg2.errors.ForeignKeyViolation):
        town.portal.ask("DELETE FROM portal_user WHERE email = %s", [email])
