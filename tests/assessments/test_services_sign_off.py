"""Sending, returning, signing: who may, when, and with exactly one effect."""

import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from assessments import services
from assessments.models import (
    Comment,
    Cycle,
    FrozenItem,
    FrozenSection,
    Revision,
    Snapshot,
    WorkingText,
)
from portal.models import AuditEvent, Job, Message
from tests import factories

DAY = dt.timedelta(days=1)


@pytest.fixture
def complete(assessment, lead):
    return factories.complete_assessment(assessment, by=lead)


@pytest.fixture
def sent(complete, lead, at):
    return services.send_for_sign_off(assessment=complete, by=lead, at=at)


def test_write_messages_keeps_up_to_three(assessment, lead, at):
    written = services.write_messages(
        assessment=assessment, messages=["One.", "", "Two."], by=lead, at=at
    )

    assert written.messages == ["One.", "Two."]
    assert written.version == 1
    with pytest.raises(services.TooManyMessages):
        services.write_messages(assessment=assessment, messages=["a"] * 4, by=lead, at=at)


def test_write_messages_is_refused_once_sent(sent, lead, at):
    with pytest.raises(services.AnswersLocked):
        services.write_messages(assessment=sent, messages=["Late."], by=lead, at=at)


def test_send_locks_the_answers_and_tells_the_sponsors(complete, lead, sponsor, at):
    sent = services.send_for_sign_off(assessment=complete, by=lead, at=at)

    assert (sent.sent_at, sent.sent_by, sent.state) == (at, lead, "awaiting")
    message = Message.objects.get(to=sponsor.email)
    assert message.subject == "North East London’s Self-assessment 2026 awaits your sign-off"
    assert "/assessments/2026/north-east-london/sign-off/" in message.body
    assert "Tuesday 15 December 2026" in message.body
    assert AuditEvent.objects.get(verb="assessment.sent").detail["late"] is False


def test_send_late_is_possible_until_the_close(complete, lead):
    services.send_for_sign_off(assessment=complete, by=lead, at=complete.closes_at)

    assert AuditEvent.objects.get(verb="assessment.sent").detail["late"] is True


def test_send_after_the_close_is_refused_until_extended(complete, lead, heg):
    late = complete.closes_at + DAY
    with pytest.raises(services.NotOpen):
        services.send_for_sign_off(assessment=complete, by=lead, at=late)

    services.extend_assessment(
        assessment=complete, extended_to=late + DAY, reason="Floods.", by=heg, at=late
    )

    assert services.send_for_sign_off(assessment=complete, by=lead, at=late).sent_at


def test_send_incomplete_says_what_is_missing(assessment, lead, at):
    with pytest.raises(services.Incomplete) as refused:
        services.send_for_sign_off(assessment=assessment, by=lead, at=at)

    assert [gap.code for gap in refused.value.gaps][:2] == ["L1", "L2"]
    assert refused.value.gaps[0].what == "Choose a level, or say why this is not assessed."


def test_send_twice_or_after_sign_off_is_refused(sent, lead, sponsor, at):
    with pytest.raises(services.AlreadySent):
        services.send_for_sign_off(assessment=sent, by=lead, at=at)
    services.sign_off(assessment=sent, by=sponsor, at=at)

    with pytest.raises(services.AlreadySignedOff):
        services.send_for_sign_off(assessment=sent, by=lead, at=at)


def test_take_back_unlocks(sent, lead, at):
    back = services.take_back(assessment=sent, by=lead, at=at)

    assert back.is_draft
    assert back.sent_by is None
    assert services.send_for_sign_off(assessment=back, by=lead, at=at).sent_at


def test_take_back_what_was_not_sent_or_after_the_close_is_refused(complete, lead, at):
    with pytest.raises(services.NotSent):
        services.take_back(assessment=complete, by=lead, at=at)
    services.send_for_sign_off(assessment=complete, by=lead, at=at)

    with pytest.raises(services.NotOpen):
        services.take_back(assessment=complete, by=lead, at=complete.closes_at + DAY)


def test_return_with_questions_unlocks_and_says_what_is_asked(sent, lead, sponsor, at):
    back = services.return_with_questions(
        assessment=sent,
        questions={"W1": "Which trusts?", "L1": "", "L2": "Since when?"},
        by=sponsor,
        at=at,
    )

    assert back.is_draft
    asked = Comment.objects.filter(kind="sponsor").order_by("answer__item__code")
    assert [(one.answer.item.code, one.text, one.by) for one in asked] == [
        ("L2", "Since when?", sponsor),
        ("W1", "Which trusts?", sponsor),
    ]
    assert "L2, W1" in Message.objects.get(to=lead.email).body
    assert AuditEvent.objects.get(verb="assessment.returned").detail["codes"] == ["L2", "W1"]


