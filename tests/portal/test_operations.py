"""Sending the outbox, sweeping jobs, and showing who is alive."""

import datetime as dt
import smtplib
from typing import ClassVar

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command

from portal import emails, tasks
from portal.models import Heartbeat, Message
from portal.services import operations

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)


def queue(key="one", to="lead@example.org", at=AT):
    return emails.queue(to=to, subject="Due soon", body="Two weeks left.", dedupe_key=key, at=at)


class MailServer(BaseEmailBackend):
    """A mail server that answers the next messages with these errors, and takes the others."""

    away = None
    errors: ClassVar = []

    def open(self):
        if self.away:
            raise self.away

    def send_messages(self, messages):
        if self.errors:
            raise self.errors.pop(0)
        mail.outbox.extend(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.MailServer"
    monkeypatch.setattr(MailServer, "errors", [])
    return MailServer


REFUSAL = smtplib.SMTPRecipientsRefused({"lead@example.org": (550, b"No such person")})


def test_queue_writes_a_message_once_for_a_key():
    assert queue()
    assert not queue()
    assert Message.objects.count() == 1


def test_send_messages_sends_what_is_due_once():
    queue()
    queue(key="later", at=AT + dt.timedelta(days=1))

    assert operations.send_messages(at=AT) == 1
    assert operations.send_messages(at=AT) == 0
    assert [sent.to for sent in mail.outbox] == [["lead@example.org"]]


def test_what_a_message_said_is_kept_only_until_it_is_sent(server):
    queue()
    server.errors = [REFUSAL]
    operations.send_messages(at=AT)
    assert Message.objects.get().body == "Two weeks left."

    assert operations.send_messages(at=AT + dt.timedelta(seconds=60)) == 1
    assert [sent.body for sent in mail.outbox] == ["Two weeks left."]
    message = Message.objects.get()
    assert (message.subject, message.body) == ("Due soon", "")


def test_message_carries_the_same_identity_however_often_it_is_sent():
    queue()
    operations.send_messages(at=AT)
    Message.objects.update(sent_at=None, send_after=AT, body="Two weeks left.")
    operations.send_messages(at=AT)
    first, again = (sent.extra_headers["Message-ID"] for sent in mail.outbox)
    assert first == again
    assert first.endswith("@testserver>")


def test_message_that_is_refused_is_tried_again_later_and_holds_up_no_other(server):
    queue()
    queue(key="two")
    server.errors = [REFUSAL]

    assert operations.send_messages(at=AT) == 1
    message = Message.objects.get(dedupe_key="one")
    assert (message.attempts, message.failed_at) == (1, None)
    assert message.send_after == AT + dt.timedelta(seconds=60)
    assert "No such person" in message.error
    assert operations.send_messages(at=AT + dt.timedelta(seconds=60)) == 1


def test_message_is_given_up_after_seven_refusals(server):
    queue()
    server.errors = [REFUSAL] * 8
    at = AT
    for _ in range(7):
        operations.send_messages(at=at)
        at += dt.timedelta(days=1)

    message = Message.objects.get()
    assert message.attempts == 7
    assert message.failed_at is not None
    assert message.body == "Two weeks left."
    assert not Message.objects.due(at=at).exists()


def test_nothing_counts_as_an_attempt_while_the_mail_server_is_away(server, monkeypatch):
    queue()
    monkeypatch.setattr(server, "away", ConnectionRefusedError())
    for hours in range(72):
        assert operations.send_messages(at=AT + dt.timedelta(hours=hours)) == 0
    assert Message.objects.get().attempts == 0
    monkeypatch.setattr(server, "away", None)
    assert operations.send_messages(at=AT + dt.timedelta(hours=72)) == 1


def test_conversation_that_breaks_off_leaves_the_other_messages_for_the_next_round(server):
    queue()
    queue(key="two")
    server.errors = [TimeoutError("timed out")]
    assert operations.send_messages(at=AT) == 0
    attempts = Message.objects.order_by("pk").values_list("attempts", "error")
    assert list(attempts) == [(1, "TimeoutError: timed out"), (0, "")]
    assert operations.send_messages(at=AT) == 1


def test_send_messages_leaves_a_message_that_another_worker_took():
    queue()
    message = Message.objects.get()
    Message.objects.update(attempts=1)

    assert operations._send(message, mail.get_connection(), at=AT) is False
    assert mail.outbox == []


def test_command_sends_messages_at_a_given_time(capsys):
    queue()
    call_command("send_messages", "--now", "2026-11-16T10:00:00+00:00")
    call_command("send_messages")
    assert capsys.readouterr().out.split("\n")[:2] == ["1 sent", "0 sent"]


def test_command_refuses_what_is_no_time():
    with pytest.raises(CommandError, match="'soon' is not a date and time"):
        call_command("send_messages", "--now", "soon")


def test_tasks_do_what_their_names_say():
    queue(at=AT)
    tasks.beat_heart()

    assert tasks.send_messages() == 1
    assert tasks.sweep_jobs() == 0
    assert Heartbeat.objects.get().name == "worker"


def test_alive_exits_with_1_when_the_worker_was_silent():
    with pytest.raises(SystemExit):
        call_command("alive", "worker")
    tasks.beat_heart()
    call_command("alive", "scheduler")


def test_sweep_jobs_says_how_many_were_rung(capsys):
    call_command("sweep_jobs")
    assert capsys.readouterr().out == "0 rung\n"
