"""The clock is wrong, changes, or nobody looked at it for days: reminders go once, none too late.

The calendar is asked by its command, and by scheduler and worker whose clock is moved (Debian's
`faketime`); what people get is what the mail server took. London's clocks change on 28 March and on
31 October 2027.
"""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.faults.people import Ledger, address
from tests.faults.processes import wait_for

pytestmark = [pytest.mark.faults, pytest.mark.long]
LONDON = ZoneInfo("Europe/London")
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
LEAD, EXTENDED = "lead.pair@example.org", "lead.tabs@example.org"
ONLY_THESE = """
UPDATE portal_membership SET ended_at = now() WHERE user_id NOT IN
    (SELECT id FROM portal_user WHERE email IN (%s, %s));
DELETE FROM portal_message
"""
EXTEND = """
UPDATE assessments_assessment SET extended_to = %s FROM assessments_cycle cycle, portal_organisation
WHERE cycle.id = cycle_id AND cycle.slug = 'clock'
  AND portal_organisation.id = organisation_id AND portal_organisation.slug = 'tabs'
"""


@pytest.fixture
def lone(village):
    """A portal in which two leads alone hear anything."""
    village.portal.ask(ONLY_THESE, [LEAD, EXTENDED])
    return village.portal


def open_cycle(portal, due):
    """Sixty days long; its assessments are there and its opening is announced."""
    opens, closes, last = due - 60 * DAY, due + 30 * DAY, due + 60 * DAY
    portal.manage(
        "open_cycle", "clock", "Clock", "--opens", f"{opens}", "--due", f"{due}",
        "--closes", f"{closes}", "--last-release", f"{last}",
    )  # fmt: skip
    assert tick(portal, f"{opens}T09:00") == ["opened", "opened"]


def tick(portal, at):
    """The kinds of messages that the calendar writes at this London time."""
    lines = portal.manage("run_calendar", "--now", at).splitlines()
    wrote = "Wrote a message, "
    return sorted(one.removeprefix(wrote).partition(":")[0] for one in lines if wrote in one)


def posted(portal, since=0):
    """Whom the mail server was given what for, from this message on."""
    return sorted((str(one["To"]), str(one["Subject"])) for one in portal.mail.messages[since:])


def test_calendar_that_was_off_for_five_days_over_three_reminders(lone):
    """Off from the night the clocks change to 2 April: a day left, a week left, and late."""
    open_cycle(lone, dt.date(2027, 3, 31))
    lone.ask(EXTEND, [dt.datetime(2027, 4, 8, 23, 59, tzinfo=LONDON)])
    assert tick(lone, "2027-03-24T09:00") == ["due-7"]
    assert tick(lone, "2027-03-25T09:00") == ["due-14"]
    assert tick(lone, "2027-03-28T03:00") == []

    assert tick(lone, "2027-04-02T09:00") == ["due-7", "late"]
    for wrong in ("2027-04-02T07:00", "2027-04-02T11:00", "2028-05-06T09:00"):
        assert tick(lone, wrong) == []
    assert lone.manage("send_messages", "--now", "2027-04-02T09:05") == "6 sent\n"
    assert lone.manage("send_messages", "--now", "2028-05-06T09:00") == "0 sent\n"
    assert posted(lone) == [
        (LEAD, "Clock is late for Pair"),
        (LEAD, "Clock is open for Pair"),
        (LEAD, "Clock: 7 days left for Pair"),
        (EXTENDED, "Clock is open for Tabs"),
        (EXTENDED, "Clock: 14 days left for Tabs"),
        (EXTENDED, "Clock: 6 days left for Tabs"),
    ]


