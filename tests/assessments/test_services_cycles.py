"""Cycles open and change, assessments are added, carried forward, extended and exempted."""

import datetime as dt

import pytest

from assessments import services
from assessments.models import Answer, CadenceRule, Citation, Cycle, ObservedChange, Revision
from commitments.models import Item
from portal.models import AuditEvent, Message, Organisation
from tests import factories
from tests.factories import london

DAY = dt.timedelta(days=1)


def test_open_cycle_adds_an_assessment_for_every_live_system(framework, system):
    factories.organisation("south-east-london")
    factories.organisation("gone", valid_to=dt.date(2026, 3, 31))
    factories.organisation("croydon", kind=Organisation.Kind.LOCAL_AUTHORITY)

    cycle = factories.open_cycle(framework)

    slugs = cycle.assessments.order_by("organisation__slug")
    assert list(slugs.values_list("organisation__slug", flat=True)) == [
        "north-east-london",
        "south-east-london",
    ]
    first = slugs[0]
    assert first.answers.count() == 8
    assert set(first.answers.values_list("level", "version", "is_reconfirmed")) == {(None, 0, True)}
    assert AuditEvent.objects.filter(verb="cycle.opened").count() == 1
    assert AuditEvent.objects.filter(verb="assessment.opened").count() == 2


def test_open_cycle_that_opens_later_waits_with_its_assessments(framework, system):
    cycle = factories.open_cycle(framework, at=london(2026, 9, 1))

    assert not cycle.assessments.exists()


@pytest.mark.parametrize("same", [{"slug": "2026"}, {"name": "Self-assessment 2026"}])
def test_open_cycle_of_the_same_slug_or_name_is_refused(framework, same):
    factories.open_cycle(framework)
    other = {"slug": "other", "name": "Another"} | same

    with pytest.raises(services.CycleExists):
        factories.open_cycle(framework, **other)

    assert Cycle.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens_at": london(2026, 12, 16)},
        {"closes_at": london(2026, 12, 1)},
        {"last_release_at": london(2027, 1, 1)},
    ],
)
def test_open_cycle_with_dates_out_of_order_is_refused(framework, wrong):
    with pytest.raises(services.DatesOutOfOrder):
        factories.open_cycle(framework, **wrong)


def test_change_cycle_moves_its_dates(framework, heg, at):
    cycle = factories.open_cycle(framework)

    changed = services.change_cycle(
        cycle=cycle,
        opens_at=cycle.opens_at,
        due_at=cycle.due_at + DAY,
        closes_at=cycle.closes_at + DAY,
        last_release_at=cycle.last_release_at + DAY,
        by=heg,
        at=at,
    )

    assert changed.due_at == cycle.due_at + DAY
    event = AuditEvent.objects.get(verb="cycle.changed")
    assert event.detail["due_at"] == "2026-12-16T23:59:00+00:00"
    with pytest.raises(services.DatesOutOfOrder):
        services.change_cycle(
            cycle=cycle,
            opens_at=cycle.opens_at,
            due_at=cycle.opens_at,
            closes_at=cycle.closes_at,
            last_release_at=cycle.last_release_at,
            by=heg,
            at=at,
        )


def test_add_assessment_of_a_constituent_once(framework, heg, at):
    cycle = factories.open_cycle(framework)
    trust = factories.organisation("homerton", kind=Organisation.Kind.TRUST)

    added = services.add_assessment(cycle=cycle, organisation=trust, by=heg, at=at)

    assert added.opened_at == at
    assert added.answers.count() == 8
    with pytest.raises(services.AlreadyAdded):
        services.add_assessment(cycle=cycle, organisation=trust, by=heg, at=at)


def test_add_assessment_at_mid_year_has_no_answers(framework, system):
    cycle = factories.open_cycle(framework, kind=Cycle.Kind.MID_YEAR)

    assert not cycle.assessments.get().answers.exists()


def next_cycle(framework, **changes):
    words = {
        "slug": "2027",
        "name": "Self-assessment 2027",
        "opens_at": london(2027, 10, 4),
        "due_at": london(2027, 12, 15),
        "closes_at": london(2028, 1, 15),
        "last_release_at": london(2028, 3, 31),
    }
    return factories.open_cycle(framework, **(words | changes))


def test_add_assessment_carries_the_last_signed_off_words_forward(
    framework, assessment, lead, sponsor
):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor, levels={"L1": 4, "W1": 0})
    before = assessment.answers.get(item__code="L1")

    answer = next_cycle(framework).assessments.get().answers.get(item__code="L1")

    assert (answer.level, answer.coverage, answer.narrative) == (
        4,
        "most",
        "What we do about L1.",
    )
    assert (answer.version, answer.is_reconfirmed, answer.carried_from) == (1, False, before)
    revision = answer.revisions.get()
    assert (revision.kind, revision.version, revision.by) == (Revision.Kind.CARRIED, 1, None)
    assert revision.narrative == "What we do about L1."
    assert answer.citations.get().evidence == before.citations.get().evidence
    assert answer.observed_change.measure == before.observed_change.measure
    assert ObservedChange.objects.count() == 2
    opened = AuditEvent.objects.filter(verb="assessment.opened").order_by("-sequence").first()
    assert opened.detail == {"cycle": "2027", "carried": 8}


