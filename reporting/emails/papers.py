"""Mail about papers: who asks, what to read, for which meeting, and a link. Never the paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.template.loader import render_to_string

from portal.emails import queue
from portal.models import User
from reporting.models import Report
from reporting.queries.readings import told_key


def board_paper_ready(
    *, report: Report, person: User, cover: Mapping[str, str], by: User, at: dt.datetime
) -> bool:
    """Once to each person and version; False where it was written before."""
    assessment = report.snapshot.assessment
    facts = {
        "person": person,
        "by": by,
        "report": report,
        "organisation": assessment.organisation,
        "cycle": assessment.cycle,
        "board_name": cover["board_name"] or "the Board",
        "board_on": dt.date.fromisoformat(cover["board_on"]),
        "agenda_item": cover["agenda_item"],
        "url": f"{settings.SITE_URL}{report.get_absolute_url()}",
        "service": settings.SERVICE_NAME,
    }
    text = render_to_string("emails/reporting/board-paper-ready.txt", facts)
    subject, _, body = text.partition("\n")
    key = f"{told_key(report)}{person.pk}"
    return queue(to=person.email, subject=subject, body=body.strip() + "\n", dedupe_key=key, at=at)
