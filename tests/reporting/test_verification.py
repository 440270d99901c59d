"""Everything frozen is hashed again: each change is found by name, and nothing else is."""

import hashlib
import json
from collections import Counter
from random import Random

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction

from assessments.models import Evidence, FrozenItem, Snapshot
from portal import guards, jobs
from portal.models import Job
from reporting.models import Pack, Report, ReportBytes
from reporting.queries.verification import Difference, differences
from reporting.services import make_report, redact_report
from tests import factories
from tests.reporting import packs

pytestmark = pytest.mark.django_db

CLEAN = {"papers": 2, "records": 2, "files": 2, "withheld": 0}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def stored(framework, lead, sponsor, at, guards_on):
    """Two systems, each with a signed-off record, a Board paper and an uploaded file."""
    cycle = None
    for slug in ("north-east-london", "south-east-london"):
        place = factories.organisation(slug)
        cycle = cycle or factories.open_cycle(framework)
        assessment = place.assessments.first() or _join(cycle, place)
        snapshot = factories.signed_off(
            assessment,
            lead=factories.user_with("lead", place),
            sponsor=factories.user_with("sponsor", place),
        )
        job = Job.objects.get(kind="board-paper", subject_id=snapshot.pk)
        make_report(job=jobs.claim(job.pk, worker="test", at=at), at=at)
        _upload(place, lead, f"What {slug} has written down.".encode() * 50)


def _join(cycle, place):
    from assessments.services import add_assessment

    return add_assessment(cycle=cycle, organisation=place, by=None, at=factories.AT)


def _upload(place, by, content):
    name = default_storage.save(f"evidence/{place.slug}.pdf", ContentFile(content))
    return factories.EvidenceFactory(
        organisation=place,
        kind=Evidence.Kind.FILE,
        url="",
        file=name,
        file_name="minutes.pdf",
        file_digest=hashlib.sha256(content).hexdigest(),
        file_size=len(content),
        added_by=by,
    )


def found():
    checked = Counter()
    return list(differences(checked)), checked


def with_one_bit_changed(content, random):
    place = random.randrange(len(content))
    changed = bytearray(content)
    changed[place] ^= 1 << random.randrange(7)
    return bytes(changed)


def test_nothing_differs_in_what_the_portal_made(stored):
    none, checked = found()
    assert (none, checked) == ([], CLEAN)


def test_each_of_a_hundred_changes_of_one_byte_is_found_by_name(stored):
    random = Random(20261125)
    names = []
    for _change in range(100):
        change = random.choice([change_paper, change_record, change_file])
        with transaction.atomic():
            expected, put_back = change(random)
        names.append((expected, [(one.kind, one.name) for one in found()[0]]))
        put_back()
    assert [pair for pair in names if pair[1] != [pair[0]]] == []
    assert {kind for (kind, _name), _found in names} == {"paper", "record", "file"}
    assert found()[0] == []


def change_paper(random):
    report = random.choice(list(Report.objects.order_by("pk")))
    rows, was = ReportBytes.objects.filter(report=report), bytes(report.bytes.pdf)
    change_frozen(rows, pdf=with_one_bit_changed(was, random))
    return ("paper", report.reference), lambda: change_frozen(rows, pdf=was)


def change_record(random):
    snapshot = random.choice(list(Snapshot.objects.order_by("pk")))
    rows, was = Snapshot.objects.filter(pk=snapshot.pk), snapshot.document
    place = random.randrange(len(was))
    letter = "x" if was[place] != "x" else "y"
    change_frozen(rows, document=was[:place] + letter + was[place + 1 :])
    return ("record", snapshot.reference), lambda: change_frozen(rows, document=was)


def change_file(random):
    evidence = random.choice(list(Evidence.objects.exclude(file="").order_by("pk")))
    path = evidence.file.path
    with open(path, "rb") as file:
        was = file.read()

    def write(content):
        with open(path, "wb") as file:
            file.write(content)

    write(with_one_bit_changed(was, random))
    return ("file", evidence.file.name), lambda: write(was)


def change_frozen(rows, **values):
    with transaction.atomic(), guards.lifted():
        rows.update(**values)


