"""The one way by which recorded words and files are withheld: hash, reason and who decided stay.

Words are overwritten by a sentence that says when and why, wherever they stand, so that every page
shows it. A file is deleted. The triggers of frozen rows are lifted inside the same transaction.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet

from assessments.calendar import london_date
from assessments.models import (
    Answer,
    Evidence,
    FrozenItem,
    Redaction,
    Revision,
    Snapshot,
    Withheld,
    WorkingText,
)
from assessments.models.evidence import WITHHELD
from assessments.queries import canonical
from assessments.scoring import evidence_strength, grade_counts
from assessments.services.refusals import Refusal
from assessments.uploads import FOLDER, remove_upload
from portal import guards
from portal.audit import record
from portal.models import AuditEvent, Organisation, User

Change = Callable[[dict[str, Any]], None]
NO_PROOF = evidence_strength(())
"""The strength of what nobody can go and look at."""
ANSWER_WORDS = ("narrative", "not_assessed_reason")


class NothingToWithhold(Refusal):
    sentence = "There is nothing here to withhold, or it was withheld before."


def mark(reason: str, at: dt.datetime) -> str:
    """What stands where words were."""
    on = london_date(at)
    return f"{WITHHELD} on {on.day} {on:%B %Y}: {reason}"


@transaction.atomic
def withhold_answer(
    *, answer: Answer, reason: str, by: User | None, at: dt.datetime
) -> tuple[Redaction, list[Snapshot]]:
    """The narrative of an answer at every version, or why it was not assessed, and the same words
    carried to other cycles.

    Returns the redaction and the snapshots that held the words. Raises NothingToWithhold.
    """
    place, code = answer.assessment.organisation, answer.item.code
    said = Revision.objects.filter(answer=answer).values_list("narrative", flat=True)
    now = (answer.narrative, answer.not_assessed_reason)
    texts = {text for text in (*now, *said) if text and not is_mark(text)}
    if not texts:
        raise NothingToWithhold
    redaction = decide(
        kind=Redaction.Kind.ANSWER,
        subject=f"{answer.assessment.cycle.slug}/{place.slug}/{code}",
        organisation=place,
        reason=reason,
        by=by,
        at=at,
    )
    with guards.lifted():
        _withhold_texts(redaction, code, texts)
        change = partial(_silence_item, code=code, texts=texts, words=mark(reason, at))
        return redaction, change_snapshots(redaction, change)


@transaction.atomic
def withhold_evidence(
    *, evidence: Evidence, reason: str, by: User | None, at: dt.datetime
) -> tuple[Redaction, list[Snapshot]]:
    """A piece of evidence: what it is called, where it is, and its file at every version.

    Returns the redaction and the snapshots that cite it. Raises NothingToWithhold.
    """
    if evidence.is_withheld:
        raise NothingToWithhold
    redaction = decide(
        kind=Redaction.Kind.EVIDENCE,
        subject=str(evidence.key),
        organisation=evidence.organisation,
        reason=reason,
        by=by,
        at=at,
    )
    words, digests = mark(reason, at), _digests(evidence)
    digest = evidence.file_digest or digest_of("\n".join(_names(evidence)))
    note(redaction, Withheld.What.EVIDENCE, str(evidence.key), digest)
    change = partial(_silence_evidence, names=_names(evidence), digests=digests, words=words)
    with guards.lifted():
        changed = change_snapshots(redaction, change)
        for snapshot in changed:
            _count_grades_again(snapshot)
    # A minute without a file: every piece of evidence has to say where it is.
    Evidence.objects.filter(pk=evidence.pk).update(
        title=words,
        kind=Evidence.Kind.MINUTE,
        minute_reference=WITHHELD,
        url="",
        file="",
        file_name="",
        version=evidence.version + 1,
    )
    transaction.on_commit(partial(_delete_files, digests))
    return redaction, changed


def decide(
    *,
    kind: str,
    subject: str,
    organisation: Organisation,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> Redaction:
    """Write the decision down, and tell it to the log; what it empties follows as notes."""
    redaction = Redaction.objects.create(
        organisation=organisation, kind=kind, subject=subject, reason=reason, by=by, at=at
    )
    record(
        by=by,
        verb="redacted",
        target=redaction,
        organisation=organisation,
        at=at,
        kind=str(kind),
        subject=subject,
    )
    return redaction


def note(redaction: Redaction, what: str, name: str, digest: str, left: str = "") -> Withheld:
    """One thing that this redaction empties (or rewrites to something with the hash `left`)."""
    return Withheld.objects.create(
        redaction=redaction, what=what, name=name, digest=digest, left=left
    )


def _withhold_texts(redaction: Redaction, code: str, texts: set[str]) -> None:
    """In the answers and revisions of this item, whichever cycle they were carried to."""
    words = mark(redaction.reason, redaction.at)
    kin = Answer.objects.filter(
        assessment__organisation=redaction.organisation_id, item__code=code
    ).select_related("assessment__cycle")
    for answer in kin:
        name = f"{answer.assessment.cycle.slug}/{code}"
        for revision in answer.revisions.filter(narrative__in=texts):
            old, new = digest_of(revision.narrative), digest_of(words)
            note(redaction, Withheld.What.REVISION, f"{name} v{revision.version}", old, new)
        answer.revisions.filter(narrative__in=texts).update(narrative=words)
        now = {field: getattr(answer, field) for field in ANSWER_WORDS}
        found = {field: text for field, text in now.items() if text in texts}
        for text in found.values():
            note(redaction, Withheld.What.ANSWER, name, digest_of(text), digest_of(words))
        if found:
            _overwrite(answer, dict.fromkeys(found, words), redaction)
    frozen = FrozenItem.objects.filter(organisation=redaction.organisation_id, code=code)
    frozen.filter(reason__in=texts).update(reason=words)


def _overwrite(answer: Answer, words: dict[str, str], redaction: Redaction) -> None:
    """As the next version, so that a form with the old words in it is refused as stale."""
    WorkingText.objects.filter(answer=answer).delete()
    Answer.objects.filter(pk=answer.pk).update(**words, version=answer.version + 1)
    Revision.objects.create(
        answer=answer,
        kind=Revision.Kind.WITHHELD,
        version=answer.version + 1,
        level=answer.level,
        coverage=answer.coverage,
        narrative=words.get("narrative", answer.narrative),
        by=redaction.by,
        at=redaction.at,
    )


def change_snapshots(redaction: Redaction, change: Change) -> list[Snapshot]:
    """Those of the organisation's that say something else once changed; their hashes stay."""
    changed = []
    for snapshot in _snapshots(redaction.organisation_id).iterator(chunk_size=1):
        document = json.loads(snapshot.document)
        change(document)
        text = canonical(document)
        if text != snapshot.document:
            old, new = digest_of(snapshot.document), digest_of(text)
            note(redaction, Withheld.What.SNAPSHOT, snapshot.reference, old, new)
            Snapshot.objects.filter(pk=snapshot.pk).update(document=text)
            changed.append(snapshot)
    return changed


