"""Release, reopening, the Board's date and sharing with peers."""

import datetime as dt

import pytest

from assessments import services
from assessments.models import Release, Snapshot
from portal.models import AuditEvent, Message
from tests import factories

DAY = dt.timedelta(days=1)


@pytest.fixture
def snapshot(assessment, lead, sponsor):
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor)


def test_release_happens_once_and_tells_the_health_equity_group(snapshot, sponsor, heg, at):
    given = services.release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)
    again = services.release(snapshot=snapshot, cause="last_date", by=None, at=at + DAY)

    assert again == given == Release.objects.get()
    assert (given.cause, given.by, given.at) == ("sponsor", sponsor, at)
    assert "/comparison/2026/" in Message.objects.get(to=heg.email).body
    assert AuditEvent.objects.filter(verb="snapshot.released").count() == 1


def ask(assessment, sponsor, at):
    return services.ask_to_reopen(
        assessment=assessment, reason="A figure is wrong.", by=sponsor, at=at
    )


def test_reopen_gives_the_answers_back_and_keeps_what_was_released(
    assessment, snapshot, lead, sponsor, heg, at
):
    services.release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)
    asked = ask(assessment, sponsor, at)
    assert (asked.reopening_reason, asked.reopening_asked_at) == ("A figure is wrong.", at)
    assert Message.objects.filter(to=heg.email, subject__contains="asks to reopen").exists()

    opened = services.reopen(assessment=assessment, by=heg, at=at)

    assert opened.is_draft
    assert (opened.sent_by, opened.signed_by, opened.reopening_asked_at) == (None, None, None)
    assert Message.objects.filter(to=lead.email, subject__endswith="is reopened").exists()
    assert list(Snapshot.objects.released()) == [snapshot]
    services.send_for_sign_off(assessment=opened, by=lead, at=at)
    second = services.sign_off(assessment=opened, by=sponsor, at=at)
    assert second.version == 2
    assert list(Snapshot.objects.released()) == [snapshot]


def test_reopen_needs_the_sponsors_word_and_a_sign_off(assessment, lead, sponsor, heg, at):
    with pytest.raises(services.NotSignedOff):
        ask(assessment, sponsor, at)
    with pytest.raises(services.NotSignedOff):
        services.reopen(assessment=assessment, by=heg, at=at)
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)

    with pytest.raises(services.ReopeningNotAsked):
        services.reopen(assessment=assessment, by=heg, at=at)


def test_reopen_after_the_close_needs_a_later_date_first(assessment, snapshot, sponsor, heg):
    late = assessment.closes_at + DAY
    ask(assessment, sponsor, late)
    with pytest.raises(services.NotOpen):
        services.reopen(assessment=assessment, by=heg, at=late)

    services.extend_assessment(
        assessment=assessment, extended_to=late + DAY, reason="Reopened.", by=heg, at=late
    )

    assert services.reopen(assessment=assessment, by=heg, at=late).is_draft


def test_release_of_what_is_reopened_or_replaced_is_refused(
    assessment, snapshot, lead, sponsor, heg, at
):
    ask(assessment, sponsor, at)
    services.reopen(assessment=assessment, by=heg, at=at)
    with pytest.raises(services.NotSignedOff):
        services.release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    services.sign_off(assessment=assessment, by=sponsor, at=at)

    with pytest.raises(services.NotSignedOff):
        services.release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)


@pytest.mark.parametrize(("board_on", "words"), [(dt.date(2027, 3, 12), "2027-03-12"), (None, "")])
def test_record_board_date(assessment, sponsor, at, board_on, words):
    recorded = services.record_board_date(
        assessment=assessment, board_on=board_on, by=sponsor, at=at
    )

    assert recorded.board_on == board_on
    assert AuditEvent.objects.get(verb="board-date.recorded").detail["board_on"] == words


def test_set_sharing_keeps_the_first_instant_and_ends(system, sponsor, at):
    shares = {"organisation": system, "by": sponsor}
    services.set_sharing(**shares, shares=True, at=at)

    again = services.set_sharing(**shares, shares=True, at=at + DAY)
    assert again.shares_with_peers_since == at

    ended = services.set_sharing(**shares, shares=False, at=at + DAY)
    assert ended.shares_with_peers_since is None
    verbs = AuditEvent.objects.filter(verb__startswith="sharing").order_by("sequence")
    assert list(verbs.values_list("verb", flat=True)) == ["sharing.agreed", "sharing.ended"]
