"""The task list shows each person their rows, with one of six statuses."""

import datetime as dt

import pytest

from assessments import services
from assessments.models import Answer, Assignment
from assessments.queries import Status, task_list
from tests import factories

HOUR = dt.timedelta(hours=1)


def answer_of(assessment, code):
    return assessment.answers.select_related("item").get(item__code=code)


def row_of(assessment, user, at, code="L1"):
    user.__dict__.pop("active_memberships", None)
    return next(row for row in task_list(assessment, user, at).rows if row.code == code)


def standing(row):
    return row.status, row.hint


def give(assessment, person, lead, at, code="L1"):
    services.assign_answers(
        answers=[answer_of(assessment, code)],
        person=person,
        due_on=dt.date(2026, 12, 1),
        by=lead,
        at=at,
    )
    return Assignment.objects.select_related("answer__item", "person").get(answer__item__code=code)


def test_task_list_shows_sections_in_order_with_counts(assessment, lead, at):
    shown = task_list(assessment, lead, at)

    assert [one.section.code for one in shown.sections] == ["L", "W", "D"]
    assert [len(one.rows) for one in shown.sections] == [3, 3, 2]
    assert (shown.total, shown.completed, shown.given, shown.not_opened) == (8, 0, 0, 0)
    assert shown.counts == {
        "completed": 0,
        "ready": 0,
        "in-progress": 0,
        "not-started": 8,
        "cannot-start": 0,
        "problem": 0,
    }
    first = shown.rows[0]
    assert (first.code, first.name, first.status_words) == (
        "L1",
        "Short name L1",
        "Not yet started",
    )
    assert first.url == "/assessments/2026/north-east-london/L1/"
    assert (first.assignee, first.due_on, first.is_opened) == ("", None, True)


def test_task_list_of_a_complete_assessment_is_completed(assessment, lead, at):
    factories.complete_assessment(assessment, by=lead)

    shown = task_list(assessment, lead, at)

    assert shown.completed == 8
    assert [one.completed for one in shown.sections] == [3, 3, 2]
    assert shown.rows[0].status_words == "Completed"


def test_task_list_before_the_cycle_opens_has_no_links(assessment, lead):
    early = assessment.cycle.opens_at - HOUR

    row = row_of(assessment, lead, early)

    assert (row.status_words, row.url) == ("Cannot start yet", "")


def test_task_list_shows_a_contributor_what_was_given_only(assessment, lead, contributor, at):
    assert task_list(assessment, contributor, at).total == 0
    give(assessment, contributor, lead, at)

    shown = task_list(assessment, contributor, at)

    assert [row.code for row in shown.rows] == ["L1"]
    assert (shown.given, shown.not_opened) == (1, 1)
    assert (shown.rows[0].assignee, shown.rows[0].due_on) == (
        "Hodan Warsame",
        dt.date(2026, 12, 1),
    )


def test_row_is_in_progress_once_saved_or_being_typed(assessment, lead, sponsor, at):
    services.keep_working_text(
        answer=answer_of(assessment, "L1"),
        user=lead,
        base_version=0,
        sequence=1,
        level="",
        coverage="",
        narrative="Half",
        at=at,
    )

    assert standing(row_of(assessment, lead, at)) == (Status.IN_PROGRESS, "")
    assert standing(row_of(assessment, sponsor, at)) == (Status.NOT_STARTED, "")

    services.save_answer(
        answer=answer_of(assessment, "L1"), level=3, narrative="", version=0, by=lead, at=at
    )
    assert standing(row_of(assessment, sponsor, at)) == (Status.IN_PROGRESS, "")


def test_row_carried_forward_is_not_started(assessment, lead, at):
    Answer.objects.filter(item__code="L1").update(
        level=0, narrative="Nothing yet.", version=1, is_reconfirmed=False
    )

    assert standing(row_of(assessment, lead, at)) == (
        Status.NOT_STARTED,
        "Not reconfirmed since the last cycle",
    )


