"""Withholding: words and files are gone everywhere, hash and reason stay, papers are made anew."""

import hashlib
import io
import json
from collections import Counter

import pypdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from assessments.models import Evidence, Redaction, Revision, Snapshot, Withheld, WorkingText
from assessments.services import NothingToWithhold, add_evidence, change_evidence, save_answer
from assessments.uploads import Upload
from portal import tasks
from portal.models import AuditEvent, Job
from reporting.models import Report, ReportBytes
from reporting.queries.verification import differences
from reporting.services import redact_answer, redact_evidence, redact_report
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("guards_on")]

SECRET = "Nurse Abena Mensah’s grievance was upheld in March."
REASON = "It names a member of staff."
MARK = f"Withheld on 16 November 2026: {REASON}"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def answer(assessment):
    return assessment.answers.select_related("item").get(item__code="L1")


@pytest.fixture
def snapshot(assessment, answer, lead, sponsor, at):
    """Signed off with the secret in L1, said once before in other words, and both papers made."""
    factories.complete_assessment(assessment, by=lead)
    for text in (f"Earlier: {SECRET}", SECRET):
        answer.refresh_from_db()
        save_answer(
            answer=answer, level=2, coverage="most", narrative=text, version=answer.version,
            by=lead, at=at,
        )  # fmt: skip
    factories.services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    signed = factories.services.sign_off(assessment=assessment, by=sponsor, at=at)
    make_all()
    answer.refresh_from_db()
    return signed


def make_all():
    while tasks.do_job():
        pass


def words_of(report):
    return "\n".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(report.bytes.pdf)).pages
    )


def everywhere():
    """All that is stored and could still say it."""
    rows = [*Revision.objects.values_list("narrative", flat=True)]
    rows += Snapshot.objects.values_list("document", flat=True)
    rows += ReportBytes.objects.values_list("html", flat=True)
    rows += [json.dumps(event.detail) for event in AuditEvent.objects.all()]
    rows += [words_of(one) for one in Report.objects.all() if one.bytes.pdf]
    return "\n".join(rows)


@pytest.mark.postgresql
def test_answers_words_are_gone_everywhere_and_their_hashes_stay(snapshot, answer, lead, at):
    assert "Abena" in everywhere()
    redaction = redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    answer.refresh_from_db()
    assert answer.narrative == MARK
    assert "Abena" not in everywhere()
    kept = redaction.withheld.get(what=Withheld.What.ANSWER)
    assert kept.digest == hashlib.sha256(SECRET.encode()).hexdigest()
    assert kept.left == hashlib.sha256(MARK.encode()).hexdigest()
    whats = list(redaction.withheld.order_by("pk").values_list("what", flat=True))
    assert whats == ["revision", "revision", "revision", "answer", "snapshot", "report", "report"]
    event = AuditEvent.objects.get(verb="redacted")
    assert (event.actor, event.detail["subject"]) == (lead.email, "2026/north-east-london/L1")


def test_withheld_answer_is_a_version_of_its_own(snapshot, answer, lead, at):
    version = answer.version
    WorkingText.objects.create(
        user=lead, answer=answer, base_version=version, sequence=1, narrative=SECRET, saved_at=at
    )
    redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    answer.refresh_from_db()
    last = answer.revisions.latest("version")
    assert (answer.version, last.version, last.kind) == (version + 1, version + 1, "withheld")
    assert not WorkingText.objects.exists()


def test_words_carried_to_another_cycle_are_withheld_as_well(
    snapshot, answer, framework, system, lead, at
):
    later = factories.open_assessment(
        framework, system, slug="2027", name="Self-assessment 2027",
        opens_at=factories.london(2027, 10, 5), due_at=factories.london(2027, 12, 15),
        closes_at=factories.london(2028, 1, 15), last_release_at=factories.london(2028, 3, 31),
    )  # fmt: skip
    carried = later.answers.get(item__code="L1")
    assert carried.narrative == SECRET
    redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    carried.refresh_from_db()
    assert carried.narrative == MARK
    assert "Abena" not in everywhere()


