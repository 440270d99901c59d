"""Changes an organisation's library of evidence, and which answers cite it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q

from assessments.models import Answer, Assessment, Citation, Evidence
from assessments.services.locks import hold_open, hold_organisation
from assessments.services.refusals import Refusal, StaleEvidence
from assessments.services.scans import ask_for_scan, first_state
from assessments.uploads import Upload, remove_upload, store_upload
from portal.audit import record
from portal.models import Organisation, User

FACTS = frozenset(
    {
        "title",
        "kind",
        "url",
        "minute_reference",
        "dated_on",
        "is_independent",
        "is_community_led",
        "is_published",
        "is_board_minuted",
        "is_internal",
        "coverage",
        "shown_to_community",
        "shown_to_peers",
    }
)
"""What people say of a piece of evidence; the file comes apart, as a checked upload."""


class NotInLibrary(Refusal):
    sentence = "This evidence is not in your organisation’s library any more."


class EvidenceInUse(Refusal):
    sentence = (
        "An assessment that cites this evidence was sent for sign-off. "
        "Take the assessment back first, or wait until it is signed off."
    )


def add_evidence(
    *,
    organisation: Organisation,
    by: User,
    at: dt.datetime,
    upload: Upload | None = None,
    **facts: Any,
) -> Evidence:
    """Put a piece of evidence into the library. `facts` are those of FACTS.

    What the same person has put there already, word for word and byte for byte, is returned as it
    is: a form that was posted twice.
    """
    _refuse_unknown(facts)
    stored = _keep(upload)
    evidence = Evidence(organisation=organisation, added_by=by, added_at=at, **facts, **stored)
    try:
        with transaction.atomic():
            hold_organisation(organisation.pk)
            there = _the_same(evidence)
            if there is None:
                evidence.save(force_insert=True)
                _record(evidence, "evidence.added", by, at, **_file_detail(stored))
                ask_for_scan(evidence, at=at)
    except BaseException:
        _forget(stored)
        raise
    if there is not None:
        _forget(stored)
        return there
    return evidence


def change_evidence(
    *,
    evidence: Evidence,
    version: int,
    by: User,
    at: dt.datetime,
    upload: Upload | None = None,
    **facts: Any,
) -> Evidence:
    """Correct what is said of it, at the version the form carried; raises StaleEvidence.

    A file that is replaced stays stored: what was signed off names its hash.
    """
    _refuse_unknown(facts)
    stored = _keep(upload)
    try:
        with transaction.atomic():
            kept = Evidence.objects.kept().filter(pk=evidence.pk, version=version)
            changed = kept.update(**facts, **stored, version=version + 1)
            current = _current(evidence)
            if changed:
                _record(current, "evidence.changed", by, at, **_file_detail(stored))
                ask_for_scan(current, at=at)
            elif stored or current.withdrawn_at or not _says(current, facts):
                raise StaleEvidence(current)
    except BaseException:
        _forget(stored)
        raise
    return current


@transaction.atomic
def withdraw_evidence(*, evidence: Evidence, version: int, by: User, at: dt.datetime) -> Evidence:
    """Take it out of the library and from every draft; what is signed off keeps citing it."""
    citing = Q(answers__citations__evidence=evidence)
    if Assessment.objects.awaiting_sign_off().filter(citing).exists():
        raise EvidenceInUse
    kept = Evidence.objects.kept().filter(pk=evidence.pk, version=version)
    changed = kept.update(withdrawn_at=at, version=version + 1)
    current = _current(evidence)
    if not changed and not current.withdrawn_at:
        raise StaleEvidence(current)
    if changed:
        _record(current, "evidence.withdrawn", by, at)
    return current


@transaction.atomic
def cite(*, answer: Answer, evidence: Evidence, by: User, at: dt.datetime) -> Citation:
    """Let an answer point at evidence of its own organisation's library. Again changes nothing."""
    assessment = hold_open(answer.assessment_id, at=at)
    library = Evidence.objects.kept().filter(organisation=assessment.organisation_id)
    if not library.filter(pk=evidence.pk).exists():
        raise NotInLibrary
    citation, created = Citation.objects.get_or_create(
        answer=answer, evidence=evidence, defaults={"added_by": by, "added_at": at}
    )
    if created:
        _record_citing(assessment, answer, evidence, "evidence.cited", by, at)
    return citation


