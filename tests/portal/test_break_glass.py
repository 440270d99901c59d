"""An administrator reads an organisation's content only by saying why, for an hour, and seen."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from portal import services
from portal.models import AuditEvent, Message
from portal.queries import behind_glass
from tests import factories

pytestmark = pytest.mark.django_db

WHY = "The lead asked why L1 cannot be opened"


@pytest.fixture
def draft(assessment, lead, sponsor, time_machine):
    time_machine.move_to(factories.AT, tick=False)
    return f"{assessment.get_absolute_url()}L1/"


@pytest.fixture
def glass(system):
    return f"/organisations/{system.slug}/break-glass/"


def test_reading_takes_a_reason(client, admin, draft, glass):
    client.force_login(admin)
    assert client.get(draft).status_code == 404
    assert "Only when there is no other way" in client.get(glass).text
    refused = client.post(glass, {"reason": " "})
    assert "Enter why you have to read it" in refused.text
    assert client.get(draft).status_code == 404
    opened = client.post(glass, {"reason": WHY}, follow=True)
    assert "Stop reading" in opened.text
    assert client.get(draft).status_code == 200
    assert client.get("/assessments/").status_code == 200


def test_nothing_can_be_changed_behind_the_glass(client, admin, system, draft, glass):
    client.force_login(admin)
    client.post(glass, {"reason": WHY})
    sent = {"level": "2", "narrative": "Mine", "version": "0"}
    assert client.post(draft, sent).status_code == 403
    assert client.post(f"/evidence/{system.slug}/add/", {}).status_code == 403


def test_it_is_over_after_an_hour_and_when_the_administrator_says_so(
    client, admin, draft, glass, time_machine
):
    client.force_login(admin)
    client.post(glass, {"reason": WHY})
    time_machine.shift(dt.timedelta(minutes=59))
    assert client.get(draft).status_code == 200
    time_machine.shift(dt.timedelta(minutes=1))
    assert client.get(draft).status_code == 404

    client.post(glass, {"reason": WHY})
    time_machine.shift(dt.timedelta(minutes=1))
    assert client.get(draft).status_code == 200
    assert "You no longer read" in client.post(f"{glass}end/", follow=True).text
    assert client.get(draft).status_code == 404


def test_it_holds_for_one_organisation_and_one_administrator(admin, system, group, at):
    factories.organisation("south-east-london")
    other = factories.user_with("admin", group, is_staff=True)
    services.break_glass(organisation=system, reason=WHY, by=admin, at=at)
    assert behind_glass(admin, at=at) == {system.pk: system}
    assert behind_glass(other, at=at) == {}
    assert behind_glass(admin, at=at - dt.timedelta(seconds=1)) == {}


def test_lead_and_sponsor_are_told_and_see_what_was_read(
    client, admin, lead, sponsor, contributor, system, draft, glass
):
    client.force_login(admin)
    client.post(glass, {"reason": WHY})
    client.get(draft)
    client.get(draft.replace("L1", "L9"))
    told = Message.objects.order_by("to")
    assert {message.to for message in told} == {lead.email, sponsor.email}
    assert WHY in told[0].body
    assert "until 11:00" in told[0].body

    events = AuditEvent.objects.filter(chain=system.slug, actor=admin.email).order_by("sequence")
    assert [(event.verb, event.detail.get("code")) for event in events] == [
        ("break-glass.opened", None),
        ("break-glass.read", "L1"),
    ]
    client.force_login(sponsor)
    assert f"The reason given: {WHY}" in client.get("/").text
    assert WHY in client.get(f"/organisations/{system.slug}/activity/").text
    client.force_login(contributor)
    assert WHY not in client.get("/").text


def test_after_thirty_days_home_says_no_more(client, admin, lead, system, at, time_machine):
    services.break_glass(organisation=system, reason=WHY, by=admin, at=at)
    time_machine.move_to(at + dt.timedelta(days=31), tick=False)
    client.force_login(lead)
    assert WHY not in client.get("/").text


def test_nobody_else_can_break_the_glass(lead, heg, system, at):
    for person in (lead, heg):
        with pytest.raises(PermissionDenied):
            services.break_glass(organisation=system, reason=WHY, by=person, at=at)
        with pytest.raises(PermissionDenied):
            services.mend_glass(organisation=system, by=person, at=at)


def test_member_of_staff_whose_role_was_ended_reads_nothing(client, admin, draft, glass, at):
    client.force_login(admin)
    client.post(glass, {"reason": WHY})
    admin.memberships.update(ended_at=at)
    assert client.get(draft).status_code == 404
