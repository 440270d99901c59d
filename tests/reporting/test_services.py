"""Cover sheets and the making of papers: versions, reasons, hashes, one transaction."""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys

import pytest
from django.db import DatabaseError, transaction

from assessments.models import Assessment
from assessments.services import reopen
from portal import jobs
from portal.models import AuditEvent, Job
from reporting.models import Cover, Report, ReportBytes
from reporting.services import StaleCover, make_report, papers, save_cover
from tests import factories
from tests.reporting import snapshots
from tests.reporting.reading import table
from tests.reporting.stored import stored

pytestmark = pytest.mark.django_db

FILLED = {
    "board_name": "Board of North East London",
    "board_on": dt.date(2027, 1, 27),
    "agenda_item": "7.2",
    "purpose": "assurance",
    "author": "Amina Okafor",
    "strategic_objectives": "",
    "assurance_framework": "",
    "previously_considered": "",
}


@pytest.fixture
def snapshot(assessment, lead, sponsor):
    """Signed off through the services, on the small framework."""
    return factories.signed_off(assessment, lead=lead, sponsor=sponsor, levels={"L2": 1, "W1": 4})


def claim(snapshot, at, kind="board-paper", version=1):
    job = Job.objects.filter(kind=kind, dedupe_key=f"{kind}:{snapshot.pk}:{version}").first()
    job = job or jobs.insert(
        kind=kind, subject_id=snapshot.pk, organisation=None, at=at, version=version
    )
    return jobs.claim(job.pk, worker="test", at=at + dt.timedelta(minutes=1))


def save(assessment, by, at, version=0, **changes):
    return save_cover(assessment=assessment, version=version, by=by, at=at, **FILLED | changes)


def test_make_report_stores_row_bytes_hash_and_ends_the_job(snapshot, at):
    job = claim(snapshot, at)
    report = make_report(job=job, at=at)
    stored = ReportBytes.objects.get(report=report)
    assert report.reference == "2026-north-east-london-board-paper-v1"
    assert report.digest == hashlib.sha256(bytes(stored.pdf)).hexdigest()
    assert report.size == len(stored.pdf)
    assert 1 < report.pages <= 10
    assert report.software["weasyprint"]
    assert stored.html.count("<h1>") == 1
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert AuditEvent.objects.filter(verb="report-made", detail__reference=report.reference)


def test_same_snapshot_and_cover_make_the_same_bytes(snapshot, at):
    cover = papers.cover_of(snapshot.assessment)
    identity = papers._identity(snapshot, "board-paper", None, cover)
    first = papers._print(snapshot, cover, identity, at)[1]
    assert papers._print(snapshot, cover, identity, at)[1].sha256 == first.sha256


IN_ANOTHER_PROCESS = """
import datetime as dt, os
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
django.setup()
from reporting.documents import FrameworkTexts, Identity, Limits, Source
from reporting.services import papers
from tests.reporting import snapshots
identity = Identity("board-paper", "2026-a-board-paper-v1", 1, "http://testserver/", "0" * 64)
cover = {"purpose": "", "board_on": ""}
source = Source(snapshots.complete(), cover, identity, FrameworkTexts(), Limits())
body, rendered = papers._render(source, dt.datetime(2026, 11, 16, 10, tzinfo=dt.UTC))
print(rendered.sha256, len(rendered.pdf))
"""


