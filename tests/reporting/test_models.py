"""What papers and their cover sheets call themselves."""

import pytest

from reporting.models import Cover, Report, ReportBytes

pytestmark = pytest.mark.django_db


def test_rows_say_what_they_are(assessment):
    report = Report(reference="2026-nel-board-paper-v1")
    assert str(report) == "2026-nel-board-paper-v1"
    assert str(ReportBytes(report=report)) == "Bytes of 2026-nel-board-paper-v1"
    assert str(Cover(assessment=assessment)) == f"Cover of {assessment}"
