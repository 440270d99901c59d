"""Telling the Board of a paper, and its members' own word that they have read it."""

import datetime as dt

import pytest

from assessments.models import Assessment
from portal.models import AuditEvent, Membership, Message
from reporting.models import Reading, Report
from reporting.queries.readings import has_read, readers_of
from reporting.services import BoardDateMissing, NobodyToTell, Superseded, say_read, tell_board
from tests import factories

pytestmark = pytest.mark.django_db

BOARD_ON = dt.date(2027, 1, 27)


@pytest.fixture
def snapshot(assessment, lead, sponsor):
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor)


@pytest.fixture
def report(snapshot, at):
    return made(snapshot, at)


@pytest.fixture
def members(system):
    return [factories.user_with("board", system, name=name) for name in ("Ada Obi", "Ben Cole")]


@pytest.fixture
def dated(assessment):
    Assessment.objects.filter(pk=assessment.pk).update(board_on=BOARD_ON)


def made(snapshot, at, version=1, kind="board-paper", reason=""):
    """A row as a worker stores it, without its bytes."""
    return Report.objects.create(
        reference=f"2026-north-east-london-{kind}-v{version}",
        kind=kind,
        snapshot=snapshot,
        version=version,
        reason=reason,
        made_at=at,
        pages=8,
        size=1,
        digest="0" * 64,
    )


def test_every_board_member_is_written_to_once(report, members, dated, lead, at):
    assert tell_board(report=report, by=lead, at=at) == 2
    assert tell_board(report=report, by=lead, at=at) == 0
    messages = list(Message.objects.filter(dedupe_key__startswith="board-paper-ready"))
    assert {message.to for message in messages} == {person.email for person in members}
    event = AuditEvent.objects.filter(verb="board.told").get()
    assert event.detail == {"reference": report.reference, "number": 2}


def test_message_says_who_what_by_when_and_holds_a_link_alone(report, members, dated, lead, at):
    tell_board(report=report, by=lead, at=at)
    message = Message.objects.get(to=members[0].email)
    assert (
        message.subject
        == "For the Board on 27 January 2027: North East London’s Self-assessment 2026"
    )
    for words in (
        "Hello Ada Obi,",
        "Amina Okafor asks you to read the Board paper on North East London Integrated Care "
        "System’s Self-assessment 2026 for the meeting of the Board on 27 January 2027. It has "
        "8 pages",
        "You will be asked to sign in:",
        f"/reports/{report.reference}/\n",
    ):
        assert words in message.body
    assert "This is version" not in message.body


def test_member_who_joins_later_is_told_alone(report, members, dated, system, lead, at):
    tell_board(report=report, by=lead, at=at)
    factories.user_with("board", system)
    assert tell_board(report=report, by=lead, at=at) == 1


def test_next_version_is_told_again_and_says_why_it_is_there(
    report, members, dated, snapshot, lead, at
):
    tell_board(report=report, by=lead, at=at)
    newer = made(snapshot, at, version=2, reason="The date of the meeting was changed.")
    with pytest.raises(Superseded):
        tell_board(report=report, by=lead, at=at)
    assert tell_board(report=newer, by=lead, at=at) == 2
    message = Message.objects.order_by("pk").last()
    assert "This is version 2. The date of the meeting was changed." in message.body


def test_without_a_date_or_a_board_nobody_is_told(report, assessment, lead, system, at):
    with pytest.raises(BoardDateMissing):
        tell_board(report=report, by=lead, at=at)
    Assessment.objects.update(board_on=BOARD_ON)
    with pytest.raises(NobodyToTell):
        tell_board(report=report, by=lead, at=at)
    assert not Message.objects.filter(dedupe_key__startswith="board-paper-ready").exists()


def test_reading_is_kept_once_and_audited(report, members, at):
    later = at + dt.timedelta(days=1)
    first = say_read(report=report, by=members[0], at=at)
    assert say_read(report=report, by=members[0], at=later) == first
    assert str(first) == f"Ada Obi has read {report.reference}"
    assert Reading.objects.get().read_at == at
    event = AuditEvent.objects.filter(verb="paper.read").get()
    assert (event.actor, event.detail) == (members[0].email, {"reference": report.reference})


def test_reading_counts_for_every_version_of_the_same_sign_off(report, members, snapshot, at):
    say_read(report=report, by=members[1], at=at)
    newer, full = made(snapshot, at, version=2), made(snapshot, at, kind="full-report")
    for paper in (report, newer, full):
        readers = readers_of(paper)
        assert readers.members == 2
        assert readers.read == ((members[1], at),)
        assert readers.not_yet == (members[0],)
        said = [has_read(paper, who) for who in members]
        assert said == [False, True]


def test_who_has_left_the_board_is_not_counted(report, members, dated, lead, at):
    tell_board(report=report, by=lead, at=at)
    say_read(report=report, by=members[0], at=at)
    Membership.objects.filter(user=members[0]).update(ended_at=at)
    readers = readers_of(report)
    assert (readers.read, readers.not_yet, readers.told) == ((), (members[1],), 2)


def test_readers_are_found_in_three_queries(report, members, django_assert_num_queries):
    with django_assert_num_queries(3):
        readers_of(report)
