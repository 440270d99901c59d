"""The 13 considerations, and which actions lean on one that is weak.

Which actions cannot do without which considerations is the portal's own reading, frozen with each
action as `leans_on`; documents before schema 2 hold none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.documents.items import evidence_words
from reporting.documents.looks import Look, level_look
from reporting.documents.source import Source
from reporting.documents.standing import rests_on_a_statement, rests_on_old_evidence
from reporting.documents.words import counted, joined

UNDER_WAY, EMBEDDED = 2, 3


@dataclass(frozen=True)
class LeanRow:
    """A consideration, why it is weak if it is, and the actions that lean on it."""

    code: str
    name: str
    level: Look
    evidence: str
    weakness: str
    actions: str


@dataclass(frozen=True)
class Leaning:
    words: str
    rows: tuple[LeanRow, ...]


def leaning(source: Source) -> Leaning:
    rows = [_row(item, source) for section in source.enablers for item in section["items"]]
    weak = {row.code for row in rows if row.weakness}
    actions = [item for item in source.actions if weak & set(item.get("leans_on", ()))]
    bold = [i["code"] for i in actions if i["level"] is not None and i["level"] >= EMBEDDED]
    return Leaning(words=_words(len(rows), len(weak), len(actions), bold), rows=tuple(rows))


def _words(rows: int, weak: int, actions: int, bold: list[str]) -> str:
    if not weak:
        return f"None of the {counted(rows, 'consideration')} is weak."
    words = (
        f"{weak} of {counted(rows, 'consideration')} {'is' if weak == 1 else 'are'} weak; "
        f"{counted(actions, 'action')} {'leans' if actions == 1 else 'lean'} on "
        f"{'it' if weak == 1 else 'them'}."
    )
    if not bold:
        return words
    claim = "claims" if len(bold) == 1 else "claim"
    return f"{words} {joined(bold)} {claim} Embedded or better all the same."


def _row(item: Mapping[str, Any], source: Source) -> LeanRow:
    codes = [one["code"] for one in source.actions if item["code"] in one.get("leans_on", ())]
    return LeanRow(
        code=item["code"],
        name=item["short_name"],
        level=level_look(item["level"], source.names, applicable=item["applicable"]),
        evidence=evidence_words(item["evidence"]),
        weakness=_weakness(item, source),
        actions=", ".join(codes) or "None",
    )


def _weakness(item: Mapping[str, Any], source: Source) -> str:
    """Why nobody should lean on it yet; nothing where one may, or where it does not apply."""
    if not item["applicable"]:
        return ""
    if item["level"] is None:
        return "not assessed"
    if item["level"] < UNDER_WAY:
        return f"below {source.names[UNDER_WAY]}"
    if rests_on_a_statement(item):
        return "rests on a statement"
    return "rests on old evidence" if rests_on_old_evidence(item) else ""
