"""Changed, missing, inserted, moved and cut-off rows of the audit log are found and named."""

import json

import pytest
from django.core.management import call_command

from portal import audit, guards
from portal.audit import verification
from portal.models import AuditChain, AuditEvent

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def chain(lead, system, at):
    """Five events of one organisation and one of the portal, with the triggers off."""
    for number in range(1, 6):
        audit.record(
            by=lead, verb="answer.saved", target="x", organisation=system, at=at, number=number
        )
    audit.record(by=None, verb="cycle.opened", target="x", organisation=None, at=at)
    guards.remove()
    yield AuditEvent.objects.filter(chain=system.slug)
    guards.install()


def run(capsys, *arguments):
    """What the command prints and how it exits."""
    try:
        call_command("verify_audit", *arguments)
        code = 0
    except SystemExit as exit_:
        code = exit_.code
    return code, capsys.readouterr().out


def fault():
    """Kind and place of the one fault found."""
    heads, faults = verification.verify()
    assert [head.chain for head in heads] == ["portal"]
    return [(one.kind, one.sequence) for one in faults]


def test_sound_chains_are_told_with_their_ends(chain, system, capsys):
    code, told = run(capsys)
    assert code == 0
    assert told.splitlines() == [
        f"{system.slug}: 5 events stand as written",
        "portal: 1 events stand as written",
    ]


def test_command_prints_json_with_the_ends_of_the_chains(chain, system, capsys):
    code, told = run(capsys, "--json")
    content = json.loads(told)
    assert (code, content["ok"], content["faults"]) == (0, True, [])
    assert content["chains"][0] == {
        "chain": system.slug,
        "sequence": 5,
        "digest": chain.get(sequence=5).digest,
    }


def test_command_names_the_first_bad_row_and_exits_with_1(chain, system, capsys):
    chain.filter(sequence__gte=3).update(verb="other")
    code, told = run(capsys)
    assert code == 1
    assert f"{system.slug}: Event 3 is not as it was written." in told
    assert run(capsys, "--json")[0] == 1


@pytest.mark.parametrize(
    "change",
    [
        {"verb": "answer.asked"},
        {"actor": "somebody@example.org"},
        {"target": "y"},
        {"detail": {"number": 99}},
        {"digest": "0" * 64},
        {"previous_digest": "0" * 64},
    ],
)
def test_any_changed_value_is_found(chain, change):
    chain.filter(sequence=3).update(**change)
    assert fault() == [("changed", 3)]


def test_changed_instant_is_found(chain, at):
    chain.filter(sequence=1).update(at=at.replace(microsecond=1))
    assert fault() == [("changed", 1)]


def test_row_that_was_rewritten_with_its_digest_is_found_by_the_next(chain):
    event = chain.get(sequence=3)
    event.verb = "answer.asked"
    chain.filter(sequence=3).update(verb=event.verb, digest=audit.digest(event))
    assert fault() == [("changed", 3)]


def test_last_row_that_was_rewritten_with_its_digest_is_found_by_the_head(chain):
    event = chain.get(sequence=5)
    event.verb = "answer.asked"
    chain.filter(sequence=5).update(verb=event.verb, digest=audit.digest(event))
    assert fault() == [("changed", 5)]


@pytest.mark.parametrize("place", [1, 3])
def test_missing_row_is_found(chain, place):
    chain.filter(sequence=place).delete()
    assert fault() == [("missing", place)]


def test_cut_off_tail_is_found(chain):
    chain.filter(sequence__gte=4).delete()
    assert fault() == [("missing", 4)]


def test_cut_off_tail_with_the_head_set_back_to_nothing_is_found(chain, system):
    AuditChain.objects.filter(name=system.slug).delete()
    assert fault() == [("inserted", 1)]


def test_emptied_chain_is_found(chain):
    chain.delete()
    assert fault() == [("missing", 1)]


def test_inserted_row_is_found(chain, system, at):
    chain.filter(sequence=5).update(sequence=6)
    chain.filter(sequence=4).update(sequence=5)
    chain.filter(sequence=3).update(sequence=4)
    before = chain.get(sequence=2)
    event = AuditEvent(
        chain=system.slug,
        sequence=3,
        at=at,
        actor="x",
        verb="answer.saved",
        target="x",
        previous_digest=before.digest,
    )
    event.digest = audit.digest(event)
    event.save()
    AuditChain.objects.filter(name=system.slug).update(sequence=6)
    assert fault() == [("inserted", 3)]


def test_row_added_behind_the_head_is_found(chain, system, at):
    last = chain.get(sequence=5)
    event = AuditEvent(
        chain=system.slug,
        sequence=6,
        at=at,
        actor="x",
        verb="answer.saved",
        target="x",
        previous_digest=last.digest,
    )
    event.digest = audit.digest(event)
    event.save()
    assert fault() == [("inserted", 6)]


def test_reordered_rows_are_found(chain):
    for before, after in ((2, 99), (4, 2), (99, 4)):
        chain.filter(sequence=before).update(sequence=after)
    assert fault() == [("reordered", 2)]


def test_events_written_while_it_reads_are_no_fault(chain, lead, system, at, monkeypatch):
    read = verification._events

    def and_one_more(name):
        yield from read(name)
        audit.record(by=lead, verb="answer.saved", target="x", organisation=system, at=at)
        yield from AuditEvent.objects.filter(chain=name, sequence=6)

    AuditEvent.objects.filter(chain="portal").delete()
    AuditChain.objects.filter(name="portal").delete()
    monkeypatch.setattr(verification, "_events", and_one_more)
    heads, faults = verification.verify()
    assert (heads[0].sequence, faults) == (6, [])
