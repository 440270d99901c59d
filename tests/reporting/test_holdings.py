"""An organisation's export: complete, canonical, and without who only looked."""

import io
import json

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from assessments.models import Evidence
from portal import audit
from portal import services as portal_services
from reporting.queries import holdings
from tests import factories
from tests.test_house import belongs_to_an_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def export(slug="north-east-london", *options):
    out = io.StringIO()
    call_command("export_organisation", slug, *options, stdout=out)
    return out.getvalue()


def test_every_table_that_belongs_to_an_organisation_is_exported_or_left_out_with_a_reason():
    own = [model for app in holdings.APPS for model in apps.get_app_config(app).get_models()]
    owned = {one._meta.label_lower for one in own if belongs_to_an_organisation(one)}
    exported = {model._meta.label_lower for model in holdings.owned_models()}
    left_out = set(holdings.LEFT_OUT) & owned
    assert {"assessments.answer", "reporting.report", "portal.membership"} <= exported
    assert owned == exported | left_out
    assert not any(model._meta.local_many_to_many for model in holdings.owned_models())


def test_export_holds_what_was_written_and_nobody_elses(assessment, system, lead, sponsor, at):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    other = factories.organisation("south-east-london")
    factories.user_with("lead", other, name="Somebody Else")
    content = json.loads(export("north-east-london", "--json"))

    assert [row["item"] for row in content["assessments.answer"]][:2] == ["L1", "L2"]
    assert {row["assessment"] for row in content["assessments.answer"]} == {assessment.pk}
    assert content["assessments.snapshot"][0]["signed_by"] == sponsor.email
    assert [row["slug"] for row in content["portal.organisation"]] == ["north-east-london"]
    assert {row["email"] for row in content["people"]} == {lead.email, sponsor.email}
    assert content["events"][-1]["verb"] == "assessment.signed-off"
    assert "Somebody Else" not in json.dumps(content)


def test_export_is_canonical_and_the_same_each_time(assessment):
    text = export("north-east-london", "--json")
    assert export("north-east-london", "--json") == text
    lines = [line.removesuffix(",") for line in text.splitlines() if line.startswith("{")]
    rows = [line.rstrip("]}") + "}" for line in lines[1:]]
    for row in rows:
        assert row == json.dumps(
            json.loads(row), sort_keys=True, ensure_ascii=False, separators=(",", ":")
        )


def test_export_is_the_same_after_somebody_only_looked(assessment, system, lead, at):
    before = export("north-east-london", "--json")
    for verb in holdings.ACCESS_VERBS:
        audit.record(by=lead, verb=verb, target="x", organisation=system, at=at)
    assert export("north-east-london", "--json") == before
    audit.record(by=lead, verb="step.added", target="x", organisation=system, at=at)
    assert export("north-east-london", "--json") != before


def test_export_lets_nobody_in(system, lead, at):
    invitation, token = portal_services.invite(
        email="new@example.org", name="New", organisation=system, role="board", by=lead, at=at
    )
    text = export("north-east-london", "--json")
    assert "new@example.org" in text
    assert token not in text
    assert invitation.token_hash not in text


def test_evidence_is_named_with_its_hash(system, lead, at):
    factories.EvidenceFactory(
        organisation=system,
        added_by=lead,
        kind=Evidence.Kind.FILE,
        url="",
        file="evidence/x.pdf",
        file_digest="ab" * 32,
    )
    row = json.loads(export("north-east-london", "--json"))["assessments.evidence"][0]
    assert (row["file"], row["file_digest"]) == ("evidence/x.pdf", "ab" * 32)


def test_without_json_it_counts(assessment):
    assert "assessments.answer: 8\n" in export()


def test_unknown_organisation_is_named():
    with pytest.raises(CommandError, match="There is no organisation nowhere"):
        export("nowhere")
