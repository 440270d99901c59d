"""How rows name themselves, in logs and in the administrator's pages."""

import pytest

from assessments import services
from assessments.models import CadenceRule, Cycle
from tests import factories

pytestmark = pytest.mark.django_db


def test_rows_of_a_signed_off_assessment_name_themselves(
    assessment, lead, sponsor, contributor, at
):
    answers = list(assessment.answers.filter(item__code="L1"))
    services.assign_answers(answers=answers, person=contributor, due_on=None, by=lead, at=at)
    services.ask(answer=answers[0], text="Which trusts?", by=lead, at=at)
    services.keep_working_text(
        answer=answers[0], user=lead, base_version=0, sequence=1, level="", coverage="",
        narrative="Half a thought", at=at,
    )  # fmt: skip
    answer = answers[0]
    assert str(answer).startswith("L1, ")
    assert str(answer.assignment).endswith(f"to {contributor}")
    assert str(answer.comments.get()).startswith(str(lead))
    assert str(answer.working_texts.get()).startswith(str(lead))
    snapshot = factories.signed_off(assessment, lead=lead, sponsor=sponsor, levels={"L2": 4})
    changed = assessment.answers.get(item__code="L2").observed_change
    assert str(changed) == changed.measure
    assert str(answer.revisions.get()).endswith("v1")
    assert str(snapshot).endswith("version 1")
    given = services.release(snapshot=snapshot, cause="sponsor", by=sponsor, at=at)
    assert str(given).endswith("released")
    assert str(snapshot.items.get(code="L1")).startswith("L1 of")
    assert str(snapshot.sections.get(section_code="L")).startswith("L of")


def test_exemption_names_itself(assessment, heg, at):
    answer = assessment.answers.get(item__code="L1")
    exempted = services.exempt_item(answer=answer, reason="No such service", by=heg, at=at)
    assert str(exempted).endswith("does not apply")


def test_cadence_rule_is_called_by_its_kind():
    assert str(CadenceRule(kind=Cycle.Kind.FULL)) == "Full self-assessment"
