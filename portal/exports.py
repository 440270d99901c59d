"""The audit log as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.utils import timezone

from portal.audit.activity import ActivityRow
from portal.text import plain

BYTE_ORDER_MARK = "\ufeff"
ACTIVITY_HEAD = ("When (London)", "Who", "What", "About", "Details")


def activity_csv(rows: Iterable[ActivityRow]) -> str:
    """One line an event, as the page shows them; UTF-8 with a byte order mark."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(ACTIVITY_HEAD)
    for row in rows:
        when = row.at.astimezone(timezone.get_default_timezone())
        cells = (f"{when:%Y-%m-%d %H:%M:%S}", row.who, row.did, row.about, row.details)
        writer.writerow(plain(cell) for cell in cells)
    return text.getvalue()
