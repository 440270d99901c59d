"""Many hands: asked, opened, handed in, declined, accepted, returned, nudged."""

import datetime as dt

import pytest

from assessments import services
from assessments.models import Assignment, Comment
from portal.models import AuditEvent, Message
from tests import factories

DUE = dt.date(2026, 12, 1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def assignment(assessment, contributor, lead, at):
    give(assessment, contributor, lead, at, codes=["L1"])
    Message.objects.all().delete()
    return Assignment.objects.select_related("person", "answer__item").get()


def give(assessment, person, lead, at, codes=("L1", "L2"), due_on=DUE):
    answers = assessment.answers.filter(item__code__in=codes).select_related("item").in_order()
    return services.assign_answers(answers=answers, person=person, due_on=due_on, by=lead, at=at)


def test_assign_answers_asks_one_person_in_one_mail(assessment, contributor, lead, at):
    assert give(assessment, contributor, lead, at) == 2

    held = Assignment.objects.all()
    assert {(one.person, one.state, one.due_on, one.assigned_by) for one in held} == {
        (contributor, "given", DUE, lead)
    }
    message = Message.objects.get()
    assert message.to == contributor.email
    assert message.subject == "Amina Okafor asks you to answer 2 items for North East London"
    assert "L1, L2" in message.body
    assert "Tuesday 1 December 2026" in message.body
    assert "http://testserver/assessments/2026/north-east-london/" in message.body
    event = AuditEvent.objects.get(verb="answers.assigned")
    assert event.detail == {
        "codes": ["L1", "L2"],
        "person": contributor.email,
        "due_on": "2026-12-01",
    }


def test_assign_answers_without_a_date_says_none(assessment, contributor, lead, at):
    give(assessment, contributor, lead, at, due_on=None)

    assert ", by " not in Message.objects.get().body


def test_assign_answers_the_person_has_only_takes_the_new_date(assessment, contributor, lead, at):
    give(assessment, contributor, lead, at)
    services.hand_in(
        assignment=Assignment.objects.get(answer__item__code="L1"), note="", by=contributor, at=at
    )
    mails = Message.objects.filter(to=contributor.email).count()

    assert give(assessment, contributor, lead, at + DAY, due_on=DUE + DAY) == 0

    held = Assignment.objects.get(answer__item__code="L1")
    assert (held.state, held.due_on) == ("handed-in", DUE + DAY)
    assert Message.objects.filter(to=contributor.email).count() == mails


def test_assign_answers_moves_them_to_somebody_else(assessment, assignment, system, lead, at):
    services.mark_opened(assignment=assignment, at=at)
    other = factories.user_with("contributor", system)

    assert give(assessment, other, lead, at, codes=["L1"]) == 1

    assignment.refresh_from_db()
    assert (assignment.person, assignment.opened_at, assignment.state) == (other, None, "given")


def test_assign_answers_again_after_declining_asks_anew(assessment, assignment, lead, at):
    person = assignment.person
    services.decline(assignment=assignment, reason="On leave.", by=person, at=at)

    assert give(assessment, person, lead, at + DAY, codes=["L1"]) == 1


def test_assign_nothing_does_nothing(assessment, contributor, lead, at):
    assert give(assessment, contributor, lead, at, codes=[]) == 0
    assert not AuditEvent.objects.filter(verb="answers.assigned").exists()


def test_assign_answers_to_somebody_without_a_role_here_is_refused(assessment, lead, at):
    elsewhere = factories.user_with("contributor", factories.organisation("south-east-london"))

    with pytest.raises(services.NotAContributor):
        give(assessment, elsewhere, lead, at)


def test_mark_opened_notes_the_first_time(assignment, at):
    assert services.mark_opened(assignment=assignment, at=at)
    assert not services.mark_opened(assignment=assignment, at=at + DAY)

    assignment.refresh_from_db()
    assert assignment.opened_at == at


def test_hand_in_tells_the_lead_once(assignment, lead, at):
    person = assignment.person

    handed = services.hand_in(assignment=assignment, note="Please check.", by=person, at=at)

    assert (handed.state, handed.changed_at) == ("handed-in", at)
    comment = Comment.objects.get()
    assert (comment.kind, comment.text, comment.by) == ("handed-in", "Please check.", person)
    message = Message.objects.get(to=lead.email)
    assert message.subject == "Hodan Warsame has handed in L1"
    assert "Please check." not in message.body
    with pytest.raises(services.AssignmentMovedOn):
        services.hand_in(assignment=assignment, note="", by=person, at=at)
    assert Message.objects.count() == 1


def test_hand_in_without_a_note_leaves_no_comment(assignment, at):
    services.hand_in(assignment=assignment, note="", by=assignment.person, at=at)

    assert not Comment.objects.exists()


def test_hand_in_and_decline_are_for_the_person_asked(assignment, lead, at):
    with pytest.raises(services.NotAssignedToYou):
        services.hand_in(assignment=assignment, note="", by=lead, at=at)
    with pytest.raises(services.NotAssignedToYou):
        services.decline(assignment=assignment, reason="No", by=lead, at=at)


def test_decline_says_why_and_tells_the_lead(assignment, lead, at):
    declined = services.decline(
        assignment=assignment, reason="I have moved teams.", by=assignment.person, at=at
    )

    assert declined.state == "declined"
    assert Comment.objects.get().text == "I have moved teams."
    assert Message.objects.get().to == lead.email
    assert not Assignment.objects.current().exists()


def test_accept_takes_only_what_was_handed_in(assignment, lead, at):
    with pytest.raises(services.AssignmentMovedOn):
        services.accept(assignment=assignment, by=lead, at=at)
    services.hand_in(assignment=assignment, note="", by=assignment.person, at=at)

    assert services.accept(assignment=assignment, by=lead, at=at).state == "accepted"
    assert AuditEvent.objects.filter(verb="assignment.accepted").count() == 1


def test_return_to_contributor_says_what_is_wanted(assignment, lead, at):
    person = assignment.person
    services.hand_in(assignment=assignment, note="", by=person, at=at)

    returned = services.return_to_contributor(
        assignment=assignment, text="Which trusts?", by=lead, at=at
    )

    assert returned.state == "returned"
    assert Comment.objects.get(kind="returned").text == "Which trusts?"
    assert Message.objects.get(to=person.email).subject == ("Amina Okafor has returned L1 to you")
    assert services.hand_in(assignment=returned, note="", by=person, at=at).state == "handed-in"


def test_ask_goes_from_the_person_asked_to_the_lead(assignment, lead, at):
    services.ask(answer=assignment.answer, text="Which year?", by=assignment.person, at=at)

    assert Message.objects.get().to == lead.email
    assert Comment.objects.get().kind == "asked"


def test_ask_goes_from_the_lead_to_the_person_asked(assignment, lead, at):
    services.ask(answer=assignment.answer, text="How far are you?", by=lead, at=at)

    assert Message.objects.get().to == assignment.person.email


def test_ask_about_an_answer_nobody_has_goes_to_the_leads(assessment, sponsor, lead, at):
    answer = assessment.answers.get(item__code="W1")

    services.ask(answer=answer, text="Why?", by=sponsor, at=at)

    assert Message.objects.get().to == lead.email


def test_reply_reaches_everybody_else_who_wrote(assignment, lead, sponsor, at):
    answer = assignment.answer
    services.ask(answer=answer, text="Why?", by=sponsor, at=at)
    services.ask(answer=answer, text="Who?", by=lead, at=at)
    Message.objects.all().delete()

    services.reply(answer=answer, text="Because.", by=assignment.person, at=at)

    assert set(Message.objects.values_list("to", flat=True)) == {lead.email, sponsor.email}
    assert Comment.objects.filter(kind="replied").count() == 1


def test_ask_and_reply_after_sign_off_are_refused(assessment, lead, sponsor, at):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    answer = assessment.answers.first()

    for speak in (services.ask, services.reply):
        with pytest.raises(services.AnswersLocked):
            speak(answer=answer, text="Too late.", by=lead, at=at)


def test_nudge_unopened_reminds_each_person_once_a_day(assessment, contributor, system, lead, at):
    give(assessment, contributor, lead, at, codes=["L1", "L2"])
    other = factories.user_with("contributor", system)
    give(assessment, other, lead, at, codes=["W1", "W2"])
    opened = Assignment.objects.get(answer__item__code="W2")
    services.mark_opened(assignment=opened, at=at)
    Message.objects.all().delete()

    assert services.nudge_unopened(assessment=assessment, by=lead, at=at + DAY) == 3

    assert set(Message.objects.values_list("to", flat=True)) == {contributor.email, other.email}
    assert "L1, L2" in Message.objects.get(to=contributor.email).body
    assert services.nudge_unopened(assessment=assessment, by=lead, at=at + DAY) == 0
    assert services.nudge_unopened(assessment=assessment, by=lead, at=at + 3 * DAY) == 3
    assert AuditEvent.objects.filter(verb="answers.nudged").count() == 2
