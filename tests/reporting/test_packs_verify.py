"""A London pack on the public page, and one that is withheld: said everywhere, offered nowhere."""

from collections import Counter

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.services import NothingToWithhold
from portal.models import AuditEvent
from reporting.models import Report, ReportBytes
from reporting.queries.verification import differences
from reporting.services import issue_pack, redact_report
from tests import factories
from tests.reporting import packs
from tests.reporting.test_verify_page import text, told

pytestmark = pytest.mark.django_db

URL = "/verify/"
CLOSED = factories.london(2026, 12, 15)
LATER = factories.london(2026, 12, 16)
REASON = "It names a member of staff."


@pytest.fixture(autouse=True)
def now():
    cache.clear()
    with time_machine.travel(LATER, tick=False):
        yield
    cache.clear()


@pytest.fixture
def pack(framework, heg):
    return packs.in_check(packs.released(framework, "north-east-london"), heg)


def paper(pack, kind, at=packs.AT):
    """A pack's paper whose bytes are its reference, without the printing."""
    report = pack.reports.filter(kind=kind).first() or packs.stand_in(pack, kind, at)
    content = report.reference.encode()
    ReportBytes.objects.create(report=report, pdf=content, html="<h1>Pack</h1>")
    return report


@pytest.fixture
def draft(pack):
    return paper(pack, "london-pack-draft")


@pytest.fixture
def issued(pack, draft, heg):
    issue_pack(pack=pack, by=heg, at=CLOSED)
    return paper(pack, "london-pack", CLOSED)


def by_file(client, report):
    content = bytes(report.bytes.pdf)
    return text(client.post(URL, {"file": SimpleUploadedFile("pack.pdf", content)}))


def by_reference(client, report):
    return text(client.get(URL, {"reference": report.reference}))


def by_hash(client, report):
    return text(client.post(URL, {"reference": report.digest}))


EVERY_WAY = pytest.mark.parametrize("ask", [by_file, by_reference, by_hash])


@EVERY_WAY
def test_issued_pack_is_genuine_to_everybody(client, issued, ask):
    page = told(ask(client, issued))
    assert "Genuine" in page
    assert f"<strong>{issued.reference}</strong> was made by this portal on 15 December" in page
    assert ("The file is unchanged." in page) == (ask is not by_reference)


def test_draft_is_known_by_its_file_or_hash_and_not_by_its_reference(client, draft):
    assert "Genuine" in told(by_file(client, draft))
    assert "Genuine" in told(by_hash(client, draft))
    assert "Unknown" in told(by_reference(client, draft))


@pytest.mark.parametrize(("role", "tag"), [("lead", "Genuine"), ("board", "Unknown")])
def test_drafts_reference_is_confirmed_to_whoever_may_read_it(client, draft, role, tag):
    client.force_login(factories.user_with(role, factories.organisation()))
    assert tag in told(by_reference(client, draft))


def test_draft_is_superseded_by_the_issued_pack(client, draft, issued):
    page = told(by_file(client, draft))
    assert "Superseded" in page
    assert f"superseded by <strong>{issued.reference}</strong>, made on 15 December 2026" in page


def test_newer_draft_is_no_secret_to_those_who_may_read_it_alone(client, pack, draft, heg):
    newer = paper(packs.draft(pack.cycle, heg, at=CLOSED), "london-pack-draft", CLOSED)
    assert "Genuine" in told(by_file(client, draft))
    client.force_login(heg)
    assert f"superseded by <strong>{newer.reference}</strong>" in told(by_file(client, draft))


@EVERY_WAY
def test_pack_issued_again_supersedes_the_one_before(client, pack, issued, heg, ask):
    again = packs.draft(pack.cycle, heg, at=CLOSED, reason="A date was wrong.")
    issue_pack(pack=again, by=heg, at=LATER)
    newer = paper(again, "london-pack", LATER)
    assert f"superseded by <strong>{newer.reference}</strong>" in told(ask(client, issued))
    assert "Genuine" in told(ask(client, newer))


@EVERY_WAY
def test_withheld_pack_says_so_and_gives_no_reason(client, issued, heg, ask):
    page = withheld(client, issued, heg, ask)
    assert "Withheld" in page
    assert "was withheld on 16 December 2026" in page
    assert REASON not in page


def withheld(client, report, heg, ask):
    sent = Report.objects.select_related("bytes").get(pk=report.pk)
    redact_report(report=report, reason=REASON, by=heg, at=LATER)
    return told(ask(client, sent))


def test_changed_pack_is_unknown(client, issued):
    sent = SimpleUploadedFile("pack.pdf", bytes(issued.bytes.pdf) + b" ")
    page = told(text(client.post(URL, {"file": sent})))
    assert "Unknown" in page
    assert issued.reference not in page


def test_withheld_pack_is_taken_away_and_its_hash_stays(issued, heg, guards_on):
    redaction = redact_report(report=issued, reason=REASON, by=heg, at=LATER)
    kept = ReportBytes.objects.get(report=issued)
    assert (bytes(kept.pdf), kept.html) == (b"", "")
    assert redaction.withheld.get().digest == issued.digest
    assert AuditEvent.objects.get(verb="redacted").chain == redaction.organisation.slug
    assert redaction.organisation.kind == "heg"
    assert [one for one in differences(Counter()) if one.kind == "paper"] == []
    with pytest.raises(NothingToWithhold):
        redact_report(report=issued, reason=REASON, by=heg, at=LATER)


def test_withheld_pack_is_offered_on_no_page(client, pack, draft, issued, heg):
    client.force_login(heg)
    pdf = f"/reports/{issued.reference}.pdf"
    pages = ("/reports/", pack.get_absolute_url())
    assert [pdf in text(client.get(page)) for page in pages] == [True, True]
    redact_report(report=issued, reason=REASON, by=heg, at=LATER)
    for page in pages:
        said = text(client.get(page))
        assert pdf not in said
        assert "ithheld on 16 December 2026" in said
    assert f"/reports/{draft.reference}.pdf" in text(client.get(pack.get_absolute_url()))
    assert client.get(pdf)["Location"] == issued.get_absolute_url()
    page = text(client.get(issued.get_absolute_url()))
    assert f"Withheld on 16 December 2026: {REASON}" in page
    assert issued.digest in page