def test_papers_are_made_anew_from_the_redacted_record_with_the_reason(snapshot, answer, lead, at):
    redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    make_all()
    papers = Report.objects.filter(version=2)
    assert papers.count() == 2
    for paper in papers:
        assert paper.reason == f"Something in version 1 was withheld: {REASON}"
        assert paper.snapshot == snapshot
    assert MARK in " ".join(words_of(papers.get(kind="full-report")).split())
    assert list(differences(Counter())) == []


def test_withheld_papers_say_so_on_their_pages(snapshot, answer, lead, client, at):
    redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    client.force_login(lead)
    first = Report.objects.get(kind="board-paper")
    page = client.get(first.get_absolute_url()).content.decode()
    assert MARK in page
    assert "Download the PDF" not in page
    download = client.get(f"/reports/{first.reference}.pdf")
    assert (download.status_code, download["Location"]) == (302, first.get_absolute_url())
    assert MARK in client.get("/reports/").content.decode()
    make_all()
    listed = client.get("/reports/").content.decode()
    assert "superseded, withheld on 16 November 2026" in listed
    assert "board-paper-v2.pdf" in listed
    making = client.get("/reports/making/2026/north-east-london/").content.decode()
    assert "board-paper-v2.pdf" in making


def test_page_of_the_making_offers_no_withheld_file(snapshot, lead, client, at):
    for report in Report.objects.all():
        redact_report(report=report, reason=REASON, by=lead, at=at)
    client.force_login(lead)
    making = client.get("/reports/making/2026/north-east-london/").content.decode()
    assert making.count("withheld on 16 November 2026") == 2
    assert ".pdf" not in making


def test_nothing_is_withheld_twice(snapshot, answer, lead, at):
    redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    answer.refresh_from_db()
    with pytest.raises(NothingToWithhold):
        redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    with pytest.raises(NothingToWithhold):
        redact_report(report=Report.objects.get(kind="board-paper"), reason="x", by=lead, at=at)
    assert Redaction.objects.count() == 1


def test_only_papers_that_were_made_are_made_anew(assessment, answer, lead, sponsor, at):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    Job.objects.filter(kind="full-report").delete()
    make_all()
    answer.refresh_from_db()
    redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    make_all()
    references = Report.objects.order_by("pk").values_list("reference", flat=True)
    assert [one[-14:] for one in references] == ["board-paper-v1", "board-paper-v2"]


def test_one_paper_alone_can_be_withheld_and_its_record_stays(snapshot, lead, at):
    report = Report.objects.get(kind="board-paper")
    redact_report(report=report, reason=REASON, by=None, at=at)
    assert not ReportBytes.objects.get(report=report).pdf
    assert SECRET in Snapshot.objects.get().document
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def test_draft_that_was_never_signed_is_withheld_too(
    assessment, answer, framework, system, lead, at
):
    answer.assessment = assessment
    save_answer(answer=answer, level=2, coverage="", narrative=SECRET, version=0, by=lead, at=at)
    answer.refresh_from_db()
    factories.open_assessment(
        framework, system, slug="2027", name="Self-assessment 2027",
        opens_at=factories.london(2027, 10, 5), due_at=factories.london(2027, 12, 15),
        closes_at=factories.london(2028, 1, 15), last_release_at=factories.london(2028, 3, 31),
    )  # fmt: skip
    redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    assert "Abena" not in everywhere()
    assert not Job.objects.exists()


# Evidence


def upload(content=b"%PDF grievance"):
    return Upload("Grievance of Abena.pdf", "pdf", "application/pdf", content)


FACTS = {
    "title": "Grievance of Abena Mensah", "kind": Evidence.Kind.FILE, "url": "",
    "minute_reference": "", "dated_on": factories.AT.date(), "is_internal": True,
    "coverage": "one",
}  # fmt: skip


@pytest.fixture
def evidence(system, lead, at):
    """Uploaded, and replaced once: the first file stays stored."""
    first = add_evidence(organisation=system, by=lead, at=at, upload=upload(b"%PDF old"), **FACTS)
    return change_evidence(
        evidence=first, version=first.version, by=lead, at=at, upload=upload(), **FACTS
    )


def files():
    return default_storage.listdir("evidence")[1]


