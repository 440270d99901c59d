"""What is past its time goes, once, with an event that says how much; a dry run changes nothing."""

import datetime as dt
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command

from assessments import services, tasks
from assessments.models import WorkingText
from portal.models import AuditEvent, Invitation, Job, Message
from tests import factories

pytestmark = pytest.mark.django_db

AT = factories.london(2026, 11, 16)
LONG_AGO = AT - dt.timedelta(days=500)
LATELY = AT - dt.timedelta(days=10)


def message(key, **fields):
    words = {
        "to": "a@example.org",
        "subject": "Due soon",
        "body": "Two weeks.",
        "created_at": LATELY,
    }
    return Message.objects.create(dedupe_key=key, send_after=LATELY, **(words | fields))


def invitation(number, system, **fields):
    dates = {"sent_at": LONG_AGO, "expires_at": LONG_AGO + dt.timedelta(days=28)}
    return Invitation.objects.create(
        email=f"new{number}@example.org",
        name="New",
        organisation=system,
        role="board",
        token_hash=str(number),
        **dates | fields,
    )


def working_text(assessment, person, saved_at):
    return WorkingText.objects.create(
        user=person,
        answer=assessment.answers.first(),
        base_version=0,
        sequence=1,
        narrative="Half a sentence",
        saved_at=saved_at,
    )


def job(key, finished_at):
    return Job.objects.create(
        kind="board-paper",
        subject_id=1,
        dedupe_key=key,
        run_after=LONG_AGO,
        created_at=LONG_AGO,
        finished_at=finished_at,
        error="No font",
    )


@pytest.fixture
def old_and_new(system, framework, lead, contributor):
    message("sent long ago", sent_at=LONG_AGO, body="")
    message("given up long ago", failed_at=LONG_AGO, error="Refused: a@example.org")
    message("sent lately", sent_at=LATELY)
    message("waiting")
    invitation(1, system)
    invitation(2, system, revoked_at=LONG_AGO, expires_at=AT + dt.timedelta(days=1))
    invitation(3, system, accepted_at=LONG_AGO)
    invitation(4, system, sent_at=LATELY, expires_at=AT + dt.timedelta(days=18))
    Session.objects.create(session_key="old", session_data="x", expire_date=LATELY)
    Session.objects.create(session_key="new", session_data="x", expire_date=AT + dt.timedelta(1))
    job("old", LONG_AGO)
    job("new", LATELY)
    closed = factories.open_assessment(
        framework,
        system,
        slug="2025",
        name="Self-assessment 2025",
        opens_at=factories.london(2025, 10, 6),
        due_at=factories.london(2025, 12, 15),
        closes_at=factories.london(2026, 1, 15),
        last_release_at=factories.london(2026, 3, 31),
    )
    working_text(closed, lead, LONG_AGO)
    working_text(closed, contributor, LATELY)
    working_text(factories.open_assessment(framework, system), lead, LATELY)


def run(*options):
    out = StringIO()
    call_command("retention", "--now", AT.isoformat(), *options, stdout=out)
    return out.getvalue().splitlines()


FOUND = [
    "working texts: 1",
    "message texts: 2",
    "invitations that ran out: 2",
    "ended sessions: 1",
    "reasons of jobs: 1",
]


def test_dry_run_says_what_is_past_its_time_and_changes_nothing(old_and_new):
    before = AuditEvent.objects.count()
    assert run("--dry-run") == ["Dry run: nothing was changed.", *FOUND]
    assert run("--dry-run") == ["Dry run: nothing was changed.", *FOUND]
    assert AuditEvent.objects.count() == before


def test_what_is_past_its_time_goes_and_what_is_not_stays(old_and_new):
    assert run() == FOUND
    emptied = Message.objects.filter(body="").values_list("dedupe_key", "subject", "error")
    assert sorted(emptied) == [("given up long ago", "", ""), ("sent long ago", "", "")]
    assert Message.objects.count() == 4
    assert sorted(Invitation.objects.values_list("token_hash", flat=True)) == ["3", "4"]
    assert Session.objects.get().session_key == "new"
    assert list(Job.objects.order_by("dedupe_key").values_list("error", flat=True)) == [
        "No font",
        "",
    ]
    assert set(WorkingText.objects.values_list("saved_at", flat=True)) == {LATELY}


def test_event_says_how_many_went_and_nothing_else(old_and_new):
    run()
    details = AuditEvent.objects.filter(verb="retention.applied").values_list("detail", flat=True)
    assert list(details) == [
        {
            "message_texts": 2,
            "invitations_that_ran_out": 2,
            "ended_sessions": 1,
            "reasons_of_jobs": 1,
        },
        {"working_texts": 1},
    ]


def test_second_run_finds_nothing_and_records_nothing(old_and_new):
    run()
    before = AuditEvent.objects.count()
    assert {line.rpartition(": ")[2] for line in run()} == {"0"}
    assert AuditEvent.objects.count() == before


def test_extension_keeps_what_is_being_typed(framework, system, lead):
    closed = factories.open_assessment(framework, system, closes_at=AT, due_at=AT)
    closed.extended_to = AT
    closed.save()
    working_text(closed, lead, LONG_AGO)
    assert services.apply_all_retention(at=AT)["working texts"] == 0
    later = AT + dt.timedelta(days=91)
    assert services.apply_all_retention(at=later)["working texts"] == 1


def test_task_applies_it_every_night(system):
    Session.objects.create(session_key="old", session_data="x", expire_date=LONG_AGO)
    tasks.apply_retention()
    assert not Session.objects.exists()
