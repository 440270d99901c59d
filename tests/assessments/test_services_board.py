"""Asks, outcomes and risks: the services that write them."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from assessments.models import BoardAsk, BoardOutcome, Risk
from assessments.services import (
    AnswersLocked,
    AskDecided,
    AskTabled,
    DecidedTooEarly,
    NotSignedOff,
    StaleAsk,
    StaleOutcome,
    StaleRisk,
    TooManyAsks,
    TooManyRisks,
    WrongKind,
    add_ask,
    add_risk,
    change_ask,
    change_risk,
    move_ask_up,
    record_outcome,
    withdraw_ask,
    withdraw_risk,
)
from portal.models import AuditEvent
from tests import factories

LATER = factories.AT + dt.timedelta(days=20)
OUTCOME = {
    "decided_on": LATER.date(),
    "decision": "agreed",
    "words": "",
    "minute_reference": "ICB/26/114",
}


@pytest.fixture
def ask(assessment, lead):
    return factories.board_ask(assessment, by=lead)


@pytest.fixture
def tabled(ask, assessment, lead, sponsor):
    """The ask, frozen by a sign-off."""
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    return ask


@pytest.fixture
def risk(system, lead):
    return factories.board_risk(system, by=lead)


def verbs():
    """What was done to asks and risks, in order."""
    events = AuditEvent.objects.filter(verb__regex=r"^(ask|risk)\.").order_by("sequence")
    return list(events.values_list("verb", flat=True))


def texts(assessment):
    return [ask.text for ask in assessment.asks.kept().in_order()]


# Asks


def test_asks_stand_in_the_order_they_were_written(assessment, lead, at):
    first = factories.board_ask(assessment, by=lead, text="First", wants="note")
    second = factories.board_ask(assessment, by=lead, text="Second")
    assert [(ask.order, ask.text, ask.wants) for ask in (first, second)] == [
        (1, "First", "note"),
        (2, "Second", "decide"),
    ]
    assert verbs() == ["ask.added", "ask.added"]
    detail = AuditEvent.objects.last().detail
    assert detail == {"cycle": "2026", "version": 1}


def test_sixth_ask_is_refused_until_one_is_withdrawn(assessment, lead, at):
    asks = [factories.board_ask(assessment, by=lead, text=f"Ask {n}") for n in range(5)]
    with pytest.raises(TooManyAsks):
        factories.board_ask(assessment, by=lead)
    withdraw_ask(ask=asks[0], version=1, by=lead, at=at)
    factories.board_ask(assessment, by=lead, text="Ask 5")
    assert texts(assessment) == ["Ask 1", "Ask 2", "Ask 3", "Ask 4", "Ask 5"]


def test_ask_is_changed_and_sent_twice_changes_once(ask, lead, at):
    words = {"text": "Fund the panel for two years.", "wants": "support"}
    for _time in range(2):
        changed = change_ask(ask=ask, version=1, by=lead, at=at, **words)
    assert (changed.version, changed.text, changed.wants) == (2, words["text"], "support")
    assert verbs() == ["ask.added", "ask.changed"]


def test_stale_ask_is_refused_with_what_is_saved(ask, lead, sponsor, at):
    change_ask(ask=ask, version=1, by=sponsor, at=at, text="Theirs", wants="note")
    with pytest.raises(StaleAsk) as stale:
        change_ask(ask=ask, version=1, by=lead, at=at, text="Mine", wants="note")
    assert stale.value.current.text == "Theirs"
    with pytest.raises(StaleAsk):
        withdraw_ask(ask=ask, version=1, by=lead, at=at)


def test_withdrawn_ask_stays_withdrawn(ask, lead, at):
    for _time in range(2):
        withdraw_ask(ask=ask, version=1, by=lead, at=at)
    with pytest.raises(StaleAsk) as stale:
        change_ask(ask=ask, version=2, by=lead, at=at, text=ask.text, wants=ask.wants)
    assert stale.value.current.withdrawn_at == at
    assert verbs() == ["ask.added", "ask.withdrawn"]


def test_ask_moves_up_a_place_at_a_time(assessment, lead, at):
    asks = [factories.board_ask(assessment, by=lead, text=f"Ask {n}") for n in range(3)]
    move_ask_up(ask=asks[2], by=lead, at=at)
    assert texts(assessment) == ["Ask 0", "Ask 2", "Ask 1"]
    move_ask_up(ask=asks[0], by=lead, at=at)
    withdraw_ask(ask=asks[1], version=1, by=lead, at=at)
    move_ask_up(ask=asks[1], by=lead, at=at)
    assert texts(assessment) == ["Ask 0", "Ask 2"]
    assert verbs().count("ask.moved") == 1


def test_asks_are_locked_with_the_answers(tabled, assessment, lead, at):
    for change in (
        lambda: factories.board_ask(assessment, by=lead),
        lambda: change_ask(ask=tabled, version=1, by=lead, at=at, text="New", wants="note"),
        lambda: withdraw_ask(ask=tabled, version=1, by=lead, at=at),
        lambda: move_ask_up(ask=tabled, by=lead, at=at),
    ):
        with pytest.raises(AnswersLocked):
            change()


def test_mid_year_update_asks_nothing(framework, system, lead, at):
    mid_year = factories.open_assessment(
        framework, system, kind="mid_year", slug="mid", name="Mid-year update"
    )
    with pytest.raises(WrongKind):
        factories.board_ask(mid_year, by=lead)


def test_what_was_signed_is_not_reworded_after_reopening(tabled, assessment, lead, at):
    reopened(assessment)
    with pytest.raises(AskTabled):
        change_ask(ask=tabled, version=1, by=lead, at=at, text="New", wants="note")
    withdraw_ask(ask=tabled, version=1, by=lead, at=at)
    assert texts(assessment) == []
    with pytest.raises(NotSignedOff):
        record_outcome(ask=BoardAsk.objects.get(), version=0, by=lead, at=LATER, **OUTCOME)


def test_ask_with_an_outcome_is_not_withdrawn(tabled, assessment, lead, at):
    factories.board_outcome(tabled, by=lead, at=LATER)
    reopened(assessment)
    with pytest.raises(AskDecided):
        withdraw_ask(ask=tabled, version=1, by=lead, at=LATER)


def reopened(assessment):
    type(assessment).objects.filter(pk=assessment.pk).update(
        sent_at=None, sent_by=None, signed_at=None, signed_by=None, signed_off_at=None
    )


@pytest.mark.parametrize("words", [{"order": 1}, {"added_by": None}])
def test_what_nobody_may_set_is_refused(assessment, ask, lead, at, words):
    given = {"text": "Text", "wants": "note"} | words
    with pytest.raises(TypeError, match="not known here"):
        add_ask(assessment=assessment, by=lead, at=at, **given)
    with pytest.raises(TypeError, match="not known here"):
        change_ask(ask=ask, version=1, by=lead, at=at, **given)
    with pytest.raises(TypeError, match="not known here"):
        record_outcome(ask=ask, version=0, by=lead, at=at, **OUTCOME, **words)
    with pytest.raises(TypeError, match="not known here"):
        add_risk(organisation=assessment.organisation, by=lead, at=at, what="x", **words)
    with pytest.raises(TypeError, match="not known here"):
        change_risk(risk=Risk(), version=1, by=lead, at=at, what="x", **words)


# Outcomes


def test_outcome_is_recorded_and_audited_without_its_words(tabled, lead):
    outcome = factories.board_outcome(tabled, by=lead, at=LATER, words="On these terms")
    assert (outcome.number, outcome.recorded_by, outcome.recorded_at) == (1, lead, LATER)
    event = AuditEvent.objects.last()
    assert event.verb == "outcome.recorded"
    assert event.detail == {"cycle": "2026", "version": 1, "number": 1, "decision": "agreed"}


def test_correction_is_one_more_row_and_counts(tabled, lead, sponsor):
    factories.board_outcome(tabled, by=lead, at=LATER, decision="deferred")
    assert list(BoardAsk.objects.undecided()) == [tabled]
    factories.board_outcome(tabled, by=sponsor, at=LATER, decision="changed")
    assert list(BoardAsk.objects.undecided()) == []
    found = BoardOutcome.objects.order_by("number").values_list("number", "decision")
    assert list(found) == [(1, "deferred"), (2, "changed")]


def test_second_person_is_shown_what_the_first_recorded(tabled, lead, sponsor):
    theirs = factories.board_outcome(tabled, by=sponsor, at=LATER)
    with pytest.raises(StaleOutcome) as stale:
        record_outcome(ask=tabled, version=0, by=lead, at=LATER, **OUTCOME)
    assert stale.value.current == theirs


def test_outcome_sent_twice_is_recorded_once(tabled, lead):
    for _time in range(2):
        record_outcome(ask=tabled, version=0, by=lead, at=LATER, **OUTCOME)
    assert BoardOutcome.objects.count() == 1


def test_board_cannot_decide_before_sign_off(tabled, ask, lead, at):
    words = OUTCOME | {"decided_on": at.date() - dt.timedelta(days=1)}
    with pytest.raises(DecidedTooEarly):
        record_outcome(ask=tabled, version=0, by=lead, at=LATER, **words)


def test_draft_ask_has_no_outcome(ask, lead, at):
    with pytest.raises(NotSignedOff):
        record_outcome(ask=ask, version=0, by=lead, at=LATER, **OUTCOME)


@pytest.mark.postgresql
def test_outcomes_cannot_be_changed_or_taken_away(tabled, lead, guards_on):
    outcome = factories.board_outcome(tabled, by=lead, at=LATER)
    rows = BoardOutcome.objects.filter(pk=outcome.pk)
    for change in (lambda: rows.update(words="Other"), rows.delete):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()


# Risks


def test_risk_is_added_changed_and_withdrawn_once_each(system, risk, lead, at):
    words = {"what": "New", "board_assurance_reference": "", "response": "", "owner": ""}
    for _time in range(2):
        changed = change_risk(risk=risk, version=1, by=lead, at=at, **words)
    assert (changed.version, changed.what) == (2, "New")
    for _time in range(2):
        withdraw_risk(risk=risk, version=2, by=lead, at=at)
    assert not system.risks.kept().exists()
    assert verbs() == ["risk.added", "risk.changed", "risk.withdrawn"]
    assert AuditEvent.objects.last().detail == {"version": 3}


def test_stale_risk_is_refused_with_what_is_saved(risk, lead, sponsor, at):
    change_risk(risk=risk, version=1, by=sponsor, at=at, what="Theirs")
    with pytest.raises(StaleRisk) as stale:
        change_risk(risk=risk, version=1, by=lead, at=at, what="Mine")
    assert stale.value.current.what == "Theirs"
    with pytest.raises(StaleRisk):
        withdraw_risk(risk=risk, version=1, by=lead, at=at)
    withdraw_risk(risk=risk, version=2, by=lead, at=at)
    with pytest.raises(StaleRisk):
        change_risk(risk=risk, version=3, by=lead, at=at, what="Theirs")


def test_eleventh_risk_is_refused(system, lead, at):
    for number in range(10):
        factories.board_risk(system, by=lead, what=f"Risk {number}")
    with pytest.raises(TooManyRisks):
        factories.board_risk(system, by=lead)


def test_rows_say_what_they_are(tabled, risk, lead):
    outcome = factories.board_outcome(tabled, by=lead, at=LATER)
    assert str(tabled) == "Fund the community panel for three years."
    assert str(outcome) == "Agreed: Fund the community panel for three years."
    assert str(risk) == "Ethnicity is not recorded well enough to see who is left out."
