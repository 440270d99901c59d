"""Answers are saved by compare-and-set, and nobody's words are lost."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from assessments import services
from assessments.models import Answer, Revision, WorkingText
from portal.models import AuditEvent
from tests import factories

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def answer(assessment):
    return assessment.answers.get(item__code="L1")


def save(answer, by, at, *, level=2, narrative="In place in three trusts.", **more):
    more.setdefault("version", answer.version)
    return services.save_answer(
        answer=answer, level=level, narrative=narrative, by=by, at=at, **more
    )


def refusal(kind, call, **words):
    """The exception, raised and kept."""
    with pytest.raises(kind) as caught:
        call(**words)
    return caught.value


def test_save_answer_stores_answer_revision_and_event(answer, lead, at):
    saved = save(answer, lead, at, coverage="some")

    assert (saved.level, saved.coverage, saved.version) == (2, "some", 1)
    revision = answer.revisions.get()
    assert (revision.kind, revision.version, revision.by, revision.at) == ("saved", 1, lead, at)
    assert (revision.level, revision.coverage, revision.narrative) == (
        2,
        "some",
        "In place in three trusts.",
    )
    event = AuditEvent.objects.get(verb="answer.saved")
    assert event.actor == lead.email
    assert event.detail == {"code": "L1", "version": 1, "level": 2}


def test_save_answer_leaves_coverage_where_none_is_given(answer, lead, at):
    save(answer, lead, at, coverage="most")

    assert save(answer, lead, at, version=1, narrative="More.").coverage == "most"


def test_save_answer_with_a_level_clears_the_reason_and_working_text(answer, lead, at):
    services.record_not_assessed(
        answer=answer, reason="Nobody is left to ask.", version=0, by=lead, at=at
    )
    keep(answer, lead, at)

    saved = save(answer, lead, at, version=1)

    assert saved.not_assessed_reason == ""
    assert not WorkingText.objects.exists()


def test_save_answer_without_a_level_keeps_the_reason_and_others_typing(
    answer, lead, contributor, at
):
    services.record_not_assessed(answer=answer, reason="Not yet.", version=0, by=lead, at=at)
    keep(answer, contributor, at)

    saved = save(answer, lead, at, version=1, level=None, narrative="First words.")

    assert (saved.level, saved.not_assessed_reason) == (None, "Not yet.")
    assert WorkingText.objects.get().user == contributor


def test_save_answer_at_a_stale_version_keeps_both_texts(answer, lead, contributor, at):
    save(answer, contributor, at, narrative="Theirs.")

    refused = refusal(
        services.StaleAnswer,
        save,
        answer=answer,
        by=lead,
        at=at,
        level=1,
        narrative="Mine.",
        coverage="one",
    )

    assert refused.current.narrative == "Theirs."
    assert "Somebody else" in str(refused)
    answer.refresh_from_db()
    assert (answer.narrative, answer.version) == ("Theirs.", 1)
    kept = answer.revisions.get(kind=Revision.Kind.REFUSED)
    assert (kept.narrative, kept.level, kept.coverage, kept.by) == ("Mine.", 1, "one", lead)
    assert kept.version == 0
    assert AuditEvent.objects.get(verb="answer.refused").detail["refused_version"] == 0


def test_save_answer_posted_twice_is_one_save(answer, lead, at):
    save(answer, lead, at)

    again = save(answer, lead, at)

    assert again.version == 1
    assert answer.revisions.count() == 1


@pytest.mark.parametrize("moment", ["sent", "signed off", "closed"])
def test_save_answer_is_refused_once_locked(assessment, answer, lead, sponsor, at, moment):
    if moment == "closed":
        at = assessment.closes_at + MINUTE
    else:
        factories.complete_assessment(assessment, by=lead)
        services.send_for_sign_off(assessment=assessment, by=lead, at=at)
        if moment == "signed off":
            services.sign_off(assessment=assessment, by=sponsor, at=at)
    before = Revision.objects.count()

    refusal(services.AnswersLocked, save, answer=answer, by=lead, at=at, version=1)

    assert Revision.objects.count() == before


def test_save_answer_is_refused_before_the_cycle_opens(assessment, answer, lead):
    early = assessment.cycle.opens_at - MINUTE

    refused = refusal(services.NotOpen, save, answer=answer, by=lead, at=early)

    assert not isinstance(refused, services.AnswersLocked)


def test_save_answer_is_possible_late_and_at_the_very_close(assessment, answer, lead):
    assert save(answer, lead, assessment.closes_at).version == 1


def test_record_not_assessed_takes_the_level_and_keeps_the_words(answer, lead, at):
    save(answer, lead, at)

    recorded = services.record_not_assessed(
        answer=answer, reason="The team has left.", version=1, by=lead, at=at
    )

    assert (recorded.level, recorded.version) == (None, 2)
    assert recorded.narrative == "In place in three trusts."
    assert recorded.not_assessed_reason == "The team has left."


def test_record_not_assessed_at_a_stale_version_keeps_the_reason(answer, lead, contributor, at):
    save(answer, contributor, at)

    refusal(
        services.StaleAnswer,
        services.record_not_assessed,
        answer=answer,
        reason="The team has left.",
        version=0,
        by=lead,
        at=at,
    )

    assert answer.revisions.get(kind="refused").narrative == "The team has left."


def carried(answer):
    Answer.objects.filter(pk=answer.pk).update(
        level=2, narrative="Last cycle.", version=1, is_reconfirmed=False
    )
    answer.refresh_from_db()


def test_reconfirm_answer_keeps_the_words(answer, lead, at):
    carried(answer)

    confirmed = services.reconfirm_answer(answer=answer, version=1, by=lead, at=at)

    assert confirmed.is_reconfirmed
    assert (confirmed.level, confirmed.narrative, confirmed.version) == (2, "Last cycle.", 2)
    assert answer.revisions.get().kind == Revision.Kind.RECONFIRMED


def test_reconfirm_answer_posted_twice_is_one(answer, lead, at):
    carried(answer)
    for _post in range(2):
        again = services.reconfirm_answer(answer=answer, version=1, by=lead, at=at)

    assert again.version == 2
    assert answer.revisions.count() == 1


def test_reconfirm_answer_of_words_changed_meanwhile_is_refused(answer, lead, contributor, at):
    carried(answer)
    save(answer, contributor, at, narrative="New words.")

    refused = refusal(
        services.StaleAnswer,
        services.reconfirm_answer,
        answer=answer,
        version=1,
        by=lead,
        at=at,
    )

    assert refused.current.narrative == "New words."


def test_confirm_no_personal_data_holds_for_this_version_only(answer, lead, at):
    answer = save(answer, lead, at)

    checked = services.confirm_no_personal_data(answer=answer, by=lead, at=at)

    assert checked.personal_data_checked_version == 1
    assert AuditEvent.objects.filter(verb="answer.personal-data-checked").count() == 1


def test_confirm_no_personal_data_of_an_older_version_is_refused(answer, lead, at):
    save(answer, lead, at)

    refusal(services.StaleAnswer, services.confirm_no_personal_data, answer=answer, by=lead, at=at)

    answer.refresh_from_db()
    assert answer.personal_data_checked_version is None


def keep(answer, user, at, *, sequence=1, narrative="Half a sen", base_version=0):
    return services.keep_working_text(
        answer=answer,
        user=user,
        base_version=base_version,
        sequence=sequence,
        level="2",
        coverage="",
        narrative=narrative,
        at=at,
    )


def test_keep_working_text_overwrites_without_revision_or_event(answer, lead, at):
    keep(answer, lead, at)
    events = AuditEvent.objects.count()

    kept = keep(answer, lead, at + MINUTE, sequence=2, narrative="Half a sentence")

    assert (kept.narrative, kept.sequence, kept.saved_at) == ("Half a sentence", 2, at + MINUTE)
    assert WorkingText.objects.count() == 1
    assert not Revision.objects.exists()
    assert AuditEvent.objects.count() == events


def test_keep_working_text_out_of_order_keeps_the_newest(answer, lead, at):
    keep(answer, lead, at, sequence=9, narrative="Newest")

    kept = keep(answer, lead, at, sequence=8, narrative="Older")

    assert kept.narrative == "Newest"
    assert WorkingText.objects.get().sequence == 9


def test_keep_working_text_of_two_people_stays_apart(answer, lead, contributor, at):
    keep(answer, lead, at, sequence=5)
    keep(answer, contributor, at, sequence=1)

    assert WorkingText.objects.count() == 2


def test_keep_working_text_while_sent_loses_nothing(assessment, answer, lead, at):
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)

    assert keep(answer, lead, at).narrative == "Half a sen"


def test_keep_working_text_after_sign_off_is_refused(assessment, answer, lead, sponsor, at):
    keep(answer, sponsor, at)
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    assert not WorkingText.objects.exists()

    refusal(services.AnswersLocked, keep, answer=answer, user=lead, at=at, sequence=99)

    assert not WorkingText.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_save_answer_by_many_at_once_lets_one_win_and_keeps_every_word(
    assessment, answer, system, at
):
    people = [factories.user_with("lead", system) for _each in range(6)]
    start = Barrier(len(people))

    def race(person):
        try:
            start.wait(timeout=10)
            save(answer, person, at, narrative=f"Words of {person.email}", version=0)
        except services.StaleAnswer:
            return "refused"
        else:
            return "saved"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        outcomes = list(pool.map(race, people))

    assert sorted(outcomes) == ["refused"] * 5 + ["saved"]
    answer.refresh_from_db()
    assert answer.version == 1
    kept = set(answer.revisions.values_list("narrative", flat=True))
    assert kept == {f"Words of {person.email}" for person in people}
    sequences = AuditEvent.objects.filter(chain=system.slug).values_list("sequence", flat=True)
    assert sorted(sequences) == list(range(1, len(sequences) + 1))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_save_answer_of_different_answers_at_once_loses_nothing(assessment, lead, at):
    answers = list(assessment.answers.all())
    start = Barrier(len(answers))

    def work(answer):
        try:
            start.wait(timeout=10)
            for version in range(3):
                save(answer, lead, at, narrative=f"Round {version}", version=version)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(answers)) as pool:
        list(pool.map(work, answers))

    assert set(assessment.answers.values_list("version", "narrative")) == {(3, "Round 2")}
    assert Revision.objects.count() == 3 * len(answers)
