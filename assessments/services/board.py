"""Writes what the Board is asked and the risks it holds; records what it decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max

from assessments.calendar import london_date
from assessments.models import Assessment, BoardAsk, BoardOutcome, Risk
from assessments.services.locks import hold_open, hold_organisation
from assessments.services.refusals import (
    NotSignedOff,
    Refusal,
    StaleAsk,
    StaleRisk,
    StaleRow,
    WrongKind,
)
from portal.audit import record
from portal.models import Organisation, User

MOST_ASKS, MOST_RISKS = 5, 10
ASK = frozenset({"text", "wants"})
RISK = frozenset(Risk.WORDS)
OUTCOME = frozenset({"decided_on", "decision", "words", "minute_reference"})


class TooManyAsks(Refusal):
    sentence = f"A paper asks no more than {MOST_ASKS} things of the Board. Withdraw one first."


class TooManyRisks(Refusal):
    sentence = f"A paper carries no more than {MOST_RISKS} risks. Withdraw one first."


class AskTabled(Refusal):
    sentence = "This ask stands in a signed-off paper. Withdraw it and write another instead."


class AskDecided(Refusal):
    sentence = "The Board has looked at this ask, so it stays in the record."


class StaleOutcome(StaleRow):
    sentence = "Somebody else has recorded an outcome since you opened this page."


class DecidedTooEarly(Refusal):
    sentence = "The Board cannot have decided before the assessment was signed off."


@transaction.atomic
def add_ask(*, assessment: Assessment, by: User, at: dt.datetime, **words: Any) -> BoardAsk:
    """Ask one more thing of the Board, before sign-off. `words` are those of ASK."""
    _refuse_unknown(words, ASK)
    held = hold_open(assessment.pk, at=at)
    if not held.cycle.is_full:
        raise WrongKind
    asks = held.asks.kept()
    if asks.count() >= MOST_ASKS:
        raise TooManyAsks
    last = asks.aggregate(last=Max("order"))["last"] or 0
    ask = BoardAsk.objects.create(
        assessment=held, order=last + 1, added_by=by, added_at=at, **words
    )
    _record_ask(ask, "ask.added", by, at)
    return ask


@transaction.atomic
def change_ask(*, ask: BoardAsk, version: int, by: User, at: dt.datetime, **words: Any) -> BoardAsk:
    """Change it at the version the form carried. Raises StaleAsk, AskTabled."""
    _refuse_unknown(words, ASK)
    hold_open(ask.assessment_id, at=at)
    if BoardAsk.objects.tabled().filter(pk=ask.pk).exists():
        raise AskTabled
    kept = BoardAsk.objects.kept().filter(pk=ask.pk, version=version)
    changed = kept.update(**words, version=version + 1)
    current = _current_ask(ask)
    if changed:
        _record_ask(current, "ask.changed", by, at)
    elif current.withdrawn_at or not _says(current, words):
        raise StaleAsk(current)
    return current


@transaction.atomic
def withdraw_ask(*, ask: BoardAsk, version: int, by: User, at: dt.datetime) -> BoardAsk:
    """Take it from the next paper, unless the Board has looked at it. Raises StaleAsk."""
    hold_open(ask.assessment_id, at=at)
    if ask.outcomes.exists():
        raise AskDecided
    kept = BoardAsk.objects.kept().filter(pk=ask.pk, version=version)
    changed = kept.update(withdrawn_at=at, version=version + 1)
    current = _current_ask(ask)
    if not changed and not current.withdrawn_at:
        raise StaleAsk(current)
    if changed:
        _record_ask(current, "ask.withdrawn", by, at)
    return current


@transaction.atomic
def move_ask_up(*, ask: BoardAsk, by: User, at: dt.datetime) -> None:
    """Let it change places with the one above; the first stays where it is."""
    held = hold_open(ask.assessment_id, at=at)
    rows = list(held.asks.kept().in_order())
    place = next((place for place, row in enumerate(rows) if row.pk == ask.pk), 0)
    if place == 0:
        return
    rows[place - 1 : place + 1] = [rows[place], rows[place - 1]]
    for order, row in enumerate(rows, 1):
        row.order = order
    BoardAsk.objects.bulk_update(rows, ["order"])
    _record_ask(ask, "ask.moved", by, at)


@transaction.atomic
def record_outcome(
    *, ask: BoardAsk, version: int, by: User, at: dt.datetime, **words: Any
) -> BoardOutcome:
    """Record what the Board decided; `version` is the number of the outcome that the form showed,
    0 where there was none.

    A correction is one more row. Raises StaleOutcome, NotSignedOff, DecidedTooEarly. `words` are
    those of OUTCOME.
    """
    _refuse_unknown(words, OUTCOME)
    BoardAsk.objects.select_for_update(of=("self",)).get(pk=ask.pk)
    signed_at = _first_signed_at(ask)
    if words["decided_on"] < london_date(signed_at):
        raise DecidedTooEarly
    last = ask.outcomes.order_by("-number").first()
    if last and last.number != version:
        if last.recorded_by_id == by.pk and _says(last, words):
            return last
        raise StaleOutcome(last)
    outcome = BoardOutcome.objects.create(
        ask=ask, number=(last.number if last else 0) + 1, recorded_by=by, recorded_at=at, **words
    )
    _record_ask(ask, "outcome.recorded", by, at, number=outcome.number, decision=outcome.decision)
    return outcome


@transaction.atomic
def add_risk(*, organisation: Organisation, by: User, at: dt.datetime, **words: Any) -> Risk:
    """Add a risk to the organisation's own. Raises TooManyRisks. `words` are those of RISK."""
    _refuse_unknown(words, RISK)
    held = hold_organisation(organisation.pk)
    if held.risks.kept().count() >= MOST_RISKS:
        raise TooManyRisks
    risk = Risk.objects.create(organisation=held, added_by=by, added_at=at, **words)
    _record_risk(risk, "risk.added", by, at)
    return risk