def test_same_snapshot_and_cover_make_the_same_bytes_in_another_process():
    """Whatever order the processes keep sets in, and whenever they print."""
    made = [
        subprocess.run(
            [sys.executable, "-c", IN_ANOTHER_PROCESS],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, timeout=120, check=True,
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert made[0] == made[1]
    assert int(made[0].split()[1]) > 50_000


def test_make_report_again_makes_nothing_new(snapshot, at):
    first = make_report(job=claim(snapshot, at), at=at)
    again = claim(snapshot, at, version=2)
    assert make_report(job=again, at=at) == first
    again.refresh_from_db()
    assert again.state == Job.State.DONE
    assert Report.objects.count() == 1


def test_changed_cover_makes_the_next_version_with_a_reason(snapshot, lead, at):
    first = make_report(job=claim(snapshot, at), at=at)
    save(snapshot.assessment, lead, at)
    second = make_report(job=claim(snapshot, at, version=2), at=at)
    assert (second.version, second.reference) == (2, "2026-north-east-london-board-paper-v2")
    assert second.reason == (
        "The cover sheet was changed: Board, date of the meeting, agenda item, purpose, author."
    )
    assert second.cover["purpose_name"] == "For assurance"
    assert "Version 2." in second.bytes.html
    assert Report.objects.filter(pk=first.pk).exists()


def test_changed_date_is_a_reissue_that_says_from_when_to_when(snapshot, lead, at):
    make_report(job=claim(snapshot, at), at=at)
    save(snapshot.assessment, lead, at)
    make_report(job=claim(snapshot, at, version=2), at=at)
    save(snapshot.assessment, lead, at, version=1, board_on=dt.date(2027, 2, 24))
    third = make_report(job=claim(snapshot, at, version=3), at=at)
    moved = "The date of the meeting was changed from 27 January 2027 to 24 February 2027."
    assert third.reason == moved
    assert moved in third.bytes.html
    assert Assessment.objects.get().state == Assessment.State.SIGNED_OFF
    save(snapshot.assessment, lead, at, version=2, board_on=dt.date(2027, 3, 3), agenda_item="9")
    fourth = make_report(job=claim(snapshot, at, version=4), at=at)
    assert fourth.reason == (
        "The date of the meeting was changed from 24 February 2027 to 3 March 2027. The cover "
        "sheet was changed: agenda item."
    )


def test_signing_off_again_makes_the_next_version(snapshot, sponsor, heg, lead, at):
    first = make_report(job=claim(snapshot, at), at=at)
    document = json.loads(snapshot.document) | {"version": 2}
    newer = factories.a.Snapshot.objects.create(
        assessment=snapshot.assessment,
        version=2,
        document=json.dumps(document),
        digest="0" * 64,
        signed_off_at=at,
        signed_by=sponsor,
        framework_version=snapshot.framework_version,
        scoring_version="1",
        software_version="test",
    )
    second = make_report(job=claim(newer, at), at=at)
    assert (second.version, second.reason) == (2, papers.SIGNED_AGAIN)
    late = claim(snapshot, at, version=3)
    assert make_report(job=late, at=at) == second
    assert first.version == 1


def test_full_report_is_made_beside_the_board_paper(snapshot, at):
    report = make_report(job=claim(snapshot, at, kind="full-report"), at=at)
    assert report.reference == "2026-north-east-london-full-report-v1"
    assert "Wording of L1." in report.bytes.html


def test_lost_lease_keeps_nothing(snapshot, at):
    job = claim(snapshot, at)
    Job.objects.filter(pk=job.pk).update(attempts=2)
    with pytest.raises(jobs.LeaseLost):
        make_report(job=job, at=at)
    assert not Report.objects.exists()
    assert not ReportBytes.objects.exists()


@pytest.mark.parametrize("is_rated", [False, True])
def test_longest_board_paper_is_kept_to_ten_pages_and_tells_of_falling_measures(
    framework, at, is_rated
):
    document = snapshots.longest()
    document = snapshots.with_every_action_rated(document) if is_rated else document
    document["framework"]["version"] = framework.version
    document["plan"]["measures"][5] |= {"name": "Trust", "latest": "1"}
    report = make_report(job=claim(stored(document), at), at=at)
    assert report.pages <= papers.MOST_BOARD_PAGES
    assert "6 more measures (moved towards the target): see the full report." in report.bytes.html
    assert table(report.bytes.html, "Our plan and its measures").row("Trust")[-1].startswith("▼")


@pytest.mark.parametrize("is_rated", [False, True])
def test_board_paper_of_which_little_is_assessed_has_ten_pages(framework, at, is_rated):
    """Ranges stand where a whole assessment has one level, and take more room."""
    document = snapshots.sparse()
    document = snapshots.with_every_action_rated(document) if is_rated else document
    document["framework"]["version"] = framework.version
    report = make_report(job=claim(stored(document), at), at=at)
    assert "Between Not started and" in report.bytes.html
    assert report.pages <= papers.MOST_BOARD_PAGES


def test_board_paper_that_nothing_shortens_is_printed_as_short_as_it_gets(
    snapshot, at, monkeypatch
):
    printed = []
    render = papers.pdf.render

    def count(html, **words):
        printed.append(html)
        return render(html, **words)

    monkeypatch.setattr(papers.pdf, "render", count)
    monkeypatch.setattr(papers, "MOST_BOARD_PAGES", 1)
    report = make_report(job=claim(snapshot, at), at=at)
    assert len(printed) == len(papers.LADDER)
    assert report.pages > 1


def test_reports_cannot_be_changed(snapshot, at, guards_on):
    report = make_report(job=claim(snapshot, at), at=at)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(digest="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportBytes.objects.filter(report=report).delete()


def test_save_cover_writes_the_sheet_and_the_boards_date(assessment, lead, at):
    cover = save(assessment, lead, at)
    assert (cover.version, cover.board_name) == (1, "Board of North East London")
    assert Assessment.objects.get(pk=assessment.pk).board_on == dt.date(2027, 1, 27)
    verbs = list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs[-2:] == ["cover-saved", "board-date.recorded"]


def test_save_cover_with_the_same_date_does_not_record_it_again(assessment, lead, at):
    save(assessment, lead, at)
    save(assessment, lead, at, version=1, agenda_item="8")
    assert AuditEvent.objects.filter(verb="board-date.recorded").count() == 1


def test_save_cover_without_a_date_records_none(assessment, lead, at):
    save(assessment, lead, at, board_on=None)
    assert not AuditEvent.objects.filter(verb="board-date.recorded").exists()


def test_stale_cover_is_refused_with_what_stands(assessment, lead, sponsor, at):
    save(assessment, lead, at)
    with pytest.raises(StaleCover) as refusal:
        save(assessment, sponsor, at, agenda_item="9")
    assert refusal.value.current.agenda_item == "7.2"
    assert Cover.objects.get().version == 1


def test_the_same_cover_twice_is_one_save(assessment, lead, at):
    cover = save(assessment, lead, at)
    assert save(assessment, lead, at) == cover
    assert AuditEvent.objects.filter(verb="cover-saved").count() == 1
    with pytest.raises(StaleCover):
        save(assessment, lead, at, board_on=None)


def test_cover_of_a_draft_asks_for_no_paper(assessment, lead, at):
    save(assessment, lead, at)
    assert not Job.objects.exists()


def test_cover_of_a_signed_off_assessment_asks_for_both_papers_again(snapshot, lead, at):
    make_report(job=claim(snapshot, at), at=at)
    save(snapshot.assessment, lead, at)
    keys = set(Job.objects.values_list("dedupe_key", flat=True))
    assert {f"board-paper:{snapshot.pk}:2", f"full-report:{snapshot.pk}:2"} <= keys


def test_cover_saved_without_a_change_asks_for_nothing(snapshot, lead, at):
    save(snapshot.assessment, lead, at)
    for kind in papers.KINDS:
        make_report(job=claim(snapshot, at, kind=kind), at=at)
    before = Job.objects.count()
    save(snapshot.assessment, lead, at, version=1)
    assert Job.objects.count() == before


def test_cover_of_a_reopened_assessment_waits_for_the_next_signature(snapshot, lead, heg, at):
    assessment = snapshot.assessment
    Assessment.objects.filter(pk=assessment.pk).update(
        reopening_asked_at=at, reopening_reason="A figure was wrong"
    )
    reopen(assessment=assessment, by=heg, at=at)
    before = Job.objects.count()
    save(assessment, lead, at)
    assert Job.objects.count() == before


def test_web_process_never_imports_the_pdf_engine():
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "import django; django.setup()\n"
        "from django.urls import get_resolver; get_resolver().url_patterns\n"
        "from django.core.handlers.wsgi import WSGIHandler; WSGIHandler()\n"
        "import reporting.views.reports\n"
        "sys.exit('weasyprint' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
