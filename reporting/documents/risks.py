"""The risks to progress, each with its place in the Board Assurance Framework.

A snapshot's document holds `risks` since its schema 2; older ones hold none.
"""

from __future__ import annotations

from dataclasses import dataclass

from reporting.documents.source import Source
from reporting.documents.words import counted, sentence, shortened

NO_REFERENCE = "Not in it"


@dataclass(frozen=True)
class RiskRow:
    reference: str
    what: str
    response: str
    owner: str


@dataclass(frozen=True)
class Risks:
    """`nothing` is the line printed where no risk is recorded."""

    rows: tuple[RiskRow, ...]
    more: str
    nothing: str


def risks(source: Source) -> Risks:
    found = list(source.document.get("risks", ()))
    shown = found[: source.limits.risks]
    left = len(found) - len(shown)
    longest = source.limits.step * 2
    return Risks(
        rows=tuple(
            RiskRow(
                reference=row["board_assurance_reference"] or NO_REFERENCE,
                what=shortened(row["what"], longest),
                response=shortened(sentence(row["response"]), longest) or "Nothing is recorded.",
                owner=shortened(row["owner"], source.limits.step) or "Nobody",
            )
            for row in shown
        ),
        more=f"{counted(left, 'more risk')}: see the full report." if left else "",
        nothing="" if found else _nothing(source),
    )


def _nothing(source: Source) -> str:
    recorded = source.cover.get("assurance_framework")
    linked = f" The cover sheet links it to: {recorded}." if recorded else ""
    return f"No risks are recorded with this paper.{linked}"
