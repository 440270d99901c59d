"""The mail server is away, hangs or refuses one of seven: every message goes once, in the end."""

import pytest

from tests.faults.processes import wait_for

pytestmark = pytest.mark.faults

PEOPLE = [f"person{n}@example.org" for n in range(7)]
QUEUE = """
INSERT INTO portal_message
       (dedupe_key, "to", subject, body, created_at, send_after, attempts, error)
VALUES (%s, %s, 'Due soon', 'Two weeks left.', now(), now(), 0, '')
"""


def queue(portal):
    for person in PEOPLE:
        portal.ask(QUEUE, [person, person])


def due_again(portal):
    """As if the pause before the next try had passed."""
    portal.ask("UPDATE portal_message SET send_after = now() WHERE sent_at IS NULL")


def attempts(portal):
    return portal.ask('SELECT attempts FROM portal_message WHERE "to" = %s', [PEOPLE[3]])[0][0]


def test_mail_goes_once_to_each_whatever_the_server_does(portal):
    queue(portal)
    portal.mail.stop()
    assert portal.manage("send_messages") == "0 sent\n"
    assert attempts(portal) == 0

    portal.mail.start()
    portal.mail.refused.add(PEOPLE[3])
    assert portal.manage("send_messages") == "6 sent\n"
    assert portal.manage("send_messages") == "0 sent\n"
    assert attempts(portal) == 1

    portal.mail.refused.clear()
    due_again(portal)
    assert portal.manage("send_messages") == "1 sent\n"
    assert sorted(portal.mail.recipients) == sorted(PEOPLE)


@pytest.mark.long
def test_server_that_hangs_holds_up_one_round_and_costs_nothing(portal):
    queue(portal)
    portal.mail.hanging.set()
    assert portal.manage("send_messages") == "0 sent\n"
    portal.mail.hanging.clear()
    due_again(portal)
    assert portal.manage("send_messages") == "7 sent\n"
    assert sorted(portal.mail.recipients) == sorted(PEOPLE)


@pytest.mark.long
def test_two_workers_send_each_message_once(portal):
    portal.worker()
    portal.worker()
    queue(portal)
    portal.call("portal.tasks.send_messages", times=6)
    portal.wait_for_mail(7)
    assert sorted(portal.mail.recipients) == sorted(PEOPLE)


def test_worker_meets_a_server_that_refuses_one_of_seven(portal):
    portal.worker()
    queue(portal)
    portal.mail.refused.add(PEOPLE[3])
    portal.call("portal.tasks.send_messages")
    portal.wait_for_mail(6)
    portal.mail.refused.clear()
    wait_for("the refusal is written down", lambda: "550" in reason(portal))
    due_again(portal)
    portal.call("portal.tasks.send_messages")
    portal.wait_for_mail(7)
    assert sorted(portal.mail.recipients) == sorted(PEOPLE)


@pytest.mark.long
def test_worker_meets_a_server_that_hangs_and_makes_papers_meanwhile(portal):
    """One of its processes waits ten seconds for the server; the other works on."""
    portal.worker()
    queue(portal)
    portal.mail.hanging.set()
    portal.call("portal.tasks.send_messages")
    wait_for("a message is tried", lambda: tried(portal))
    ids = portal.ask_for_papers(1)
    portal.wait_until_done(1)
    portal.assert_each_made_once(ids)
    wait_for("the server is given up", lambda: unsent_reasons(portal))
    assert portal.mail.messages == []
    portal.mail.hanging.clear()
    due_again(portal)
    portal.call("portal.tasks.send_messages")
    portal.wait_for_mail(7)
    assert sorted(portal.mail.recipients) == sorted(PEOPLE)


def reason(portal):
    return portal.ask('SELECT error FROM portal_message WHERE "to" = %s', [PEOPLE[3]])[0][0]


def tried(portal):
    return portal.ask("SELECT id FROM portal_message WHERE attempts > 0")


def unsent_reasons(portal):
    return portal.ask("SELECT error FROM portal_message WHERE error <> ''")