@transaction.atomic
def cite_several(
    *, answer: Answer, evidence: Iterable[Evidence], by: User, at: dt.datetime
) -> list[Citation]:
    """All of them or none."""
    return [cite(answer=answer, evidence=one, by=by, at=at) for one in evidence]


@transaction.atomic
def add_and_cite(
    *, answer: Answer, by: User, at: dt.datetime, upload: Upload | None = None, **facts: Any
) -> Evidence:
    """Put evidence into the library and let the answer point at it; neither while locked."""
    assessment = hold_open(answer.assessment_id, at=at)
    evidence = add_evidence(
        organisation=assessment.organisation, by=by, at=at, upload=upload, **facts
    )
    cite(answer=answer, evidence=evidence, by=by, at=at)
    return evidence


@transaction.atomic
def uncite(*, answer: Answer, evidence: Evidence, by: User, at: dt.datetime) -> None:
    """Let an answer no longer point at it; the evidence stays in the library."""
    assessment = hold_open(answer.assessment_id, at=at)
    removed, _by_model = Citation.objects.filter(answer=answer, evidence=evidence).delete()
    if removed:
        _record_citing(assessment, answer, evidence, "evidence.uncited", by, at)


def record_download(*, evidence: Evidence, by: User, at: dt.datetime) -> None:
    """Note who took a copy of the file."""
    _record(evidence, "evidence.downloaded", by, at, digest=evidence.file_digest)


def _refuse_unknown(facts: dict[str, Any]) -> None:
    if unknown := facts.keys() - FACTS:
        raise TypeError(f"not facts of evidence: {', '.join(sorted(unknown))}")


def _keep(upload: Upload | None) -> dict[str, Any]:
    """Store the bytes first: a row never names a file that is not there."""
    if upload is None:
        return {}
    return {
        "file": store_upload(upload),
        "file_name": upload.name,
        "file_type": upload.content_type,
        "file_size": upload.size,
        "file_digest": upload.digest,
        "file_scan": first_state(),
    }


def _forget(stored: dict[str, Any]) -> None:
    if stored:
        remove_upload(stored["file"])


def _file_detail(stored: dict[str, Any]) -> dict[str, Any]:
    return {name: stored[name] for name in ("file_digest", "file_size") if stored}


def _current(evidence: Evidence) -> Evidence:
    return Evidence.objects.select_related("organisation").get(pk=evidence.pk)


def _the_same(evidence: Evidence) -> Evidence | None:
    """What is in the library and says exactly the same, from the same person."""
    names = (*FACTS, "file_digest", "organisation", "added_by")
    said = {name: getattr(evidence, name) for name in names}
    return Evidence.objects.kept().filter(**said).order_by("pk").first()


def _says(current: Evidence, facts: dict[str, Any]) -> bool:
    """Whether the library already says exactly this: a form posted twice, not a clash."""
    return all(getattr(current, name) == value for name, value in facts.items())


def _record(evidence: Evidence, verb: str, by: User, at: dt.datetime, **detail: object) -> None:
    record(
        by=by,
        verb=verb,
        target=evidence,
        organisation=evidence.organisation,
        at=at,
        version=evidence.version,
        **detail,
    )


def _record_citing(
    assessment: Assessment,
    answer: Answer,
    evidence: Evidence,
    verb: str,
    by: User,
    at: dt.datetime,
) -> None:
    record(
        by=by,
        verb=verb,
        target=answer,
        organisation=assessment.organisation,
        at=at,
        code=answer.item.code,
        evidence=str(evidence.key),
    )
