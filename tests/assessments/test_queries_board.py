"""What the Board was asked and what became of it: open asks, and what a snapshot keeps."""

import datetime as dt

import pytest

from assessments.models import Assessment, BoardAsk, Risk
from assessments.queries import asking_assessments, asks_of, open_asks, risks_of
from assessments.queries.board import asks_document, previous_asks_document, risks_document
from assessments.services import withdraw_ask, withdraw_risk
from tests import factories
from tests.factories import london

MET = london(2026, 12, 9)
NEXT_YEAR = london(2027, 11, 15)


@pytest.fixture
def asks(assessment, lead, sponsor):
    """Three asks, signed off: agreed, deferred, and one without an outcome."""
    made = [
        factories.board_ask(assessment, by=lead, text=text, wants=wants)
        for text, wants in (("Fund the panel.", "decide"), ("Set a pay target.", "decide"),
                            ("Note the gaps.", "note"))
    ]  # fmt: skip
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    factories.board_outcome(made[0], by=lead, at=MET, words="For three years")
    factories.board_outcome(made[1], by=lead, at=MET, decision="deferred")
    return made


def next_assessment(framework, system, year=2027):
    return factories.open_assessment(
        framework,
        system,
        slug=str(year),
        name=f"Self-assessment {year}",
        opens_at=london(year, 10, 5),
        due_at=london(year, 12, 15, 23, 59),
        closes_at=london(year + 1, 1, 15, 23, 59),
        last_release_at=london(year + 1, 3, 31),
    )


def texts(rows):
    return [row.ask.text for row in rows]


def test_rows_show_the_newest_outcome_and_those_before(asks, assessment, lead):
    factories.board_outcome(asks[1], by=lead, at=MET, decision="not_agreed")
    rows = asks_of(assessment)
    assert texts(rows) == ["Fund the panel.", "Set a pay target.", "Note the gaps."]
    assert [row.outcome and row.outcome.decision for row in rows] == ["agreed", "not_agreed", None]
    assert [one.decision for one in rows[1].earlier] == ["deferred"]
    assert [row.is_open for row in rows] == [False, False, True]


def test_asks_are_read_in_two_queries(asks, assessment, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert len(asks_of(assessment)) == 3


def test_open_asks_are_what_a_board_saw_and_has_not_decided(asks, assessment, system):
    assert texts(open_asks([system.pk])) == ["Set a pay target.", "Note the gaps."]
    assert open_asks([system.pk], but=assessment) == []
    assert open_asks([]) == []


def test_draft_asks_are_not_open_yet(assessment, lead, system):
    factories.board_ask(assessment, by=lead)
    assert open_asks([system.pk]) == []


def test_drafts_are_seen_by_lead_and_sponsor_what_is_signed_by_the_whole_organisation(
    assessment, lead, sponsor, system
):
    ask = factories.board_ask(assessment, by=lead)
    people = {role: factories.user_with(role, system) for role in ("board", "secretary")}
    people |= {"contributor": factories.user_with("contributor", system), "sponsor": sponsor}
    outside = [factories.user_with("community", system), factories.user_with("heg")]
    outside.append(factories.user_with("lead", factories.organisation("south-east-london")))

    def seeing(rows):
        return {role for role, person in people.items() if rows.visible_to(person).exists()}

    assert seeing(BoardAsk.objects) == {"sponsor"}
    assert [list(asking_assessments(person)) for person in people.values()] == [
        [],
        [],
        [],
        [assessment],
    ]
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    assert seeing(BoardAsk.objects) == set(people)
    assert not any(BoardAsk.objects.visible_to(person).exists() for person in outside)
    assert [list(asking_assessments(person)) for person in people.values()] == [[assessment]] * 4
    assert BoardAsk.objects.visible_to(lead).get() == ask


def test_risks_are_seen_by_lead_and_sponsor_alone(system, lead, sponsor, contributor):
    risk = factories.board_risk(system, by=lead)
    assert list(Risk.objects.visible_to(sponsor)) == [risk]
    assert not Risk.objects.visible_to(contributor).exists()


def test_risks_of_the_assurance_framework_come_first(system, lead, at):
    for what, reference in (("C", ""), ("B", "BAF 7"), ("A", "BAF 3")):
        factories.board_risk(system, by=lead, what=what, board_assurance_reference=reference)
    gone = factories.board_risk(system, by=lead, what="D")
    withdraw_risk(risk=gone, version=1, by=lead, at=at)
    assert [risk.what for risk in risks_of(system)] == ["A", "B", "C"]
    assert risks_document(system)[0] == {
        "key": str(Risk.objects.get(what="A").key),
        "what": "A",
        "board_assurance_reference": "BAF 3",
        "response": "Recording is a standing item of the data board.",
        "owner": "Chief Information Officer",
    }


def test_document_keeps_the_asks_in_order(assessment, lead, at):
    first = factories.board_ask(assessment, by=lead, text="First", wants="assure")
    gone = factories.board_ask(assessment, by=lead, text="Gone")
    withdraw_ask(ask=gone, version=1, by=lead, at=at)
    assert asks_document(assessment) == [
        {"key": str(first.key), "text": "First", "wants": "assure", "wants_name": "Be assured"}
    ]


def test_first_cycle_has_no_earlier_asks(assessment):
    assert previous_asks_document(assessment) == []


def test_next_paper_says_what_became_of_the_asks(asks, framework, system):
    found = previous_asks_document(next_assessment(framework, system))
    assert [(row["text"], row["cycle_name"]) for row in found] == [
        ("Fund the panel.", "Self-assessment 2026"),
        ("Set a pay target.", "Self-assessment 2026"),
        ("Note the gaps.", "Self-assessment 2026"),
    ]
    assert found[0]["cycle_slug"] == "2026"
    assert found[0]["outcome"] == {
        "decided_on": "2026-12-09",
        "decision": "agreed",
        "decision_name": "Agreed",
        "words": "For three years",
        "minute_reference": "ICB/26/114",
    }
    assert found[1]["outcome"]["decision"] == "deferred"
    assert found[2]["outcome"] is None


def test_older_asks_follow_until_a_paper_has_said_what_became_of_them(
    asks, framework, system, lead, sponsor
):
    second = next_assessment(framework, system)
    factories.board_ask(second, by=lead, at=NEXT_YEAR, text="Renew the plan.")
    factories.signed_off(second, lead=lead, sponsor=sponsor, at=NEXT_YEAR)
    factories.board_outcome(asks[1], by=lead, at=NEXT_YEAR + dt.timedelta(days=20))
    third = next_assessment(framework, system, 2028)
    found = [row["text"] for row in previous_asks_document(third)]
    assert found == ["Set a pay target.", "Note the gaps.", "Renew the plan."]


def test_sign_off_freezes_asks_and_risks(assessment, lead, sponsor, system):
    factories.board_ask(assessment, by=lead)
    factories.board_risk(system, by=lead)
    snapshot = factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    assert "Fund the community panel for three years." in snapshot.document
    assert "Ethnicity is not recorded well enough" in snapshot.document
    assert Assessment.objects.get().asks.tabled().count() == 1
