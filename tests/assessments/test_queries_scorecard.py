"""The draft's figures come from the pure rules, enablers beside the actions."""

from assessments import services
from assessments.queries import scorecard
from tests import factories


def test_scorecard_rolls_up_sections_actions_and_considerations(assessment, lead, heg, at):
    levels = {"L1": 0, "L2": 2, "L3": 3, "W1": 4, "W2": 4, "D1": 1, "D2": 2}
    factories.complete_assessment(assessment, by=lead, levels=levels)
    exempt = assessment.answers.select_related("item").get(item__code="W3")
    services.exempt_item(answer=exempt, reason="None here.", by=heg, at=at)

    card = scorecard(assessment)

    assert [(one.section.code, one.roll_up.typical) for one in card.sections] == [
        ("L", 2),
        ("W", 4),
        ("D", 1),
    ]
    assert card.sections[0].roll_up.lowest_codes == ("L1",)
    assert card.actions.profile.counts == (1, 0, 1, 1, 2)
    assert card.actions.profile.not_applicable == 1
    assert card.considerations.profile.counts == (0, 1, 1, 0, 0)


def test_scorecard_of_nothing_answered_has_no_firm_level(assessment):
    card = scorecard(assessment)

    assert card.actions.typical is None
    assert card.actions.completeness == "0 of 6"
