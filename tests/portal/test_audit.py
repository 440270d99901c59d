"""The audit log: one chain an organisation, each event holding its predecessor's digest."""

import pytest
from django.db import transaction

from portal import audit
from portal.models import AuditChain, AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


def test_record_chains_events_of_one_organisation(lead, system, at):
    first = audit.record(
        by=lead, verb="save-answer", target=system, organisation=system, at=at, level=2
    )
    second = audit.record(by=None, verb="open", target="cycle", organisation=system, at=at)

    assert (first.chain, first.sequence, first.previous_digest) == (system.slug, 1, "")
    assert (second.sequence, second.previous_digest) == (2, first.digest)
    assert (first.actor, first.target) == (lead.email, f"portal.organisation:{system.pk}")
    assert (second.actor, second.target) == ("portal", "cycle")
    head = AuditChain.objects.get(name=system.slug)
    assert (head.sequence, head.digest) == (2, second.digest)


def test_chains_of_different_organisations_are_apart(lead, system, at):
    other = factories.organisation("south-east-london")
    for organisation in (system, other, None):
        audit.record(by=lead, verb="look", target="x", organisation=organisation, at=at)
    assert set(AuditEvent.objects.values_list("chain", "sequence")) == {
        (system.slug, 1),
        (other.slug, 1),
        (audit.PORTAL, 1),
    }


def test_digest_is_the_same_when_read_back_and_differs_for_any_change(lead, system, at):
    audit.record(by=lead, verb="ß", target="x", organisation=system, at=at, codes=["L1", "é"])
    event = AuditEvent.objects.get()
    assert audit.digest(event) == event.digest

    for field, value in {"verb": "other", "actor": "x", "detail": {}, "sequence": 9}.items():
        changed = AuditEvent.objects.get()
        setattr(changed, field, value)
        assert audit.digest(changed) != event.digest


def test_event_goes_when_its_change_is_rolled_back(lead, system, at):
    with transaction.atomic():
        audit.record(by=lead, verb="look", target="x", organisation=system, at=at)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()
    assert not AuditChain.objects.exists()
