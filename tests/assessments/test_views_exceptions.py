"""What stands out on the sponsor's page, and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from assessments import services
from assessments.models import Answer, Evidence
from assessments.views.exceptions import SponsorPage, sponsor_page
from tests import factories

pytestmark = pytest.mark.django_db

ON = dt.date(2026, 11, 16)


def rows(page: SponsorPage, title: str) -> dict[str, str]:
    group = next(group for group in page.groups if group.title == title)
    return {row.code: row.why for row in group.rows}


def answer_to(assessment: Any, code: str) -> Answer:
    return Answer.objects.select_related("item", "assessment__organisation").get(
        assessment=assessment, item__code=code
    )


def save(assessment: Any, code: str, level: int, by: Any) -> Answer:
    answer = answer_to(assessment, code)
    return services.save_answer(
        answer=answer,
        level=level,
        narrative="Words.",
        version=answer.version,
        by=by,
        at=factories.AT,
    )


def test_falls_are_counted_against_the_last_snapshot(
    framework: Any, system: Any, lead: Any, sponsor: Any
) -> None:
    before = factories.open_assessment(
        framework,
        slug="2025",
        name="Round 2025",
        opens_at=factories.london(2025, 10, 6),
        due_at=factories.london(2025, 12, 15),
        closes_at=factories.london(2026, 1, 15),
        last_release_at=factories.london(2026, 3, 31),
    )
    then = factories.london(2025, 11, 1)
    factories.signed_off(before, lead=lead, sponsor=sponsor, at=then, levels={"L2": 1})
    assessment = factories.open_assessment(framework)
    for code, level in (("L1", 2), ("L2", 2), ("L3", 3)):
        save(assessment, code, level, lead)
    services.record_not_assessed(
        answer=answer_to(assessment, "W1"), reason="Later.", version=1, by=lead, at=factories.AT
    )
    page = sponsor_page(assessment, sponsor, ON)
    falls = rows(page, "Lower than in the last cycle")
    assert falls == {"L1": "Embedded in the last cycle, Under way now"}


def test_nothing_falls_in_a_first_cycle(assessment: Any, lead: Any, sponsor: Any) -> None:
    save(assessment, "L1", 0, lead)
    page = sponsor_page(assessment, sponsor, ON)
    assert rows(page, "Lower than in the last cycle") == {}


def test_lowest_leaves_out_what_does_not_apply(
    assessment: Any, lead: Any, heg: Any, sponsor: Any
) -> None:
    save(assessment, "L1", 0, lead)
    save(assessment, "L2", 1, lead)
    services.exempt_item(
        answer=answer_to(assessment, "L1"), reason="Wound up.", by=heg, at=factories.AT
    )
    page = sponsor_page(assessment, sponsor, ON)
    assert rows(page, "Where least is done") == {"L2": "Committed"}
    missing = rows(page, "Not assessed or not applicable")
    assert missing["L1"] == "Not applicable: Wound up."
    assert missing["W1"] == "Not assessed: no reason given"


def test_weak_evidence_is_named_for_claims_of_under_way_or_better(
    assessment: Any, lead: Any, heg: Any, sponsor: Any
) -> None:
    for code in ("L2", "L3", "W1", "W2", "W3"):
        save(assessment, code, 2, lead)
    save(assessment, "L1", 1, lead)
    factories.cite(answer_to(assessment, "L3"), is_published=False)
    factories.cite(answer_to(assessment, "W1"), dated_on=dt.date(2024, 1, 1))
    factories.cite(answer_to(assessment, "W2"))
    services.exempt_item(
        answer=answer_to(assessment, "W3"), reason="Wound up.", by=heg, at=factories.AT
    )
    assert Evidence.objects.count() == 3
    weak = rows(sponsor_page(assessment, sponsor, ON), "Claims with weak evidence")
    assert weak == {
        "L2": "No evidence",
        "L3": "Statements only (strength D)",
        "W1": "All its evidence is more than 18 months old",
    }


def test_loose_steps_say_what_they_lack(assessment: Any, sponsor: Any) -> None:
    item = answer_to(assessment, "L1").item
    place = assessment.organisation
    factories.StepFactory(organisation=place, item=item, what="Publish", owner="", resource="")
    factories.StepFactory(
        organisation=place, item=answer_to(assessment, "L2").item, what="Ask", due_on=None
    )
    done = {"what": "Done", "owner": "", "status": "done"}
    factories.StepFactory(organisation=place, item=answer_to(assessment, "L3").item, **done)
    factories.StepFactory(organisation=place, item=answer_to(assessment, "W1").item)
    loose = rows(
        sponsor_page(assessment, sponsor, ON), "Steps without an owner, a date or a resource"
    )
    assert loose == {
        "L1": "“Publish” has no owner and no money or time behind it",
        "L2": "“Ask” has no date",
    }


def test_own_answers_are_the_reader_s(assessment: Any, lead: Any, sponsor: Any) -> None:
    save(assessment, "L1", 1, lead)
    save(assessment, "L2", 1, sponsor)
    assert [row.code for row in sponsor_page(assessment, sponsor, ON).own] == ["L2"]
