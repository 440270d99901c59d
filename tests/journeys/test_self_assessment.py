"""A whole self-assessment through the pages, on the real framework of 38 items."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from assessments.models import Answer, Assessment, Release, Snapshot
from portal.models import Job
from tests import factories

pytestmark = pytest.mark.django_db

TASKS = "/assessments/2026/north-east-london/"


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def walk(client: Client, start: str) -> list[str]:
    """Answer page after page as the buttons lead, and say which items were met."""
    met, url = [], start
    while url != TASKS:
        page = client.get(url)
        assert page.status_code == 200
        answer = page.context["answer"]
        met.append(answer.item.code)
        response = client.post(
            url,
            {
                "level": "1" if answer.item.code == "L1" else "0",
                "coverage": "",
                "narrative": f"What is known about {answer.item.short_name}.",
                "version": str(page.context["form"]["version"].value()),
                "action": "continue",
            },
        )
        assert response.status_code == 302
        url = response.url
    return met


def test_lead_answers_everything_and_sends_sponsor_signs_off_and_releases(
    london_framework: Any, system: Any, lead: Any, sponsor: Any, heg: Any
) -> None:
    with time_machine.travel(factories.AT, tick=False):
        factories.open_assessment(london_framework)
        at_desk = signed_in(lead)
        assert "0 of 38 completed" in at_desk.get(TASKS).content.decode()
        assert at_desk.post(f"{TASKS}send/").status_code == 422

        met = walk(at_desk, f"{TASKS}L1/")
        assert len(met) == 38
        assert (met[0], met[5], met[25], met[-1]) == ("L1", "W1", "D1", "P3")
        assert "38 of 38 completed" in at_desk.get(TASKS).content.decode()
        assert "Nothing is missing." in at_desk.get(f"{TASKS}check/").content.decode()
        at_desk.post(f"{TASKS}messages/", {"message_1": "We have begun."})
        assert at_desk.post(f"{TASKS}send/").status_code == 302

        in_office = signed_in(sponsor)
        page = in_office.get(f"{TASKS}sign-off/").content.decode()
        assert "We have begun." in page
        asked = in_office.post(f"{TASKS}sign-off/questions/", {"L1": "Who leads this?"})
        assert asked.status_code == 302

        assert "The sponsor has asked about this" in at_desk.get(TASKS).content.decode()
        at_desk.post(f"{TASKS}L1/reply/", {"text": "The chief executive."})
        at_desk.post(f"{TASKS}send/")
        in_office.post(f"{TASKS}sign-off/", {"attestation": "on"})
        assert Assessment.objects.get().state == "signed-off"
        assert Snapshot.objects.get().items.count() == 38
        assert {job.kind for job in Job.objects.all()} >= {"board-paper", "full-report"}
        assert "What happens next" in in_office.get(f"{TASKS}sign-off/").content.decode()

        late = {"level": "3", "narrative": "Changed my mind.", "version": "1"}
        assert at_desk.post(f"{TASKS}L1/", late).status_code == 409
        assert not Answer.objects.filter(level=3).exists()

        in_office.post(f"{TASKS}release/")
        assert Release.objects.get().by == sponsor
        assert "Released" in signed_in(heg).get("/cycles/2026/").content.decode()
