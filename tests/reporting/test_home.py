"""Home: what each person does next."""

import datetime as dt

import pytest
import time_machine

from assessments import services
from reporting.models import Report
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def now(at):
    with time_machine.travel(at, tick=False):
        yield


def page(client, user=None):
    if user:
        client.force_login(user)
    answer = client.get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_start_page_is_public(client):
    assert "Sign in" in page(client)


def test_lead_continues_the_assessment(client, lead, assessment):
    shown = page(client, lead)
    assert "Continue the assessment" in shown
    assert "0 of 8" in shown
    assert "15 December 2026" in shown


def test_lead_checks_a_complete_assessment_and_sees_that_it_is_late(client, lead, assessment):
    factories.complete_assessment(assessment, by=lead)
    with time_machine.travel(factories.london(2026, 12, 20), tick=False):
        shown = page(client, lead)
    assert "Check the answers" in shown
    assert "Late" in shown


def test_lead_sees_what_was_sent_and_the_sponsor_signs(client, lead, sponsor, assessment, at):
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)

    assert "See what was sent" in page(client, lead)
    assert "Review and sign off" in page(client, sponsor)


def test_lead_reads_the_papers_once_signed_off(client, lead, sponsor, assessment):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    assert "Read the papers" in page(client, lead)


def test_contributor_sees_how_much_is_asked_and_by_when(client, contributor, lead, assessment, at):
    answers = list(assessment.answers.filter(item__code__in=("L1", "L2")))
    services.assign_answers(
        answers=answers, person=contributor, due_on=dt.date(2026, 12, 1), by=lead, at=at
    )
    shown = page(client, contributor)
    assert "2 actions or considerations to answer, the first by 1 December 2026" in shown


def test_contributor_without_a_date_sees_none(client, contributor, lead, assessment, at):
    answers = list(assessment.answers.filter(item__code="L1"))
    services.assign_answers(answers=answers, person=contributor, due_on=None, by=lead, at=at)
    assert "1 action or consideration to answer." in page(client, contributor)


def test_heg_sees_who_is_where(client, heg, assessment):
    shown = page(client, heg)
    assert "North East London" in shown
    assert "In draft" in shown
    assert "Continue the assessment" not in shown


def test_heg_is_told_to_open_the_first_cycle(client, heg):
    assert "No cycle has opened yet" in page(client, heg)


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("community", "nothing to rate"),
        ("board", "nothing for you to do"),
    ],
)
def test_others_are_told_what_there_is(client, system, role, words):
    assert words in page(client, factories.user_with(role, system))


def test_administrator_finds_the_tools(client):
    heg = factories.organisation("health-equity-group", kind="heg")
    shown = page(client, factories.user_with("admin", heg))
    assert "/admin/" in shown
    assert "/healthz" in shown


def test_person_without_a_role_is_told_whom_to_ask(client, db):
    assert "You hold no role at present" in page(client, factories.UserFactory())


@pytest.mark.parametrize("role", ["lead", "sponsor", "secretary", "board"])
def test_open_asks_stand_on_home(client, assessment, lead, sponsor, system, role):
    ask = factories.board_ask(assessment, by=lead)
    reader = factories.user_with(role, system)
    assert "Open asks of the Board" not in page(client, reader)
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    shown = page(client, reader)
    assert "Decide: <bdi>Fund the community panel for three years.</bdi>" in shown
    assert "No outcome is recorded yet" in shown
    assert ("record what it said" in shown) == (role != "board")
    met = factories.AT + dt.timedelta(days=20)
    factories.board_outcome(ask, by=lead, at=met, decision="deferred", words="Until May")
    assert "Deferred on 6 December 2026" in page(client, reader)
    factories.board_outcome(ask, by=lead, at=met)
    assert "Open asks of the Board" not in page(client, reader)


def test_contributor_and_others_see_no_asks(client, assessment, lead, sponsor, contributor, heg):
    factories.board_ask(assessment, by=lead)
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    for person in (contributor, heg):
        assert "Open asks of the Board" not in page(client, person)


def test_home_lists_the_newest_version_of_a_paper_alone(client, assessment, lead, sponsor, at):
    snapshot = factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    for version in (1, 2):
        Report.objects.create(
            reference=f"paper-v{version}",
            kind="board-paper",
            snapshot=snapshot,
            version=version,
            made_at=at,
            pages=1,
            size=1,
            digest="0" * 64,
        )
    shown = page(client, lead)
    assert "/reports/paper-v2/" in shown
    assert "/reports/paper-v1/" not in shown


def test_home_takes_the_same_queries_for_more_assessments(
    client, lead, framework, assessment, django_assert_max_num_queries
):
    for number in range(4):
        place = factories.organisation(f"system-{number}")
        factories.add_role(lead, "lead", place)
        services.add_assessment(
            cycle=assessment.cycle, organisation=place, by=None, at=factories.AT
        )
    client.force_login(lead)
    with django_assert_max_num_queries(12):
        client.get("/")
