"""Whether every chain of audit events stands as it was written, and where it first differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from portal.audit import digest
from portal.models import AuditChain, AuditEvent


@dataclass(frozen=True)
class Fault:
    """The first row of a chain that is not as it was written."""

    chain: str
    sequence: int
    kind: str
    words: str


@dataclass(frozen=True)
class Head:
    """Where a sound chain ends. Kept elsewhere, it shows a chain that was rewritten as a whole."""

    chain: str
    sequence: int
    digest: str


def verify() -> tuple[list[Head], list[Fault]]:
    """The ends of the sound chains, and of every other chain its first bad row."""
    heads, faults = [], []
    for name in _names():
        outcome = _verify_chain(name)
        (faults if isinstance(outcome, Fault) else heads).append(outcome)
    return heads, faults


def _names() -> list[str]:
    """Chains with a head, and those whose head is gone."""
    headless = ~Exists(AuditChain.objects.filter(name=OuterRef("chain")))
    lost = AuditEvent.objects.filter(headless).values_list("chain", flat=True)
    return sorted({*AuditChain.objects.values_list("name", flat=True), *lost})


def _verify_chain(name: str) -> Head | Fault:
    """Reads the head first, so that events written meanwhile are no fault."""
    begun = _head(name)
    last = Head(name, 0, "")
    before = ""
    for event in _events(name):
        fault = _fault(event, last, before)
        if fault:
            return fault
        if event.sequence == begun.sequence and event.digest != begun.digest:
            return _changed(event)
        before, last = last.digest, Head(name, event.sequence, event.digest)
    return _end_fault(last, begun) or last


def _events(name: str) -> Iterator[AuditEvent]:
    return AuditEvent.objects.filter(chain=name).order_by("sequence").iterator(chunk_size=1000)


def _head(name: str) -> Head:
    row = AuditChain.objects.filter(name=name).first()
    return Head(name, row.sequence, row.digest) if row else Head(name, 0, "")


def _fault(event: AuditEvent, last: Head, before: str) -> Fault | None:
    """What is wrong with the event that follows `last`, whose own predecessor was `before`."""
    name, place = event.chain, last.sequence + 1
    if event.sequence != place:
        return Fault(name, place, "missing", f"Event {place} is missing.")
    if event.previous_digest == last.digest:
        return None if digest(event) == event.digest else _changed(event)
    if last.sequence and event.previous_digest == before:
        words = f"Event {last.sequence} was put in: event {place} does not follow it."
        return Fault(name, last.sequence, "inserted", words)
    if digest(event) == event.digest:
        words = f"Event {last.sequence} was written anew: event {place} does not follow it."
        return Fault(name, last.sequence, "changed", words)
    if AuditEvent.objects.filter(chain=name, digest=event.previous_digest).exists():
        words = f"Event {place} stands in another's place: it does not follow the one before it."
        return Fault(name, place, "reordered", words)
    return _changed(event)


def _changed(event: AuditEvent) -> Fault:
    words = f"Event {event.sequence} is not as it was written."
    return Fault(event.chain, event.sequence, "changed", words)


def _end_fault(last: Head, begun: Head) -> Fault | None:
    """What is wrong with where the chain ends; a head and its event are written together."""
    if last.sequence < begun.sequence:
        place = last.sequence + 1
        return Fault(last.chain, place, "missing", f"Event {place} is missing from the end.")
    if last.sequence > _head(last.chain).sequence:
        place = _head(last.chain).sequence + 1
        words = f"Event {place} was put in after the end, or the end was set back."
        return Fault(last.chain, place, "inserted", words)
    return None
