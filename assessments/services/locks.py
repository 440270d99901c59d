"""Holds an assessment still while a service checks its state and changes what belongs to it."""

from __future__ import annotations

import datetime as dt

from assessments.models import Assessment
from assessments.services.refusals import AnswersLocked, NotOpen
from portal.models import Organisation


def hold(assessment_id: int) -> Assessment:
    """The assessment as it is now, locked until the transaction ends.

    Always taken before any other row, so that two services never wait for each other.
    """
    rows = Assessment.objects.select_for_update(of=("self",))
    return rows.select_related("cycle", "organisation").get(pk=assessment_id)


def hold_open(assessment_id: int, *, at: dt.datetime) -> Assessment:
    """The same, refused unless its answers may be changed at this instant."""
    assessment = hold(assessment_id)
    refuse_unless_open(assessment, at=at)
    return assessment


def hold_organisation(organisation_id: int) -> Organisation:
    """The organisation, for what is done there one after another. Taken after its assessment.

    Rows that only refer to it can be written meanwhile.
    """
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    return rows.get(pk=organisation_id)


def refuse_unless_open(assessment: Assessment, *, at: dt.datetime) -> None:
    """Raise AnswersLocked or NotOpen unless answers may be changed at this instant."""
    if assessment.signed_off_at:
        raise AnswersLocked("The assessment is signed off, so its answers cannot be changed.")
    if assessment.sent_at:
        raise AnswersLocked
    refuse_outside_dates(assessment, at=at)


def refuse_outside_dates(assessment: Assessment, *, at: dt.datetime) -> None:
    """Raise before the cycle opens, and after it has closed for this organisation."""
    if at < assessment.cycle.opens_at:
        raise NotOpen("This assessment has not opened yet.")
    if at > assessment.closes_at:
        raise AnswersLocked(
            "This cycle has closed. Ask the Health Equity Group to extend your date."
        )