def _snapshots(organisation: int) -> QuerySet[Snapshot]:
    own = Snapshot.objects.filter(assessment__organisation=organisation)
    return own.select_related("assessment__cycle", "assessment__organisation").order_by("pk")


def _silence_item(document: dict[str, Any], *, code: str, texts: set[str], words: str) -> None:
    for section in document["sections"]:
        for item in section["items"]:
            for name in ANSWER_WORDS:
                if item["code"] == code and item[name] in texts:
                    item[name] = words


def _silence_evidence(
    document: dict[str, Any], *, names: tuple[str, ...], digests: set[str], words: str
) -> None:
    gone = {"title": words, "url": "", "minute_reference": WITHHELD, "file_name": ""}
    for section in document["sections"]:
        for item in section["items"]:
            for cited in item["evidence"]:
                same = (cited["title"], cited["url"], cited["minute_reference"]) == names
                if same or cited["file_digest"] in digests:
                    cited.update(gone, kind=str(Evidence.Kind.MINUTE), strength=NO_PROOF)


def _count_grades_again(snapshot: Snapshot) -> None:
    """In the rows that the comparison reads: what is withheld shows nothing any more."""
    document = json.loads(Snapshot.objects.values_list("document", flat=True).get(pk=snapshot.pk))
    for section in document["sections"]:
        for item in section["items"]:
            grades = grade_counts(cited["strength"] for cited in item["evidence"])
            rows = FrozenItem.objects.filter(snapshot=snapshot, code=item["code"])
            rows.exclude(grades=grades).update(grades=grades)


def _names(evidence: Evidence) -> tuple[str, str, str]:
    return evidence.title, evidence.url, evidence.minute_reference


def _digests(evidence: Evidence) -> set[str]:
    """Of its file, and of those that it replaced, which stay stored until then."""
    events = AuditEvent.objects.filter(
        chain=evidence.organisation.slug, target=f"assessments.evidence:{evidence.pk}"
    )
    told = {event.detail.get("file_digest", "") for event in events}
    return (told | {evidence.file_digest}) - {""}


def _delete_files(digests: set[str]) -> None:
    """Stored files with these hashes, but those that other evidence needs."""
    needed = set(Evidence.objects.exclude(file="").values_list("file", flat=True))
    names = default_storage.listdir(FOLDER)[1] if digests else []
    for stored in {f"{FOLDER}/{name}" for name in names} - needed:
        with default_storage.open(stored) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        if digest in digests:
            remove_upload(stored)


def is_mark(text: str) -> bool:
    return text.startswith(f"{WITHHELD} on ")


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
