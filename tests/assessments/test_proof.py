"""What nobody can go and look at proves nothing: withheld, in quarantine, still being checked."""

import pytest

from assessments import services
from assessments.models import Evidence, FrozenItem
from assessments.queries import advice, gaps, load_sheet
from assessments.views.exceptions import sponsor_page
from reporting.services import redact_evidence
from tests import factories

pytestmark = pytest.mark.django_db

ON = factories.AT.date()
REASON = "It names a member of staff."


@pytest.fixture
def complete(assessment, lead):
    return factories.complete_assessment(assessment, by=lead)


@pytest.fixture
def evidence(complete):
    """All that L1 cites: a published file, so of strength B."""
    of_l1 = Evidence.objects.filter(citations__answer__item__code="L1")
    of_l1.update(kind="file", url="", file="evidence/x.pdf", file_name="x.pdf", title="Pay review")
    return of_l1.get()


def withhold(evidence, lead, at):
    redact_evidence(evidence=evidence, reason=REASON, by=lead, at=at)
    return f"“Withheld on 16 November 2026: {REASON}” does not count as evidence: it was withheld."


def quarantine(evidence, *_who):
    Evidence.objects.filter(pk=evidence.pk).update(file_scan="withheld")
    return "“Pay review” does not count as evidence: a virus was found in its file."


def check(evidence, *_who):
    Evidence.objects.filter(pk=evidence.pk).update(file_scan="waiting")
    return "“Pay review” does not count as evidence: its file is still being checked for viruses."


@pytest.fixture(params=[withhold, quarantine, check])
def told(request, evidence, lead, at):
    """Taken out of reach in one of three ways; what the reader is told of it."""
    return request.param(evidence, lead, at)


def whats(found):
    return [gap.what for gap in found if gap.code == "L1"]


def line_of(assessment):
    return next(line for line in load_sheet(assessment) if line.answer.item.code == "L1")


def test_clean_file_counts(complete, evidence):
    Evidence.objects.filter(pk=evidence.pk).update(file_scan="clean")
    assert gaps(complete, ON) == []


def test_it_is_not_the_only_evidence_that_lets_a_sign_off_through(complete, told, lead, at):
    strong, why = whats(gaps(complete, ON))
    assert "strength A or B" in strong
    assert why == told
    with pytest.raises(services.Incomplete):
        services.send_for_sign_off(assessment=complete, by=lead, at=at)


def test_sign_off_asks_again_when_it_was_sent_before(complete, evidence, lead, sponsor, at):
    services.send_for_sign_off(assessment=complete, by=lead, at=at)
    quarantine(evidence)
    with pytest.raises(services.Incomplete):
        services.sign_off(assessment=complete, by=sponsor, at=at)


def test_beside_other_evidence_it_is_pointed_at_and_counts_for_nothing(
    complete, told, lead, sponsor, at
):
    factories.cite(line_of(complete).answer, is_independent=True, added_by=lead)
    assert whats(gaps(complete, ON)) == []
    assert whats(advice(complete, ON)) == [told]
    services.send_for_sign_off(assessment=complete, by=lead, at=at)
    services.sign_off(assessment=complete, by=sponsor, at=at)
    assert FrozenItem.objects.get(code="L1").grades == {"A": 1, "B": 0, "C": 0, "D": 1}


def test_sponsor_reads_why_a_claim_is_weak(complete, told, sponsor):
    groups = {group.title: group.rows for group in sponsor_page(complete, sponsor, ON).groups}
    assert [row.why for row in groups["Claims with weak evidence"]] == [told]


def test_pages_show_strength_d_and_why(client, complete, evidence, told, lead):
    why = told.rpartition(": ")[2].rstrip(".")
    client.force_login(lead)
    for path in (
        f"{complete.get_absolute_url()}L1/",
        evidence.get_absolute_url(),
        f"/evidence/{complete.organisation.slug}/",
    ):
        text = client.get(path, follow=True).text
        assert why in text, path
    assert "D: Statement only" in client.get(f"{complete.get_absolute_url()}L1/").text


def test_withheld_later_it_loses_its_strength_in_the_record_too(
    complete, evidence, lead, sponsor, at
):
    services.send_for_sign_off(assessment=complete, by=lead, at=at)
    snapshot = services.sign_off(assessment=complete, by=sponsor, at=at)
    before = FrozenItem.objects.get(code="L2").grades
    redact_evidence(evidence=evidence, reason=REASON, by=lead, at=at)
    assert FrozenItem.objects.get(code="L1").grades == {"A": 0, "B": 0, "C": 0, "D": 1}
    assert FrozenItem.objects.get(code="L2").grades == before
    snapshot.refresh_from_db()
    assert '"strength":"D"' in snapshot.document