def test_carry_forward_leaves_behind_what_was_not_assessed_exempt_or_withdrawn(
    framework, assessment, lead, sponsor, heg, at
):
    exempt = assessment.answers.get(item__code="W2")
    services.exempt_item(answer=exempt, reason="No such service.", by=heg, at=at)
    factories.complete_assessment(assessment, by=lead)
    gone = assessment.answers.get(item__code="W1")
    services.record_not_assessed(answer=gone, reason="Nobody left.", version=1, by=lead, at=at)
    services.send_for_sign_off(assessment=assessment, by=lead, at=at)
    services.sign_off(assessment=assessment, by=sponsor, at=at)
    cited = assessment.answers.get(item__code="L1").citations.get().evidence
    cited.withdrawn_at = at
    cited.save()

    answers = next_cycle(framework).assessments.get().answers

    empty = answers.filter(item__code__in=["W1", "W2"])
    assert set(empty.values_list("level", "narrative", "version", "is_reconfirmed")) == {
        (None, "", 0, True)
    }
    assert not answers.get(item__code="L1").citations.exists()
    assert answers.get(item__code="L2").citations.exists()


def test_carry_forward_takes_nothing_from_a_draft(framework, assessment, lead):
    factories.complete_assessment(assessment, by=lead)

    later = next_cycle(framework).assessments.get()

    assert not later.answers.filter(version__gt=0).exists()
    assert not Citation.objects.filter(answer__assessment=later).exists()


def test_carry_forward_follows_predecessors_into_another_framework(
    framework, assessment, lead, sponsor
):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    second = factories.small_framework("small-2", is_current=False)
    successor = Item.objects.get(section__framework=second, code="L2")
    successor.predecessor = Item.objects.get(section__framework=framework, code="L1")
    successor.save()

    answers = next_cycle(second).assessments.get().answers

    carried = answers.get(version=1)
    assert carried.item == successor
    assert carried.narrative == "What we do about L1."


def test_extend_assessment_gives_one_organisation_longer(assessment, lead, sponsor, heg, at):
    until = assessment.closes_at + 7 * DAY

    extended = services.extend_assessment(
        assessment=assessment, extended_to=until, reason="A cyber attack.", by=heg, at=at
    )

    assert extended.closes_at == until
    assert extended.extension_reason == "A cyber attack."
    assert set(Message.objects.values_list("to", flat=True)) == {lead.email, sponsor.email}
    answer = assessment.answers.first()
    late = services.save_answer(
        answer=answer, level=1, narrative="Late.", version=0, by=lead, at=until
    )
    assert late.version == 1


@pytest.mark.parametrize("too_early", ["before the close", "in the past"])
def test_extend_assessment_to_no_later_date_is_refused(assessment, heg, at, too_early):
    until = assessment.closes_at
    if too_early == "in the past":
        at, until = until + 30 * DAY, until + DAY

    with pytest.raises(services.ExtensionTooEarly):
        services.extend_assessment(
            assessment=assessment, extended_to=until, reason="Why", by=heg, at=at
        )


def test_extend_assessment_that_is_signed_off_is_refused_unless_reopening_is_asked(
    assessment, lead, sponsor, heg, at
):
    factories.signed_off(assessment, lead=lead, sponsor=sponsor)
    words = {"extended_to": assessment.closes_at + DAY, "reason": "Why", "by": heg, "at": at}
    with pytest.raises(services.AlreadySignedOff):
        services.extend_assessment(assessment=assessment, **words)

    services.ask_to_reopen(assessment=assessment, reason="An error.", by=sponsor, at=at)

    assert services.extend_assessment(assessment=assessment, **words).extended_to


def test_exempt_item_once(assessment, heg, at):
    answer = assessment.answers.get(item__code="W2")

    exemption = services.exempt_item(answer=answer, reason="No such service.", by=heg, at=at)

    assert (exemption.answer, exemption.reason, exemption.by) == (answer, "No such service.", heg)
    assert AuditEvent.objects.get(verb="answer.exempted").detail == {"code": "W2"}
    with pytest.raises(services.AlreadyExempt):
        services.exempt_item(answer=answer, reason="Again", by=heg, at=at)


def cadence(heg, at, **changes):
    words = {
        "kind": "full",
        "first_year": 2026,
        "opens_month": 10,
        "opens_day": 5,
        "due_after_days": 70,
        "closes_after_days": 100,
        "last_release_after_days": 170,
        "by": heg,
        "at": at,
    }
    return services.set_cadence(**(words | changes))


def test_set_cadence_makes_one_rule_a_kind_and_changes_it(heg, at):
    cadence(heg, at)

    changed = cadence(heg, at, opens_day=12, is_active=False)

    assert CadenceRule.objects.get() == changed
    assert (changed.opens_day, changed.is_active) == (12, False)
    assert AuditEvent.objects.filter(verb="cadence.set").count() == 2


@pytest.mark.parametrize("wrong", [{"due_after_days": 0}, {"closes_after_days": 60}])
def test_set_cadence_with_days_out_of_order_is_refused(heg, at, wrong):
    with pytest.raises(services.DatesOutOfOrder):
        cadence(heg, at, **wrong)


def test_answers_have_one_row_per_item_only(assessment):
    codes = assessment.answers.in_order().values_list("item__code", flat=True)

    assert list(codes) == ["L1", "L2", "L3", "W1", "W2", "W3", "D1", "D2"]
    assert Answer.objects.count() == 8
