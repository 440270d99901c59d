"""What keeps an assessment from being sent, what is only worth adding."""

import datetime as dt

import pytest

from assessments import services
from assessments.models import Answer, Assignment
from assessments.queries import advice, gaps, load_line, load_sheet
from tests import factories

ON = dt.date(2026, 11, 16)


@pytest.fixture
def complete(assessment, lead):
    return factories.complete_assessment(assessment, by=lead)


def answer_of(assessment, code):
    answer = assessment.answers.select_related("item").get(item__code=code)
    answer.assessment = assessment
    return answer


def say(assessment, code, lead, at, **words):
    answer = answer_of(assessment, code)
    defaults = {"level": 2, "narrative": "Some of it.", "coverage": "some"}
    return services.save_answer(
        answer=answer, version=answer.version, by=lead, at=at, **(defaults | words)
    )


def whats(found, code="L1"):
    return [gap.what for gap in found if gap.code == code]


def test_gaps_of_a_complete_assessment_are_none(complete):
    assert gaps(complete, ON) == []


def test_gaps_name_every_unassessed_item_with_its_page(assessment):
    found = gaps(assessment, ON)

    assert [gap.code for gap in found] == ["L1", "L2", "L3", "W1", "W2", "W3", "D1", "D2"]
    first = found[0]
    assert first.name == "Short name L1"
    assert first.what == "Choose a level, or say why this is not assessed."
    assert first.url == "/assessments/2026/north-east-london/L1/"


def test_gaps_accept_a_reason_or_an_exemption_for_no_level(assessment, lead, heg, at):
    services.record_not_assessed(
        answer=answer_of(assessment, "L1"), reason="Nobody left.", version=0, by=lead, at=at
    )
    services.exempt_item(answer=answer_of(assessment, "L2"), reason="None here.", by=heg, at=at)

    found = gaps(assessment, ON)

    assert whats(found, "L1") == whats(found, "L2") == []
    assert whats(advice(assessment, ON), "L2") == []


def test_gaps_ask_for_what_was_carried_forward_to_be_looked_at(complete):
    Answer.objects.filter(item__code="L1").update(is_reconfirmed=False)

    assert whats(gaps(complete, ON)) == [
        "Read what you said in the last cycle, then reconfirm it or change it."
    ]


@pytest.mark.parametrize("level", [0, 1, 2, 3, 4])
def test_gaps_ask_for_a_sentence_at_every_level(complete, lead, at, level):
    say(complete, "L1", lead, at, level=level, narrative="")
    factories.observe_change(answer_of(complete, "L1"))

    (what,) = whats(gaps(complete, ON))
    assert what.startswith("Write a sentence")


def test_gaps_ask_for_strong_evidence_from_embedded_upwards(complete):
    answer_of(complete, "L1").citations.all().delete()

    (what,) = whats(gaps(complete, ON))
    assert "strength A or B" in what
    assert whats(advice(complete, ON)) == []


def test_gaps_take_no_withdrawn_or_stale_evidence(complete, at):
    evidence = answer_of(complete, "L1").citations.get().evidence
    evidence.withdrawn_at = at
    evidence.save()
    old = answer_of(complete, "L2").citations.get().evidence
    old.dated_on = dt.date(2025, 5, 15)
    old.save()

    found = gaps(complete, ON)

    assert "at least one" in whats(found, "L1")[0]
    assert "18 months" in whats(found, "L2")[0]


def test_gaps_ask_for_the_measure_at_the_highest_level(complete, lead, at):
    say(complete, "L1", lead, at, level=4)
    assert "Name the measure that shows the change." in whats(gaps(complete, ON))

    factories.observe_change(answer_of(complete, "L1"))

    assert whats(gaps(complete, ON)) == []


def test_advice_names_the_proof_that_lower_levels_would_carry(complete, lead, at):
    answer_of(complete, "L1").citations.all().delete()
    say(complete, "L1", lead, at, level=1, coverage="")

    assert whats(gaps(complete, ON)) == []
    assert whats(advice(complete, ON)) == [
        "Add the minute or the published statement that agrees it.",
        "Add an improvement step with a named lead and a target date.",
    ]

    item = answer_of(complete, "L1").item
    factories.StepFactory(organisation=complete.organisation, item=item)
    minute = {"kind": "minute", "url": "", "minute_reference": "ICB/26/1", "is_published": False}
    factories.cite(answer_of(complete, "L1"), **minute)
    assert whats(advice(complete, ON)) == []


def test_gaps_point_at_personal_data_until_somebody_looked(complete, lead, at):
    saved = say(complete, "L1", lead, at, narrative="Ring 020 7946 0018.")

    (what,) = whats(gaps(complete, ON))
    assert what == (
        "“020 7946 0018” looks like a phone number. "
        "Take it out, or confirm that it is not personal data."
    )

    services.confirm_no_personal_data(answer=saved, by=lead, at=at)
    assert whats(gaps(complete, ON)) == []

    say(complete, "L1", lead, at, narrative="Ring 020 7946 0018 again.")
    assert len(whats(gaps(complete, ON))) == 1


def test_advice_repeats_the_sponsors_question_until_it_is_dealt_with(complete, lead, sponsor, at):
    services.send_for_sign_off(assessment=complete, by=lead, at=at)
    questions = {"L1": "Which trusts?", "L2": "Since when?", "L3": "Who?"}
    services.return_with_questions(assessment=complete, questions=questions, by=sponsor, at=at)
    assert whats(advice(complete, ON)) == [
        "The sponsor asked: “Which trusts?” Reply, or change the answer."
    ]

    later = at + dt.timedelta(hours=1)
    services.reply(answer=answer_of(complete, "L1"), text="All five.", by=lead, at=later)
    say(complete, "L2", lead, later)

    found = advice(complete, ON)
    assert whats(found, "L1") == []
    assert not any("sponsor" in what for what in whats(found, "L2"))
    assert len(whats(found, "L3")) == 1


def test_advice_names_what_was_handed_in(complete, lead, contributor, at):
    answer = answer_of(complete, "L1")
    services.assign_answers(answers=[answer], person=contributor, due_on=None, by=lead, at=at)
    assert whats(advice(complete, ON)) == []

    services.hand_in(assignment=Assignment.objects.get(), note="", by=contributor, at=at)

    assert whats(advice(complete, ON)) == [
        "Hodan Warsame has handed this in. Accept it or return it."
    ]


def test_load_line_is_the_sheets_line(complete):
    line = load_line(answer_of(complete, "W1"))

    assert line.answer.item.code == "W1"
    assert [one.grade for one in map(_facts, line.evidence)] == ["B"]


def _facts(evidence):
    from assessments.queries.sheet import evidence_facts

    return evidence_facts(evidence)


def test_load_sheet_asks_the_same_few_queries_however_much_there_is(
    complete, lead, sponsor, at, django_assert_max_num_queries
):
    with django_assert_max_num_queries(4):
        assert len(load_sheet(complete)) == 8
