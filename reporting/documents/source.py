"""What a paper is made of: the snapshot's document, the cover, and where the paper stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from reporting.documents.words import london_date

COMMITMENT = "commitment"


@dataclass(frozen=True)
class Text:
    """A titled passage of the framework."""

    title: str
    text: str


@dataclass(frozen=True)
class FrameworkTexts:
    """What the full report quotes of the framework beside what the snapshot holds."""

    duties: tuple[Text, ...] = ()
    strategies: tuple[Text, ...] = ()
    source_note: str = ""
    evidence_needed: tuple[str, ...] = ()
    """What each level needs to be signed off, lowest first."""


@dataclass(frozen=True)
class Identity:
    """Which paper this is. `digest` is the SHA-256 of the snapshot it was made from."""

    kind: str
    reference: str
    version: int
    address: str
    digest: str
    reason: str = ""
    is_draft: bool = False
    """A preview: not signed off, and nothing that could be checked later."""

    @property
    def is_full(self) -> bool:
        return self.kind == "full-report"


@dataclass(frozen=True)
class Limits:
    """How much of long texts and lists the Board paper prints; the full report prints all."""

    sentence: int = 210
    reason: int = 200
    message: int = 400
    name: int = 200
    step: int = 160
    steps_each: int = 4
    steps_due: int = 12
    earlier_asks: int = 10
    earlier_ask: int = 300
    measures: int = 8
    risks: int = 6
    gaps: int = 6
    """Items whose gap between self-assessed and communities' levels is drawn."""
    listed: int = 3
    disagreements: int = 5
    """Disagreements with communities on a commitment's page, each with our reply."""
    reply: int = 300


SHORT = Limits(steps_each=3, earlier_ask=150, measures=4, gaps=0)
SHORTER = replace(SHORT, earlier_ask=90, measures=2, listed=2)
TIGHT = Limits(
    sentence=120,
    reason=60,
    name=70,
    step=70,
    steps_each=2,
    steps_due=8,
    earlier_ask=110,
    measures=3,
    risks=4,
    gaps=0,
    disagreements=2,
    reply=90,
)
TIGHTEST = replace(
    TIGHT,
    message=110,
    steps_due=5,
    earlier_asks=1,
    earlier_ask=60,
    steps_each=1,
    measures=2,
    risks=3,
    listed=1,
    disagreements=1,
    reply=60,
)
LADDER = (Limits(), SHORT, SHORTER, TIGHT, TIGHTEST)
"""Tried in this order until a Board paper has no more than ten pages. The last is for one whose
lead and sponsor used every box to its limit."""


AMPLE = Limits(
    sentence=210,
    reason=10_000,
    message=10_000,
    name=10_000,
    step=10_000,
    steps_each=10_000,
    steps_due=10_000,
    earlier_asks=10_000,
    earlier_ask=10_000,
    measures=10_000,
    risks=10_000,
    gaps=6,
    listed=10_000,
    disagreements=10_000,
    reply=10_000,
)
"""For the full report, which leaves nothing out."""


@dataclass(frozen=True)
class Source:
    """Everything a page may read. The document's form is that which sign-off froze."""

    document: Mapping[str, Any]
    cover: Mapping[str, Any]
    identity: Identity
    texts: FrameworkTexts = field(default_factory=FrameworkTexts)
    limits: Limits = field(default_factory=Limits)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The level names, lowest first."""
        levels = sorted(self.document["scoring"]["levels"], key=lambda level: level["number"])
        return tuple(level["name"] for level in levels)

    @cached_property
    def commitments(self) -> list[Mapping[str, Any]]:
        return [s for s in self.document["sections"] if s["kind"] == COMMITMENT]

    @cached_property
    def enablers(self) -> list[Mapping[str, Any]]:
        return [s for s in self.document["sections"] if s["kind"] != COMMITMENT]

    @property
    def actions(self) -> Iterator[Mapping[str, Any]]:
        return (item for section in self.commitments for item in section["items"])

    @property
    def items(self) -> Iterator[Mapping[str, Any]]:
        return (item for section in self.document["sections"] for item in section["items"])

    @cached_property
    def signed_on(self) -> dt.date:
        return london_date(self.document["signed_off"]["at"])

    @property
    def earlier(self) -> list[Mapping[str, Any]]:
        """The organisation's earlier signed-off full cycles, oldest first."""
        return list(self.document["history"])

    @property
    def last_cycle(self) -> str:
        """The name of the cycle before; empty in the first."""
        return str(self.earlier[-1]["cycle_name"]) if self.earlier else ""


def item_noun(section: Mapping[str, Any]) -> str:
    return "action" if section["kind"] == COMMITMENT else "consideration"
