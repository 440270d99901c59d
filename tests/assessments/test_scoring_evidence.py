"""Evidence: strength from ticks, age in months, and what is missing for sign-off at each level."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import (
    GRADE_OF_TICK,
    EvidenceFacts,
    MeasureFacts,
    StepFacts,
    evidence_strength,
    grade_counts,
    is_stale,
    missing_evidence,
)

ON = date(2027, 3, 31)
PUBLISHED = EvidenceFacts(frozenset({"published"}), date(2026, 9, 1))
STATEMENT = EvidenceFacts(frozenset())
STEP = StepFacts("Chief People Officer", date(2027, 9, 1))
MEASURE = MeasureFacts(
    name="Uptake of the health check, Bangladeshi residents",
    baseline=Decimal("41.0"),
    baseline_on=date(2026, 3, 1),
    latest=Decimal("52.5"),
    latest_on=date(2027, 3, 1),
    change_code="E-S2",
)
COMPLETE = {
    "on": ON,
    "narrative": "It is in place in two boroughs.",
    "coverage": "some",
    "evidence": [PUBLISHED],
    "steps": [STEP],
    "measure": MEASURE,
}


@pytest.mark.parametrize(
    ("ticks", "grade"),
    [
        ({"independent"}, "A"),
        ({"external"}, "A"),
        ({"community_led", "internal"}, "A"),
        ({"published", "internal"}, "B"),
        ({"board_minuted"}, "B"),
        ({"internal"}, "C"),
        (set(), "D"),
    ],
)
def test_evidence_strength_is_the_strongest_tick(ticks, grade):
    assert evidence_strength(ticks) == grade
    assert EvidenceFacts(frozenset(ticks)).grade == grade


def test_evidence_strength_unknown_tick():
    with pytest.raises(KeyError):
        evidence_strength({"hearsay"})


@given(st.sets(st.sampled_from(sorted(GRADE_OF_TICK))), st.sampled_from(sorted(GRADE_OF_TICK)))
def test_evidence_strength_never_weakens_with_a_tick(ticks, tick):
    assert evidence_strength(ticks | {tick}) <= evidence_strength(ticks)


def test_grade_counts_names_every_grade():
    assert grade_counts(["B", "D", "B"]) == {"A": 0, "B": 2, "C": 0, "D": 1}


@pytest.mark.parametrize(
    ("dated_on", "at", "stale"),
    [
        (date(2025, 9, 30), date(2027, 3, 30), False),
        (date(2025, 9, 30), date(2027, 3, 31), True),
        (date(2025, 10, 1), date(2027, 3, 31), False),
        (date(2025, 8, 31), date(2027, 2, 28), False),
        (date(2025, 8, 31), date(2027, 3, 1), True),
        (date(2024, 1, 1), date(2027, 3, 1), True),
        (date(2028, 1, 1), date(2027, 3, 1), False),
        (None, date(2027, 3, 1), True),
    ],
)
def test_is_stale_after_eighteen_months(dated_on, at, stale):
    assert is_stale(dated_on, at) is stale


@pytest.mark.parametrize("level", [None, 0, 1, 2, 3, 4])
def test_missing_evidence_nothing_when_complete(level):
    assert missing_evidence(level, **COMPLETE) == []


@pytest.mark.parametrize(
    ("level", "sentences"),
    [
        (0, ["Write a sentence saying that nothing has been agreed or done yet."]),
        (
            1,
            [
                "Write a sentence saying what has been agreed.",
                "Add the minute or the published statement that agrees it.",
                "Add an improvement step with a named lead and a target date.",
            ],
        ),
        (
            2,
            [
                "Write a sentence saying what is delivered, and where it is not yet.",
                "Say how much of the system this covers.",
                "Add evidence of what is delivered, such as a plan, a budget or a post.",
            ],
        ),
        (
            3,
            [
                "Write a sentence saying what is normal practice, and for which communities.",
                "Say how much of the system this covers.",
                "Add at least one piece of evidence of strength A or B: "
                "independent, community-led, published or Board-minuted.",
            ],
        ),
        (
            4,
            [
                "Write a sentence saying what has changed, and how it is linked.",
                "Say how much of the system this covers.",
                "Add at least one piece of evidence of strength A or B: "
                "independent, community-led, published or Board-minuted.",
                "Name the measure that shows the change.",
                "Give the measure’s baseline figure.",
                "Give the date of the baseline figure.",
                "Give the measure’s later figure.",
                "Give the date of the later figure.",
                "Choose the short-term change the measure shows.",
            ],
        ),
    ],
)
def test_missing_evidence_of_an_empty_answer(level, sentences):
    assert missing_evidence(level, on=ON, narrative=" \n") == sentences


def test_missing_evidence_not_assessed_needs_none():
    assert missing_evidence(None, on=ON) == []


def test_missing_evidence_refuses_what_is_no_level():
    with pytest.raises(ValueError, match="is not a level"):
        missing_evidence(5, on=ON)


@pytest.mark.parametrize(
    ("evidence", "enough"),
    [
        (STATEMENT, False),
        (replace(STATEMENT, referenced=True), True),
        (EvidenceFacts(frozenset({"internal"})), False),
        (EvidenceFacts(frozenset({"board_minuted"})), True),
    ],
)
def test_missing_evidence_committed_needs_a_minute_or_statement(evidence, enough):
    missing = missing_evidence(1, **{**COMPLETE, "evidence": [evidence]})
    assert (missing == []) is enough


@pytest.mark.parametrize("step", [replace(STEP, owner=" "), replace(STEP, due_on=None)])
def test_missing_evidence_committed_needs_lead_and_date_on_one_step(step):
    missing = missing_evidence(1, **{**COMPLETE, "steps": [step]})
    assert missing == ["Add an improvement step with a named lead and a target date."]


def test_missing_evidence_under_way_takes_a_statement():
    assert missing_evidence(2, **{**COMPLETE, "evidence": [STATEMENT]}) == []


@pytest.mark.parametrize("level", [3, 4])
@pytest.mark.parametrize("dated_on", [date(2025, 9, 1), None])
def test_missing_evidence_embedded_needs_recent_proof(level, dated_on):
    old, fresh_but_weak = replace(PUBLISHED, dated_on=dated_on), replace(STATEMENT, dated_on=ON)
    missing = missing_evidence(level, **{**COMPLETE, "evidence": [old, fresh_but_weak]})
    assert missing == [
        "Add evidence of strength A or B that is dated and no more than 18 months old."
    ]
    assert missing_evidence(level, **{**COMPLETE, "evidence": [old, PUBLISHED]}) == []


@pytest.mark.parametrize(
    ("measure", "sentence"),
    [
        (
            replace(MEASURE, latest_on=MEASURE.baseline_on),
            "The later figure’s date must be after the baseline’s date.",
        ),
        (
            replace(MEASURE, latest_on=date(2027, 4, 1)),
            "The later figure’s date must not be in the future.",
        ),
        (
            replace(MEASURE, latest=Decimal("41")),
            "The later figure is the same as the baseline, so it shows no change.",
        ),
        (replace(MEASURE, name=" "), "Name the measure that shows the change."),
    ],
)
def test_missing_evidence_measure_that_shows_no_change(measure, sentence):
    assert missing_evidence(4, **{**COMPLETE, "measure": measure}) == [sentence]


def test_missing_evidence_a_figure_of_nought_is_a_figure():
    measure = replace(MEASURE, baseline=Decimal(0))
    assert missing_evidence(4, **{**COMPLETE, "measure": measure}) == []