@pytest.mark.parametrize("questions", [{}, {"L1": ""}, {"X9": "Unknown?"}])
def test_return_without_a_question_is_refused(sent, sponsor, at, questions):
    with pytest.raises(services.NoQuestions):
        services.return_with_questions(assessment=sent, questions=questions, by=sponsor, at=at)

    sent.refresh_from_db()
    assert sent.sent_at


def test_sign_off_freezes_document_rows_and_asks_for_the_papers(sent, sponsor, lead, at):
    answer = sent.answers.first()
    services.keep_working_text(
        answer=answer,
        user=lead,
        base_version=1,
        sequence=1,
        level="",
        coverage="",
        narrative="Half",
        at=at,
    )

    snapshot = services.sign_off(assessment=sent, by=sponsor, at=at)

    sent.refresh_from_db()
    assert (sent.state, sent.signed_by, sent.signed_off_at) == ("signed-off", sponsor, at)
    assert snapshot.version == 1
    assert snapshot.digest == hashlib.sha256(snapshot.document.encode()).hexdigest()
    document = json.loads(snapshot.document)
    assert document["signed_off"]["by"] == "Sola Adeyemi"
    written = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert written == snapshot.document
    assert snapshot.framework_version == "small-1"
    items = FrozenItem.objects.filter(snapshot=snapshot).order_by("order")
    assert [row.code for row in items] == ["L1", "L2", "L3", "W1", "W2", "W3", "D1", "D2"]
    assert items[0].grades == {"A": 0, "B": 1, "C": 0, "D": 0}
    sections = FrozenSection.objects.filter(snapshot=snapshot).order_by("order")
    assert [(row.section_code, row.counts, row.typical) for row in sections] == [
        ("L", [0, 0, 0, 3, 0], 3),
        ("W", [0, 0, 0, 3, 0], 3),
        ("D", [0, 0, 0, 2, 0], 3),
    ]
    assert not WorkingText.objects.exists()
    jobs = Job.objects.filter(subject_id=snapshot.pk, organisation=sent.organisation)
    assert sorted(jobs.values_list("kind", flat=True)) == ["board-paper", "full-report"]
    assert Message.objects.filter(to=lead.email, subject__endswith="is signed off").exists()


def test_sign_off_of_what_was_not_sent_is_refused(complete, sponsor, at):
    with pytest.raises(services.NotSent):
        services.sign_off(assessment=complete, by=sponsor, at=at)


def test_sign_off_of_what_one_sent_is_refused(complete, lead, system, at):
    factories.add_role(lead, "sponsor", system)
    services.send_for_sign_off(assessment=complete, by=lead, at=at)

    with pytest.raises(services.OwnSending):
        services.sign_off(assessment=complete, by=lead, at=at)

    assert not Snapshot.objects.exists()


def test_sign_off_of_what_became_incomplete_is_refused(sent, sponsor, at):
    sent.answers.get(item__code="L1").citations.all().delete()

    with pytest.raises(services.Incomplete) as refused:
        services.sign_off(assessment=sent, by=sponsor, at=at)

    assert [gap.code for gap in refused.value.gaps] == ["L1"]


@pytest.fixture
def written_by_sponsor(complete, lead, sponsor, at):
    answer = complete.answers.get(item__code="L1")
    services.save_answer(answer=answer, level=2, narrative="Mine.", version=1, by=sponsor, at=at)
    return services.send_for_sign_off(assessment=complete, by=lead, at=at)


def test_sign_off_by_a_sponsor_who_wrote_needs_a_second(
    written_by_sponsor, sponsor, second_sponsor, at
):
    assessment = written_by_sponsor
    assert services.wrote_answers(assessment, sponsor)

    assert services.sign_off(assessment=assessment, by=sponsor, at=at) is None

    assessment.refresh_from_db()
    assert (assessment.state, assessment.signed_by) == ("countersign", sponsor)
    assert (
        "countersign"
        in Message.objects.get(to=second_sponsor.email, subject__contains="countersignature").body
    )
    assert not Message.objects.filter(
        to=sponsor.email, subject__contains="countersignature"
    ).exists()
    with pytest.raises(services.CountersignatureNeeded):
        services.sign_off(assessment=assessment, by=sponsor, at=at)

    snapshot = services.sign_off(assessment=assessment, by=second_sponsor, at=at)

    assert (snapshot.signed_by, snapshot.countersigned_by) == (sponsor, second_sponsor)
    signed = json.loads(snapshot.document)["signed_off"]
    assert (signed["by"], signed["countersigned_by"]) == ("Sola Adeyemi", "Ravi Menon")