def test_changed_page_of_a_paper_is_found(stored):
    report = Report.objects.first()
    change_frozen(ReportBytes.objects.filter(report=report), html="<h1>Better</h1>")
    assert [str(one) for one in found()[0]] == [f"page of paper {report.reference} differs"]


def test_paper_changed_together_with_its_hash_is_told_by_the_log(stored):
    report = Report.objects.first()
    change_frozen(ReportBytes.objects.filter(report=report), pdf=b"%PDF other")
    other = hashlib.sha256(b"%PDF other").hexdigest()
    change_frozen(Report.objects.filter(pk=report.pk), digest=other)
    assert found()[0] == [Difference("paper", report.reference, "differs", report.digest, other)]


def test_rows_of_the_comparison_must_say_what_the_record_says(stored):
    snapshot = Snapshot.objects.first()
    change_frozen(FrozenItem.objects.filter(snapshot=snapshot, code="L1"), level=4)
    assert [str(one) for one in found()[0]] == [f"rows of record {snapshot.reference} differs"]


def test_missing_paper_and_missing_file_are_named(stored):
    report, evidence = Report.objects.first(), Evidence.objects.exclude(file="").first()
    with transaction.atomic(), guards.lifted():
        ReportBytes.objects.filter(report=report).delete()
    default_storage.delete(evidence.file.name)
    assert [str(one) for one in found()[0]] == [
        f"paper {report.reference} is missing",
        f"file {evidence.file.name} is missing",
    ]


def test_withheld_paper_is_no_difference_unless_it_is_still_there(stored, lead, at):
    report = Report.objects.first()
    redact_report(report=report, reason="It names a person.", by=lead, at=at)
    none, checked = found()
    assert (none, checked) == ([], CLEAN | {"withheld": 1})
    change_frozen(ReportBytes.objects.filter(report=report), pdf=b"%PDF")
    assert found()[0][0].problem == "was withheld and is still there"


def test_command_says_that_nothing_differs(stored, capsys):
    call_command("verify_reports")
    assert capsys.readouterr().out == (
        "Looked at 2 papers, 2 records, 2 files, 0 withheld: nothing differs.\n"
    )


def test_command_names_what_differs_and_exits_with_1(stored, capsys):
    snapshot = Snapshot.objects.first()
    change_frozen(Snapshot.objects.filter(pk=snapshot.pk), document="{}")
    with pytest.raises(SystemExit) as exit_:
        call_command("verify_reports")
    assert exit_.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        f"record {snapshot.reference} differs",
        "Looked at 2 papers, 2 records, 2 files, 0 withheld: 1 differs.",
    ]
    for file in Evidence.objects.exclude(file=""):
        default_storage.delete(file.file.name)
    with pytest.raises(SystemExit):
        call_command("verify_reports")
    assert capsys.readouterr().out.endswith("3 differ.\n")


def test_command_prints_json(stored, capsys):
    call_command("verify_reports", "--json")
    assert json.loads(capsys.readouterr().out) == {"checked": CLEAN, "differences": []}
    report = Report.objects.first()
    change_frozen(ReportBytes.objects.filter(report=report), pdf=b"")
    with pytest.raises(SystemExit):
        call_command("verify_reports", "--json")
    (told,) = json.loads(capsys.readouterr().out)["differences"]
    assert (told["name"], told["expected"]) == (report.reference, report.digest)


def test_queries_grow_with_the_papers_by_a_constant_each(stored, django_assert_max_num_queries):
    with django_assert_max_num_queries(6 + 2 * 2 + 2 * 2):
        found()


def test_changed_london_pack_is_found_by_name(framework, heg, guards_on):
    pack = packs.in_check(packs.released(framework, "north-east-london"), heg)
    assert [one for one in found()[0] if one.kind == "record of"] == []
    assert found()[1]["packs"] == 1
    guards.remove()
    Pack.objects.filter(pk=pack.pk).update(document=pack.document.replace("a", "b", 1))
    assert [one.name for one in found()[0] if one.kind == "record of"] == [str(pack)]
