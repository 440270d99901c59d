"""Freezes a signed assessment: the document, its hash, its rows, and the papers' jobs."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from django.conf import settings

from assessments.models import Assessment, FrozenItem, FrozenSection, Snapshot, WorkingText
from assessments.queries import canonical, snapshot_document
from assessments.scoring import SCORING_VERSION, grade_counts
from portal import jobs

PAPERS = ("board-paper", "full-report")


def freeze(assessment: Assessment, *, at: dt.datetime) -> Snapshot:
    """Write the next snapshot of an assessment that has just been signed, inside its transaction.

    Working texts are deleted: what was not saved was not signed.
    """
    last = Snapshot.objects.latest_of(assessment)
    version = last.version + 1 if last else 1
    document = snapshot_document(
        assessment,
        signed_at=at,
        signed_by=assessment.signed_by,
        countersigned_by=assessment.countersigned_by,
        version=version,
    )
    text = canonical(document)
    snapshot = Snapshot.objects.create(
        assessment=assessment,
        version=version,
        document=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        signed_off_at=at,
        signed_by=assessment.signed_by,
        countersigned_by=assessment.countersigned_by,
        framework_version=assessment.cycle.framework.version,
        scoring_version=SCORING_VERSION,
        software_version=settings.VERSION,
    )
    _freeze_rows(snapshot, document["sections"])
    WorkingText.objects.filter(answer__assessment=assessment).delete()
    for kind in PAPERS:
        jobs.insert(kind=kind, subject_id=snapshot.pk, organisation=assessment.organisation, at=at)
    return snapshot


def _freeze_rows(snapshot: Snapshot, sections: list[dict[str, Any]]) -> None:
    """The same figures beside the document, for reading many at once."""
    place = {
        "snapshot": snapshot,
        "cycle": snapshot.assessment.cycle,
        "organisation": snapshot.assessment.organisation,
    }
    FrozenSection.objects.bulk_create(
        FrozenSection(**place, order=order, section_code=section["code"], **_figures(section))
        for order, section in enumerate(sections)
    )
    items = [(section["code"], item) for section in sections for item in section["items"]]
    FrozenItem.objects.bulk_create(
        FrozenItem(**place, order=order, section_code=section_code, **_answer(item))
        for order, (section_code, item) in enumerate(items)
    )


def _figures(section: dict[str, Any]) -> dict[str, Any]:
    names = ("counts", "not_assessed", "not_applicable", "typical", "lowest")
    return {name: section["roll_up"][name] for name in names}


def _answer(item: dict[str, Any]) -> dict[str, Any]:
    counted = grade_counts(evidence["strength"] for evidence in item["evidence"])
    return {
        "code": item["code"],
        "level": item["level"],
        "is_applicable": item["applicable"],
        "coverage": item["coverage"],
        "reason": item["exemption_reason"] or item["not_assessed_reason"],
        "grades": counted,
        "movement": item["movement"]["kind"],
        "movement_how": item["movement"]["how"],
    }
