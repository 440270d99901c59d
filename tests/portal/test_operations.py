"""Sending the outbox, sweeping jobs, and showing who is alive."""

import datetime as dt

import pytest
from django.core import mail
from django.core.management import call_command

from portal import emails, tasks
from portal.models import Heartbeat, Message
from portal.services import operations

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC)


def queue(key="one", to="lead@example.org", at=AT):
    return emails.queue(to=to, subject="Due soon", body="Two weeks left.", dedupe_key=key, at=at)


@pytest.fixture
def refusing_mail(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


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


def test_send_messages_tries_again_later_when_mail_is_refused(refusing_mail):
    queue()

    assert operations.send_messages(at=AT) == 0
    message = Message.objects.get()
    assert message.attempts == 1
    assert message.send_after == AT + dt.timedelta(seconds=60)
    assert "refused" in message.error.lower()


def test_send_messages_gives_up_after_seven_attempts(refusing_mail):
    queue()
    at = AT
    for _ in range(7):
        operations.send_messages(at=at)
        at += dt.timedelta(days=1)

    message = Message.objects.get()
    assert message.attempts == 7
    assert message.failed_at is not None
    assert not Message.objects.due(at=at).exists()


def test_send_messages_leaves_a_message_that_another_worker_took(monkeypatch):
    queue()
    message = Message.objects.get()
    Message.objects.update(attempts=1)

    assert operations._send(message, at=AT) is False
    assert mail.outbox == []


def test_command_sends_messages_at_a_given_time(capsys):
    queue()
    call_command("send_messages", "--now", "2026-11-16T10:00:00+00:00")
    call_command("send_messages")
    assert capsys.readouterr().out.split("\n")[:2] == ["1 sent", "0 sent"]


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
