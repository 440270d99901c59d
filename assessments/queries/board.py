"""What the Board was asked and decided, as sign-off freezes it and as the asks' page shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Value

from assessments.models import Assessment, BoardAsk, BoardOutcome, Cycle, Risk, Snapshot
from assessments.models.board import BoardAskQuerySet
from portal.models import Organisation, User
from portal.roles import ASSESSED_ROLES, Role


@dataclass(frozen=True)
class AskRow:
    """An ask with what the Board made of it, the newest outcome first."""

    ask: BoardAsk
    outcomes: tuple[BoardOutcome, ...]

    @property
    def outcome(self) -> BoardOutcome | None:
        return self.outcomes[0] if self.outcomes else None

    @property
    def earlier(self) -> tuple[BoardOutcome, ...]:
        return self.outcomes[1:]

    @property
    def is_tabled(self) -> bool:
        """Whether it stands in a signed-off paper, so that a Board may decide on it."""
        return bool(self.ask.is_tabled)  # type: ignore[attr-defined]

    @property
    def is_open(self) -> bool:
        """Nothing is decided yet, or it was put off."""
        return self.outcome is None or self.outcome.is_deferred


@dataclass(frozen=True)
class Opening:
    """What a paper will open with beside the lead's messages, as short lines of two parts."""

    asks: tuple[tuple[str, str], ...]
    """What the Board should do, and with what."""
    risks: tuple[tuple[str, str], ...]
    """Reference in the Board Assurance Framework, empty where it has none, and the risk."""


def opening_of(assessment: Assessment) -> Opening:
    """Asks and risks as they stand now, in one query."""
    asks = assessment.asks.kept().values_list(Value("ask"), "order", "wants", "text")
    risks = Risk.objects.kept().filter(organisation=assessment.organisation_id)
    reference = "board_assurance_reference"
    rows = list(asks.union(risks.values_list(Value("risk"), "pk", reference, "what"), all=True))
    names = dict(BoardAsk.Wants.choices)
    asked = sorted((place, wants, text) for kind, place, wants, text in rows if kind == "ask")
    held = sorted((not at, at, place, what) for kind, place, at, what in rows if kind == "risk")
    return Opening(
        asks=tuple((names[wants], text) for _place, wants, text in asked),
        risks=tuple((at, what) for _none, at, _place, what in held),
    )


def asks_of(assessment: Assessment) -> list[AskRow]:
    """What this assessment asks of the Board, in the order of the paper."""
    return _rows(assessment.asks.kept().in_order())


def ask_row(asks: BoardAskQuerySet) -> AskRow | None:
    """The one ask that these rows are about."""
    return next(iter(_rows(asks)), None)


def open_asks(organisations: Iterable[int], *, but: Assessment | None = None) -> list[AskRow]:
    """What these organisations' Boards were asked and have not decided, oldest first."""
    asks = BoardAsk.objects.tabled().undecided()
    asks = asks.filter(assessment__organisation__in=list(organisations))
    if but is not None:
        asks = asks.exclude(assessment=but)
    return _rows(asks.order_by("assessment__cycle__opens_at", "order", "pk"))


def risks_of(organisation: Organisation) -> list[Risk]:
    """What its Board Assurance Framework holds comes first, then by age."""
    rows = list(organisation.risks.kept().order_by("board_assurance_reference", "pk"))
    return sorted(rows, key=lambda risk: not risk.board_assurance_reference)


def asking_assessments(user: User) -> QuerySet[Assessment]:
    """Full assessments that the person runs, and those of the own organisation once signed off."""
    run = Q(organisation__in=user.organisations_as(Role.LEAD, Role.SPONSOR))
    read = Q(organisation__in=user.organisations_as(*ASSESSED_ROLES))
    signed = Exists(Snapshot.objects.filter(assessment=OuterRef("pk")))
    full = Assessment.objects.filter(cycle__kind=Cycle.Kind.FULL)
    return full.filter(run | (read & signed)).select_related("cycle", "organisation")


def asks_document(assessment: Assessment) -> list[dict[str, Any]]:
    """The asks as a snapshot keeps them."""
    return [_ask(ask) for ask in assessment.asks.kept().in_order()]


def previous_asks_document(assessment: Assessment) -> list[dict[str, Any]]:
    """What became of earlier asks, as known now: those of the cycle before, and whatever of
    older cycles was still open when that one was signed off.
    """
    before = _earlier_assessments(assessment)
    if not before:
        return []
    last = before[-1]
    signed_at = _last_signed_at(last)
    older = BoardAsk.objects.tabled().filter(assessment__in=before[:-1])
    followed = older.filter(
        Q(pk__in=older.undecided()) | Q(outcomes__recorded_at__gt=signed_at)
    ).distinct()
    asks = BoardAsk.objects.tabled().filter(Q(assessment=last) | Q(pk__in=followed.values("pk")))
    rows = _rows(asks.order_by("assessment__cycle__opens_at", "order", "pk"))
    return [
        {
            **_ask(row.ask),
            "cycle_slug": row.ask.assessment.cycle.slug,
            "cycle_name": row.ask.assessment.cycle.name,
            "outcome": _outcome(row.outcome) if row.outcome else None,
        }
        for row in rows
    ]


def risks_document(organisation: Organisation) -> list[dict[str, Any]]:
    """The risks as a snapshot keeps them."""
    return [
        {"key": str(risk.key), **{name: getattr(risk, name) for name in Risk.WORDS}}
        for risk in risks_of(organisation)
    ]


def _rows(asks: BoardAskQuerySet) -> list[AskRow]:
    newest = BoardOutcome.objects.select_related("recorded_by").order_by("-number")
    rows = asks.marked().select_related("assessment__cycle", "assessment__organisation")
    return [
        AskRow(ask, tuple(ask.outcomes.all()))
        for ask in rows.prefetch_related(Prefetch("outcomes", newest))
    ]


def _earlier_assessments(assessment: Assessment) -> list[Assessment]:
    """The organisation's earlier full cycles that were signed off, oldest first."""
    earlier = Assessment.objects.filter(
        organisation=assessment.organisation_id,
        cycle__kind=Cycle.Kind.FULL,
        cycle__opens_at__lt=assessment.cycle.opens_at,
        snapshots__isnull=False,
    )
    return list(earlier.distinct().order_by("cycle__opens_at"))


def _last_signed_at(assessment: Assessment) -> dt.datetime:
    snapshots = Snapshot.objects.filter(assessment=assessment).order_by("-version")
    return snapshots.values_list("signed_off_at", flat=True)[0]


def _ask(ask: BoardAsk) -> dict[str, Any]:
    return {
        "key": str(ask.key),
        "text": ask.text,
        "wants": ask.wants,
        "wants_name": ask.get_wants_display(),
    }


def _outcome(outcome: BoardOutcome) -> dict[str, Any]:
    return {
        "decided_on": outcome.decided_on.isoformat(),
        "decision": outcome.decision,
        "decision_name": outcome.get_decision_display(),
        "words": outcome.words,
        "minute_reference": outcome.minute_reference,
    }