@transaction.atomic
def change_risk(*, risk: Risk, version: int, by: User, at: dt.datetime, **words: Any) -> Risk:
    """Change it at the version the form carried; raises StaleRisk."""
    _refuse_unknown(words, RISK)
    kept = Risk.objects.kept().filter(pk=risk.pk, version=version)
    changed = kept.update(**words, version=version + 1)
    current = _current_risk(risk)
    if changed:
        _record_risk(current, "risk.changed", by, at)
    elif current.withdrawn_at or not _says(current, words):
        raise StaleRisk(current)
    return current


@transaction.atomic
def withdraw_risk(*, risk: Risk, version: int, by: User, at: dt.datetime) -> Risk:
    """Take it from the list; papers that were signed off keep it. Raises StaleRisk."""
    kept = Risk.objects.kept().filter(pk=risk.pk, version=version)
    changed = kept.update(withdrawn_at=at, version=version + 1)
    current = _current_risk(risk)
    if not changed and not current.withdrawn_at:
        raise StaleRisk(current)
    if changed:
        _record_risk(current, "risk.withdrawn", by, at)
    return current


def _first_signed_at(ask: BoardAsk) -> dt.datetime:
    """When the ask was first frozen; raises where it never was, or was withdrawn since."""
    held = ask.assessment.snapshots.filter(signed_off_at__gte=ask.added_at)
    signed_at = held.order_by("version").values_list("signed_off_at", flat=True).first()
    if signed_at is None or ask.withdrawn_at:
        raise NotSignedOff
    return signed_at


def _refuse_unknown(words: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := words.keys() - known:
        raise TypeError(f"not known here: {', '.join(sorted(unknown))}")


def _current_ask(ask: BoardAsk) -> BoardAsk:
    places = ("assessment__cycle", "assessment__organisation")
    return BoardAsk.objects.select_related(*places).get(pk=ask.pk)


def _current_risk(risk: Risk) -> Risk:
    return Risk.objects.select_related("organisation").get(pk=risk.pk)


def _says(current: BoardAsk | BoardOutcome | Risk, words: dict[str, Any]) -> bool:
    """Whether it already says exactly this: a form posted twice, not a clash."""
    return all(getattr(current, name) == value for name, value in words.items())


def _record_ask(ask: BoardAsk, verb: str, by: User, at: dt.datetime, **detail: object) -> None:
    assessment = ask.assessment
    record(
        by=by,
        verb=verb,
        target=ask,
        organisation=assessment.organisation,
        at=at,
        cycle=assessment.cycle.slug,
        version=ask.version,
        **detail,
    )


def _record_risk(risk: Risk, verb: str, by: User, at: dt.datetime) -> None:
    record(
        by=by,
        verb=verb,
        target=risk,
        organisation=risk.organisation,
        at=at,
        version=risk.version,
    )
