"""Mail says who, what, by when, and a link, and never words from an answer."""

from pathlib import Path

import pytest
from django.conf import settings

from assessments import emails
from portal.models import Message, User
from tests import factories

TEMPLATES = Path(settings.BASE_DIR) / "templates" / "emails" / "assessments"


@pytest.mark.parametrize("kind", ["opened", "due-14", "due-7", "due-1", "late"])
def test_calendar_message_is_written_once(assessment, lead, at, kind):
    words = {
        "assessment": assessment,
        "person": lead,
        "kind": kind,
        "days_left": 3,
        "dedupe_key": "key",
        "at": at,
    }

    assert emails.calendar_message(**words)
    assert not emails.calendar_message(**words)

    message = Message.objects.get()
    assert message.to == lead.email
    assert "North East London" in message.subject
    assert message.body.startswith("Hello Amina Okafor,\n")
    assert "Tuesday 15 December 2026" in message.body
    assert "http://testserver/assessments/2026/north-east-london/\n" in message.body


@pytest.mark.parametrize(
    ("days_left", "subject", "when"),
    [
        (13, "13 days left", "2026, in 13 days."),
        (1, "1 day left", "2026, tomorrow."),
        (0, "last day", "2026, today."),
    ],
)
def test_reminder_tells_the_days_that_are_left_though_it_comes_late(
    assessment, lead, at, days_left, subject, when
):
    words = {"assessment": assessment, "person": lead, "kind": "due-14", "days_left": days_left}
    emails.calendar_message(**words, dedupe_key="key", at=at)
    message = Message.objects.get()
    assert message.subject == f"Self-assessment 2026: {subject} for North East London"
    assert when in message.body


def test_mail_is_plain_text_on_one_subject_line(assessment, lead, at):
    organisation = assessment.organisation
    organisation.short_name = "Barts & Friends\nBcc: x@example.org"

    emails.calendar_message(
        assessment=assessment, person=lead, kind="opened", days_left=9, dedupe_key="key", at=at
    )

    message = Message.objects.get()
    assert "\n" not in message.subject
    assert "Barts & Friends" in message.subject


def test_people_are_the_active_holders_of_a_role_once_each(assessment, system, lead, sponsor, at):
    factories.add_role(lead, "sponsor", system)
    factories.user_with("lead", factories.organisation("south-east-london"))
    left = factories.user_with("lead", system)
    left.memberships.update(ended_at=at)
    User.objects.filter(pk=factories.user_with("lead", system).pk).update(is_active=False)

    assert emails.people(assessment, "lead", "sponsor") == [lead, sponsor]


def test_countersignature_is_asked_of_neither_signer_nor_sender(
    assessment, lead, sponsor, second_sponsor, system, at
):
    factories.add_role(lead, "sponsor", system)
    assessment.sent_by = lead

    emails.countersignature_needed(assessment=assessment, by=sponsor, at=at)

    assert Message.objects.get().to == second_sponsor.email


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.txt")), ids=lambda path: path.stem)
def test_every_template_greets_links_and_shows_no_narrative(path):
    text = path.read_text()

    assert text.startswith("{% autoescape off %}")
    assert "Hello {{ person.name }},\n" in text
    assert "\n{{ url }}\n" in text
    for word in ("narrative", "text", "reason }}"):
        assert word not in text