@pytest.mark.postgresql
def test_evidence_loses_names_and_every_file(
    evidence, system, lead, at, django_capture_on_commit_callbacks
):
    again = FACTS | {"title": "The same file, under another title"}
    other = add_evidence(organisation=system, by=lead, at=at, upload=upload(), **again)
    default_storage.save("evidence/unrelated.pdf", ContentFile(b"%PDF other"))
    assert len(files()) == 4
    with django_capture_on_commit_callbacks(execute=True):
        redaction = redact_evidence(evidence=evidence, reason=REASON, by=lead, at=at)
    digest = evidence.file_digest
    evidence.refresh_from_db()
    assert (evidence.title, evidence.file.name, evidence.file_name) == (MARK, "", "")
    assert (evidence.kind, evidence.minute_reference) == (Evidence.Kind.MINUTE, "Withheld")
    assert redaction.withheld.get().digest == digest == evidence.file_digest
    assert sorted(files()) == sorted([other.file.name.removeprefix("evidence/"), "unrelated.pdf"])
    with pytest.raises(NothingToWithhold):
        redact_evidence(evidence=evidence, reason=REASON, by=lead, at=at)


def test_records_that_cite_evidence_are_rewritten_and_their_papers_withheld(
    assessment, answer, lead, sponsor, at
):
    link = factories.cite(answer, title="Abena’s story", added_by=lead)
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    make_all()
    assert "Abena" in everywhere()
    redact_evidence(evidence=link, reason=REASON, by=lead, at=at)
    assert "Abena" not in everywhere()
    assert Withheld.objects.filter(what="report").count() == 2
    make_all()
    assert Report.objects.filter(version=2).count() == 2
    assert list(differences(Counter())) == []


# The command


def run(capsys, *words):
    call_command("redact", *words)
    return capsys.readouterr().out.splitlines()


def test_command_tries_first_and_withholds_then(snapshot, lead, capsys):
    words = ("answer", "2026/north-east-london/L1", "--reason", f" {REASON}\n", "--by", lead.email)
    would = run(capsys, *words, "--dry-run")
    assert would[-1] == "Would withhold paper 2026-north-east-london-full-report-v1"
    assert not Redaction.objects.exists()
    assert "Abena" in everywhere()
    did = run(capsys, *words)
    assert [line.replace("Withheld", "Would withhold") for line in did] == would
    assert Redaction.objects.get().by == lead
    assert "Abena" not in everywhere()


def test_command_withholds_a_paper_and_evidence(snapshot, evidence, capsys):
    report = Report.objects.get(kind="board-paper")
    assert run(capsys, "report", report.reference, "--reason", REASON) == [
        f"Withheld paper {report.reference}"
    ]
    assert run(capsys, "evidence", str(evidence.key), "--reason", REASON) == [
        f"Withheld evidence {evidence.key}"
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("report", "none", "--reason", "x"), "There is no paper called none."),
        (("evidence", "none", "--reason", "x"), "There is no evidence called none."),
        (("answer", "2026/L1", "--reason", "x"), "There is no answer called 2026/L1."),
        (("report", "none", "--reason", " "), "Give a reason of at most 150 characters."),
        (("report", "none", "--reason", "x" * 151), "Give a reason of at most 150 characters."),
        (("report", "none", "--reason", "x", "--by", "a@b"), "Nobody has the address a@b."),
    ],
)
def test_command_says_what_it_cannot_do(db, words, told):
    with pytest.raises(CommandError, match=told):
        call_command("redact", *words)


def test_command_says_that_it_was_done_before(snapshot):
    report = Report.objects.get(kind="board-paper")
    words = ("redact", "report", report.reference, "--reason", REASON)
    call_command(*words)
    with pytest.raises(CommandError, match="was withheld before"):
        call_command(*words)


def test_everything_has_a_name(snapshot, answer, lead, at):
    redaction = redact_answer(answer=answer, reason=REASON, by=lead, at=at)
    assert str(redaction) == "2026/north-east-london/L1 withheld"
    assert str(redaction.withheld.earliest("pk")) == "revision 2026/L1 v1"
