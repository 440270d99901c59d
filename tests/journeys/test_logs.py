"""What the logs hold of a whole self-assessment: request ids, and nothing that somebody wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.test import Client

from portal import logs, services
from tests import factories
from tests.journeys import test_self_assessment as journey

pytestmark = pytest.mark.django_db

WRITTEN = ("What is known about", "We have begun", "Who leads this", "The chief executive", "mind")


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Every line of every logger, as the portal's own formatter writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)
    structlog.reset_defaults()


def test_logs_of_the_main_line_hold_no_words_addresses_or_tokens(
    lines: io.StringIO,
    london_framework: Any,
    system: Any,
    lead: Any,
    sponsor: Any,
    heg: Any,
    settings: Any,
) -> None:
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    settings.LOG_LEVEL = "DEBUG"
    journey.test_lead_answers_everything_and_sends_sponsor_signs_off_and_releases(
        london_framework, system, lead, sponsor, heg
    )
    _invitation, token = services.invite(
        email="new@example.org",
        name="New Person",
        organisation=system,
        role="board",
        by=lead,
        at=factories.AT,
    )
    stranger = Client()
    stranger.get(f"/invitations/{token}/")
    stranger.get(f"/invitations/{token}x/?next={token}")
    stranger.post("/accounts/login/", {"login": lead.email, "password": "my-secret-password"})

    text = lines.getvalue()
    told = [json.loads(line) for line in text.splitlines()]
    assert len(told) > 40
    with_id = [line for line in told if "request_id" in line]
    assert len({line["request_id"] for line in with_id}) > 40
    for words in (*WRITTEN, token, "@example.org", "my-secret-password", "New Person"):
        assert words not in text, words