def test_row_without_level_is_completed_by_reason_or_exemption(assessment, lead, heg, at):
    services.record_not_assessed(
        answer=answer_of(assessment, "L1"), reason="Nobody left.", version=0, by=lead, at=at
    )
    services.exempt_item(answer=answer_of(assessment, "L2"), reason="None here.", by=heg, at=at)

    assert standing(row_of(assessment, lead, at)) == (
        Status.COMPLETED,
        "Not assessed, with a reason",
    )
    assert standing(row_of(assessment, lead, at, "L2")) == (
        Status.COMPLETED,
        "Recorded as not applicable",
    )


def test_row_follows_the_contributors_answer_to_the_end(assessment, lead, contributor, at):
    assignment = give(assessment, contributor, lead, at)
    services.save_answer(
        answer=assignment.answer, level=0, narrative="Nothing.", version=0, by=contributor, at=at
    )
    assert standing(row_of(assessment, contributor, at)) == (
        Status.IN_PROGRESS,
        "Not handed in yet",
    )
    assert standing(row_of(assessment, lead, at)) == (Status.COMPLETED, "")

    services.hand_in(assignment=assignment, note="", by=contributor, at=at)
    assert row_of(assessment, lead, at).status_words == "Ready for lead"

    services.accept(assignment=assignment, by=lead, at=at)
    assert standing(row_of(assessment, contributor, at)) == (Status.COMPLETED, "")


def test_row_returned_to_the_contributor_is_in_progress(assessment, lead, contributor, at):
    assignment = give(assessment, contributor, lead, at)
    services.hand_in(assignment=assignment, note="", by=contributor, at=at)
    services.return_to_contributor(assignment=assignment, text="More.", by=lead, at=at)

    assert standing(row_of(assessment, contributor, at)) == (
        Status.IN_PROGRESS,
        "Returned by the lead",
    )


def test_row_declined_belongs_to_nobody(assessment, lead, contributor, at):
    assignment = give(assessment, contributor, lead, at)
    services.decline(assignment=assignment, reason="On leave.", by=contributor, at=at)

    row = row_of(assessment, lead, at)
    assert (row.assignee, row.status) == ("", Status.NOT_STARTED)
    assert task_list(assessment, contributor, at).total == 0


def test_row_with_personal_data_or_a_sponsors_question_is_a_problem(assessment, lead, sponsor, at):
    factories.complete_assessment(assessment, by=lead)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    services.return_with_questions(
        assessment=assessment, questions={"L2": "Who?"}, by=sponsor, at=at
    )
    services.save_answer(
        answer=answer_of(assessment, "L1"),
        level=3,
        narrative="Write to a@example.org.",
        version=1,
        by=lead,
        at=at,
    )

    row = row_of(assessment, lead, at)
    assert row.status_words == "There is a problem"
    assert row.hint == "This may contain personal data"
    assert standing(row_of(assessment, lead, at, "L2")) == (
        Status.PROBLEM,
        "The sponsor has asked about this",
    )


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({}, ["L1", "L2", "L3", "W1", "W2", "W3", "D1", "D2"]),
        ({"status": "in-progress"}, ["W1"]),
        ({"assignee": "Hodan Warsame"}, ["L1"]),
        ({"status": "in-progress", "assignee": "Hodan Warsame"}, []),
    ],
)
def test_only_keeps_the_rows_that_match(assessment, lead, contributor, at, filters, codes):
    give(assessment, contributor, lead, at)
    services.save_answer(
        answer=answer_of(assessment, "W1"), level=3, narrative="", version=0, by=lead, at=at
    )

    shown = task_list(assessment, lead, at).only(**filters)

    assert [row.code for row in shown.rows] == codes
    assert all(section.rows for section in shown.sections)


def test_task_list_asks_few_queries(assessment, lead, at, django_assert_max_num_queries):
    factories.complete_assessment(assessment, by=lead)
    lead.organisations_as("lead")

    with django_assert_max_num_queries(5):
        task_list(assessment, lead, at)