def test_sign_off_by_a_sponsor_whose_words_were_refused_needs_no_second(
    complete, lead, sponsor, at
):
    with pytest.raises(services.StaleAnswer):
        services.save_answer(
            answer=complete.answers.first(),
            level=1,
            narrative="Too late.",
            version=0,
            by=sponsor,
            at=at,
        )
    services.send_for_sign_off(assessment=complete, by=lead, at=at)

    assert services.sign_off(assessment=complete, by=sponsor, at=at)


def test_take_back_clears_a_first_signature(written_by_sponsor, lead, sponsor, at):
    services.sign_off(assessment=written_by_sponsor, by=sponsor, at=at)

    back = services.take_back(assessment=written_by_sponsor, by=lead, at=at)

    assert (back.signed_at, back.signed_by) == (None, None)


def test_sign_off_ten_times_has_one_effect(sent, sponsor, at):
    services.sign_off(assessment=sent, by=sponsor, at=at)

    for _again in range(9):
        with pytest.raises(services.AlreadySignedOff):
            services.sign_off(assessment=sent, by=sponsor, at=at)

    assert Snapshot.objects.count() == 1
    assert Job.objects.count() == 2
    assert AuditEvent.objects.filter(verb="assessment.signed-off").count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_sign_off_ten_times_at_once_has_one_effect(sent, sponsor, at):
    start = Barrier(10)

    def post(_number):
        try:
            start.wait(timeout=10)
            return bool(services.sign_off(assessment=sent, by=sponsor, at=at))
        except services.AlreadySignedOff:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(post, range(10)))

    assert outcomes.count(True) == 1
    assert Snapshot.objects.count() == 1
    assert Job.objects.count() == 2
    assert AuditEvent.objects.filter(verb="assessment.signed-off").count() == 1


@pytest.mark.postgresql
def test_frozen_rows_refuse_to_change(sent, sponsor, at, guards_on):
    snapshot = services.sign_off(assessment=sent, by=sponsor, at=at)

    for rows in (snapshot.items, snapshot.sections, Revision.objects):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            rows.all().delete()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Snapshot.objects.update(document="{}")


def mid_year(framework):
    return factories.open_assessment(framework, kind=Cycle.Kind.MID_YEAR)


def test_complete_mid_year_once_and_without_snapshot(framework, lead, at):
    update = mid_year(framework)

    done = services.complete_mid_year(assessment=update, by=lead, at=at)

    assert done.signed_off_at == at
    assert not Snapshot.objects.exists()
    with pytest.raises(services.AlreadySignedOff):
        services.complete_mid_year(assessment=update, by=lead, at=at)


def test_complete_mid_year_after_the_close_is_refused(framework, lead):
    update = mid_year(framework)

    with pytest.raises(services.NotOpen):
        services.complete_mid_year(assessment=update, by=lead, at=update.closes_at + DAY)


def test_full_and_mid_year_are_finished_each_in_its_own_way(framework, assessment, lead, at):
    with pytest.raises(services.WrongKind):
        services.complete_mid_year(assessment=assessment, by=lead, at=at)
    update = factories.open_assessment(
        framework, kind=Cycle.Kind.MID_YEAR, slug="mid", name="Mid-year"
    )

    with pytest.raises(services.WrongKind):
        services.send_for_sign_off(assessment=update, by=lead, at=at)


def test_sign_off_of_the_whole_framework_freezes_all_38_items(
    london_framework, system, lead, sponsor, at, django_assert_max_num_queries
):
    assessment = factories.open_assessment(london_framework, system)
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)

    with django_assert_max_num_queries(80):
        snapshot = services.sign_off(assessment=assessment, by=sponsor, at=at)

    assert snapshot.items.count() == 38
    sections = json.loads(snapshot.document)["sections"]
    assert "".join(section["code"] for section in sections) == "LWEACDGP"
    assert all(item["means"] for section in sections for item in section["items"])
    assert all(item["short_term_changes"] for section in sections[:5] for item in section["items"])