@pytest.mark.parametrize(
    ("due", "last_minute"),
    [(dt.date(2027, 3, 31), "2027-03-31T22:59+00:00"),
     (dt.date(2027, 10, 31), "2027-10-31T23:59+00:00")],
)  # fmt: skip
def test_reminders_keep_to_the_minute_across_a_change_of_the_clocks(lone, due, last_minute):
    open_cycle(lone, due)
    ((kept,),) = lone.ask("SELECT due_at FROM assessments_cycle WHERE slug = 'clock'")
    assert kept == dt.datetime.fromisoformat(last_minute)
    for day, kind in ((-14, "due-14"), (-7, "due-7"), (-1, "due-1"), (1, "late")):
        on = due + day * DAY
        assert tick(lone, f"{on}T08:59") == []
        assert tick(lone, f"{on}T09:00") == [kind, kind]
    lone.manage("send_messages", "--now", f"{due + 2 * DAY}")
    bodies = [one.get_payload(decode=True).decode() for one in lone.mail.messages]
    days_left = [one for one in bodies if "It is due by" in one]
    assert len(days_left) == 6
    assert all(f"due by {due:%A} 31 {due:%B} 2027" in one for one in days_left)


def move_clock(portal, by):
    """Programs that are started from now on live at another time."""
    if not FAKETIME:
        pytest.skip("moving the clock of a process needs Debian's package faketime")
    portal.changed |= {
        "LD_PRELOAD": str(FAKETIME[0]),
        "FAKETIME": f"{by.total_seconds():+.0f}",
        "NO_FAKE_STAT": "1",
        "FAKE_UTIME": "0",
    }


def run_calendar_at(portal, by):
    """By a worker whose clock is so far off; it has shown that it came so far, and has ended."""
    move_clock(portal, by)
    worker = portal.worker(concurrency=1)
    portal.ask("DELETE FROM portal_heartbeat")
    for task in ("assessments.tasks.run_calendar", "portal.tasks.send_messages"):
        portal.call(task)
    portal.call("portal.tasks.beat_heart")
    wait_for("the worker is through", lambda: portal.ask("SELECT id FROM portal_heartbeat"))
    ((beat,),) = portal.ask("SELECT beat_at FROM portal_heartbeat")
    assert abs(beat - (timezone.now() + by)) < HOUR
    worker.stop()


def test_scheduler_at_nine_and_workers_whose_clocks_are_wrong(lone):
    """At nine in London the scheduler has it sent; two hours more or less and a year change
    nothing."""
    open_cycle(lone, dt.date(2027, 3, 31))
    lone.manage("send_messages", "--now", "2027-02-01T09:00")
    assert len(lone.mail.messages) == 2
    a_day_left = dt.datetime(2027, 3, 30, 8, 59, 45, tzinfo=LONDON)
    by = a_day_left - timezone.now()
    move_clock(lone, by)
    running = [lone.worker(), lone.scheduler()]
    lone.wait_for_mail(4, within=90)
    reminded = [
        (LEAD, "Clock: 1 day left for Pair"),
        (EXTENDED, "Clock: 1 day left for Tabs"),
    ]
    for process in running:
        process.stop()
    for wrong in (-2 * HOUR, 2 * HOUR, 400 * DAY):
        run_calendar_at(lone, by + wrong)
    assert posted(lone, since=2) == reminded


def test_two_workers_whose_clocks_differ_by_two_hours_make_each_paper_once(portal):
    """To one of them every lease of the other has run out."""
    ids = portal.ask_for_papers(6)
    portal.worker()
    move_clock(portal, 2 * HOUR)
    portal.worker()
    portal.ring(12)
    portal.sweep_until_done(6)
    portal.assert_each_made_once(ids)


@pytest.mark.parametrize(
    ("by", "is_signed_in"), [(-2 * HOUR, True), (2 * HOUR, False), (400 * DAY, False)]
)
def test_sessions_while_the_clock_of_the_web_server_is_wrong(village, by, is_signed_in):
    """Sessions end early at worst; with the clock right again work goes on, and nothing is lost."""
    portal = village.portal
    move_clock(portal, by)
    web = portal.web()
    lead = village.person("tabs", "lead")
    ledger = Ledger(portal)
    if is_signed_in:
        form = lead.form(address("tabs", "L1"))
        assert ledger.save(lead, "tabs", "L1", "Saved at a wrong hour.", form) == 302
    else:
        answer = lead.get(address("tabs", "L1"))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/login/")
    web.stop()
    portal.changed.clear()
    portal.web()
    other = village.person("tabs", "second_lead")
    form = other.form(address("tabs", "L1"))
    assert ledger.save(other, "tabs", "L1", "Saved at the right hour.", form) == 302
    ledger.assert_whole()
