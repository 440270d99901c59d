"""The answer form and its companions: what they take, what they refuse and in which words."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.forms import answers as f

LEVELS = [(n, f"Level {n}") for n in range(5)]
GOOD = {"level": "2", "narrative": "In two trusts.", "version": "3"}


def form(**changes: Any) -> f.AnswerForm:
    data = {name: value for name, value in (GOOD | changes).items() if value is not None}
    return f.AnswerForm(data, levels=LEVELS)


def test_answer_form_takes_level_narrative_and_version_alone() -> None:
    filled = form()
    assert filled.is_valid()
    assert filled.cleaned_data["level"] == 2
    assert filled.cleaned_data["version"] == 3
    assert filled.coverage_given is None


def test_answer_form_says_which_coverage_was_given() -> None:
    chosen, emptied = form(coverage="some"), form(coverage="")
    assert chosen.is_valid()
    assert emptied.is_valid()
    assert (chosen.coverage_given, emptied.coverage_given) == ("some", "")


@pytest.mark.parametrize("level", ["", "5", "-1", "2.0", "two", "٢", "99999999999999999999"])
def test_answer_form_refuses_what_is_no_level(level: str) -> None:
    filled = form(level=level)
    assert filled.errors["level"] == ["Select how far this action has got"]


def test_answer_form_calls_a_consideration_by_its_name() -> None:
    filled = f.AnswerForm(GOOD | {"level": ""}, levels=LEVELS, noun="consideration")
    assert filled.errors["level"] == ["Select how far this consideration has got"]
    assert filled.fields["level"].label == "How far has this consideration got?"


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u200d", "\r\n\r\n", "\u3164"])
def test_answer_form_refuses_a_narrative_nobody_can_see(text: str) -> None:
    assert form(narrative=text).errors["narrative"] == [f.NARRATIVE_MISSING]


def test_answer_form_counts_a_line_break_once() -> None:
    lines = "\r\n".join(["a" * 99] * 100)
    assert form(narrative=lines).is_valid()
    too_long = form(narrative=lines + "\r\nbb")
    assert too_long.errors["narrative"] == [f.NARRATIVE_TOO_LONG]


def test_answer_form_cleans_control_characters_from_word() -> None:
    filled = form(narrative="One\x0btwo\x00\x07three")
    assert filled.is_valid()
    assert filled.cleaned_data["narrative"] == "One\ntwothree"


def test_answer_form_refuses_a_coverage_that_does_not_exist() -> None:
    assert form(coverage="everywhere").errors["coverage"] == [f.COVERAGE_UNKNOWN]


@pytest.mark.parametrize("version", [None, "", "-1", "x", "9" * 30])
def test_answer_form_refuses_a_version_that_is_none(version: str | None) -> None:
    (message,) = form(version=version).errors["version"]
    assert "version" in message


def test_answer_form_never_holds_up_a_draft() -> None:
    draft = form(level=None, narrative="", action=f.LATER)
    assert draft.is_valid()
    assert draft.cleaned_data["level"] is None


def test_answer_form_refuses_invisible_text_in_a_draft_too() -> None:
    assert form(narrative="\u200b", action=f.LATER).errors["narrative"] == [f.NARRATIVE_MISSING]


def test_answer_form_ignores_forged_fields() -> None:
    filled = form(is_reconfirmed="1", item="4", assessment="9")
    assert filled.is_valid()
    assert set(filled.cleaned_data) == {"level", "coverage", "narrative", "version"}


def test_working_form_takes_what_a_page_sends() -> None:
    typed = f.WorkingForm({"level": "2", "narrative": " half a ", "version": "1", "sequence": 5})
    assert typed.is_valid()
    assert typed.cleaned_data == {
        "level": "2",
        "coverage": "",
        "narrative": "half a",
        "base_version": 1,
        "sequence": 5,
    }


def test_working_form_drops_a_level_and_a_coverage_that_do_not_exist() -> None:
    typed = f.WorkingForm({"level": "7", "coverage": "x", "base_version": 0, "sequence": 1})
    assert typed.is_valid()
    assert typed.cleaned_data["level"] == typed.cleaned_data["coverage"] == ""


def test_working_form_keeps_words_longer_than_an_answer_but_not_without_end() -> None:
    words = {"base_version": 0, "sequence": 1, "coverage": "all"}
    assert f.WorkingForm(words | {"narrative": "a" * 12_000}).is_valid()
    assert not f.WorkingForm(words | {"narrative": "a" * 50_001}).is_valid()


def test_not_assessed_form_wants_a_reason_of_at_most_300_characters() -> None:
    assert f.NotAssessedForm({"version": 1}).errors["reason"] == ["Enter why this is not assessed"]
    long = f.NotAssessedForm({"reason": "a" * 301, "version": 1})
    assert long.errors["reason"] == ["The reason must be 300 characters or fewer"]
