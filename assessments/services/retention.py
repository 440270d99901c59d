"""Words typed and never saved, when nobody can save them any more."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from assessments.models import WorkingText
from portal.services import apply_retention, record_retention

WORKING_TEXT_DAYS = 90
"""So long after an assessment closed, what its people were typing can still be copied out."""


def drop_working_texts(*, at: dt.datetime, is_rehearsal: bool) -> int:
    """Delete those of assessments that closed long ago; those signed off went at sign-off."""
    since = at - dt.timedelta(days=WORKING_TEXT_DAYS)
    closes_at = Coalesce("answer__assessment__extended_to", "answer__assessment__cycle__closes_at")
    signed_off = Q(answer__assessment__signed_off_at__lt=since)
    old = WorkingText.objects.annotate(closes_at=closes_at).filter(
        Q(closes_at__lt=since) | signed_off, saved_at__lt=since
    )
    number = old.count()
    if number and not is_rehearsal:
        with transaction.atomic():
            WorkingText.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()
            record_retention({"working texts": number}, at=at)
    return number


def apply_all_retention(*, at: dt.datetime, is_rehearsal: bool = False) -> dict[str, int]:
    """Everything that is past its time, of the foundation and of assessments, by what it is."""
    counts = apply_retention(at=at, is_rehearsal=is_rehearsal)
    return {"working texts": drop_working_texts(at=at, is_rehearsal=is_rehearsal), **counts}
