"""The library of evidence and its citations: what changes, who is told, and what is refused."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage

from assessments.models import Citation, Evidence
from assessments.services import (
    AnswersLocked,
    EvidenceInUse,
    NotInLibrary,
    StaleEvidence,
    add_and_cite,
    add_evidence,
    change_evidence,
    cite,
    cite_several,
    record_download,
    send_for_sign_off,
    uncite,
    withdraw_evidence,
)
from assessments.services import evidence as service
from assessments.uploads import inspect
from portal.models import AuditEvent
from tests import factories
from tests.assessments.files import PDF, png

FACTS = {
    "title": "Workforce report",
    "kind": "link",
    "url": "https://www.example.org/wres",
    "dated_on": dt.date(2026, 5, 14),
    "is_published": True,
}


@pytest.fixture
def evidence(system, lead, at):
    return add_evidence(organisation=system, by=lead, at=at, **FACTS)


@pytest.fixture
def answer(assessment):
    return assessment.answers.select_related("item").get(item__code="L1")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def events(verb):
    return list(AuditEvent.objects.filter(verb=verb).order_by("sequence"))


def stored(media):
    return sorted((media / "evidence").glob("*")) if (media / "evidence").exists() else []


def test_evidence_is_added_with_who_and_when_and_one_event(evidence, system, lead, at):
    evidence.refresh_from_db()
    assert (evidence.organisation, evidence.added_by, evidence.added_at) == (system, lead, at)
    assert (evidence.title, evidence.version, evidence.ticks) == (
        "Workforce report",
        1,
        {"published"},
    )
    assert [event.actor for event in events("evidence.added")] == [lead.email]


def test_file_is_stored_with_its_hash(system, lead, at, media):
    upload = inspect("Board paper.pdf", PDF)
    facts = FACTS | {"kind": "file", "url": ""}
    added = add_evidence(organisation=system, by=lead, at=at, upload=upload, **facts)
    assert (added.file_name, added.file_size) == ("Board paper.pdf", len(PDF))
    assert added.file_digest == upload.digest
    with default_storage.open(added.file.name) as kept:
        assert kept.read() == PDF
    assert events("evidence.added")[0].detail["file_digest"] == upload.digest


def test_the_same_evidence_twice_is_one_piece(system, lead, sponsor, at, media):
    facts = FACTS | {"kind": "file", "url": ""}
    add = {"organisation": system, "at": at, **facts}
    first = add_evidence(by=lead, upload=inspect("a.pdf", PDF), **add)
    assert add_evidence(by=lead, upload=inspect("b.pdf", PDF), **add) == first
    assert len(stored(media)) == len(events("evidence.added")) == 1
    others = {
        add_evidence(by=sponsor, upload=inspect("a.pdf", PDF), **add),
        add_evidence(by=lead, upload=inspect("a.png", png()), **add),
        add_evidence(by=lead, upload=inspect("a.pdf", PDF), **add | {"is_published": False}),
    }
    assert len({first, *others}) == len(stored(media)) == 4


def test_file_of_evidence_that_cannot_be_stored_is_not_left_behind(system, lead, at, media):
    upload = inspect("Board paper.pdf", PDF)
    with pytest.raises(Exception, match="evidence_says_where_it_is"):
        add_evidence(
            organisation=system, by=lead, at=at, upload=upload, **(FACTS | {"kind": "minute"})
        )
    assert stored(media) == []
    assert not Evidence.objects.exists()


def test_facts_nobody_may_set_are_refused(system, evidence, lead, at):
    with pytest.raises(TypeError, match="file_digest"):
        add_evidence(organisation=system, by=lead, at=at, file_digest="0", **FACTS)
    with pytest.raises(TypeError, match="added_by"):
        change_evidence(evidence=evidence, version=1, by=lead, at=at, added_by=lead)


def test_change_counts_the_version_and_keeps_the_old_file(system, lead, at, media):
    facts = FACTS | {"kind": "file", "url": ""}
    first = inspect("a.pdf", PDF)
    added = add_evidence(organisation=system, by=lead, at=at, upload=first, **facts)
    changed = change_evidence(
        evidence=added,
        version=1,
        by=lead,
        at=at,
        upload=inspect("b.png", png()),
        **(facts | {"title": "Poster"}),
    )
    assert (changed.title, changed.version, changed.file_name) == ("Poster", 2, "b.png")
    assert len(stored(media)) == 2
    assert [event.detail["version"] for event in events("evidence.changed")] == [2]


def test_stale_change_is_refused_with_what_is_saved_and_its_file_is_not_kept(
    evidence, lead, sponsor, at, media
):
    change_evidence(
        evidence=evidence, version=1, by=sponsor, at=at, **(FACTS | {"title": "Theirs"})
    )
    with pytest.raises(StaleEvidence) as stale:
        change_evidence(
            evidence=evidence,
            version=1,
            by=lead,
            at=at,
            upload=inspect("a.pdf", PDF),
            **(FACTS | {"title": "Mine"}),
        )
    assert stale.value.current.title == "Theirs"
    assert stored(media) == []
    assert len(events("evidence.changed")) == 1


def test_the_same_change_twice_is_one_change(evidence, lead, at):
    words = FACTS | {"title": "Twice"}
    for _time in range(2):
        change_evidence(evidence=evidence, version=1, by=lead, at=at, **words)
    assert len(events("evidence.changed")) == 1


def test_withdrawn_evidence_leaves_the_library_once_and_takes_no_change(evidence, lead, at):
    for _time in range(2):
        withdrawn = withdraw_evidence(evidence=evidence, version=1, by=lead, at=at)
    assert withdrawn.withdrawn_at == at
    assert not Evidence.objects.kept().exists()
    assert len(events("evidence.withdrawn")) == 1
    with pytest.raises(StaleEvidence):
        change_evidence(evidence=evidence, version=2, by=lead, at=at, **FACTS)


def test_stale_withdrawal_is_refused(evidence, lead, at):
    change_evidence(evidence=evidence, version=1, by=lead, at=at, **(FACTS | {"title": "New"}))
    with pytest.raises(StaleEvidence):
        withdraw_evidence(evidence=evidence, version=1, by=lead, at=at)


def test_evidence_behind_a_sent_assessment_cannot_be_withdrawn(assessment, lead, sponsor, at):
    factories.complete_assessment(assessment, by=lead)
    cited = Citation.objects.first().evidence
    send_for_sign_off(assessment=assessment, by=lead, at=at)
    with pytest.raises(EvidenceInUse):
        withdraw_evidence(evidence=cited, version=cited.version, by=lead, at=at)
    assert Evidence.objects.kept().filter(pk=cited.pk).exists()


def test_answer_cites_once_and_lets_go_once(answer, evidence, lead, at):
    for _time in range(2):
        cite(answer=answer, evidence=evidence, by=lead, at=at)
    assert [(one.evidence, one.added_by) for one in answer.citations.all()] == [(evidence, lead)]
    assert [event.detail["code"] for event in events("evidence.cited")] == ["L1"]
    for _time in range(2):
        uncite(answer=answer, evidence=evidence, by=lead, at=at)
    assert not answer.citations.exists()
    assert len(events("evidence.uncited")) == 1


def test_only_what_the_own_library_holds_is_cited(answer, evidence, lead, at):
    foreign = factories.EvidenceFactory(organisation=factories.organisation("south-east-london"))
    withdraw_evidence(evidence=evidence, version=1, by=lead, at=at)
    for one in (foreign, evidence):
        with pytest.raises(NotInLibrary):
            cite(answer=answer, evidence=one, by=lead, at=at)


def test_several_are_cited_all_or_none(answer, evidence, lead, at):
    foreign = factories.EvidenceFactory(organisation=factories.organisation("south-east-london"))
    with pytest.raises(NotInLibrary):
        cite_several(answer=answer, evidence=[evidence, foreign], by=lead, at=at)
    assert not answer.citations.exists()


def test_nothing_is_cited_or_let_go_while_locked(assessment, answer, evidence, lead, at, media):
    factories.complete_assessment(assessment, by=lead)
    cited = answer.citations.get().evidence
    send_for_sign_off(assessment=assessment, by=lead, at=at)
    with pytest.raises(AnswersLocked):
        cite(answer=answer, evidence=evidence, by=lead, at=at)
    with pytest.raises(AnswersLocked):
        uncite(answer=answer, evidence=cited, by=lead, at=at)
    before = Evidence.objects.count()
    with pytest.raises(AnswersLocked):
        add_and_cite(answer=answer, by=lead, at=at, upload=inspect("a.pdf", PDF), **FACTS)
    assert (Evidence.objects.count(), stored(media)) == (before, [])


def test_new_evidence_is_added_and_cited_at_once(answer, lead, at):
    added = add_and_cite(answer=answer, by=lead, at=at, **FACTS)
    assert list(answer.citations.values_list("evidence", flat=True)) == [added.pk]


def test_download_is_noted(evidence, lead, at):
    record_download(evidence=evidence, by=lead, at=at)
    assert [event.actor for event in events("evidence.downloaded")] == [lead.email]


def test_every_fact_is_a_field_of_evidence():
    fields = {field.name for field in Evidence._meta.get_fields()}
    assert fields > service.FACTS


def test_evidence_and_citations_name_themselves(answer, evidence, lead, at):
    citation = cite(answer=answer, evidence=evidence, by=lead, at=at)
    assert str(evidence) == "Workforce report"
    assert str(citation) == f"Workforce report for {answer}"
