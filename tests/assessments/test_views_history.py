"""The history of an answer."""

from __future__ import annotations

from typing import Any

import pytest

from assessments import services
from assessments.models import Answer
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/assessments/2026/north-east-london/L1/history/"


def test_history_of_an_untouched_answer_says_so(
    assessment: Any, lead: Any, browser_of: Any
) -> None:
    assert "Nothing has been saved yet." in browser_of(lead).get(URL).content.decode()


def test_history_tells_who_changed_what_newest_first(
    assessment: Any, lead: Any, sponsor: Any, browser_of: Any
) -> None:
    def save(version: int, by: Any, **words: Any) -> None:
        answer = Answer.objects.get(assessment=assessment, item__code="L1")
        said = {"level": 1, "narrative": "One.", "coverage": ""} | words
        services.save_answer(answer=answer, version=version, by=by, at=factories.AT, **said)

    save(0, lead)
    with pytest.raises(services.StaleAnswer):
        save(0, sponsor, narrative="Lost?")
    save(1, sponsor, level=2, coverage="some", narrative="Two.")
    services.record_not_assessed(
        answer=Answer.objects.get(assessment=assessment, item__code="L1"),
        reason="Later.",
        version=2,
        by=lead,
        at=factories.AT,
    )
    answer = Answer.objects.get(assessment=assessment, item__code="L1")
    services.reconfirm_answer(answer=answer, version=3, by=lead, at=factories.AT)
    text = browser_of(lead).get(URL).content.decode()
    order = [
        "Reconfirmed, version 4",
        "Nothing changed",
        "Not assessed",
        "Changed: level, coverage and narrative",
        "Under way</strong>, some of the system",
        "Not saved, because somebody else had saved first",
        "Lost?",
        "Saved, version 1",
    ]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "Changed: narrative" in text


def test_history_is_not_found_by_those_who_may_not_read(
    assessment: Any, heg: Any, contributor: Any, browser_of: Any
) -> None:
    for person in (heg, contributor):
        assert browser_of(person).get(URL).status_code == 404
