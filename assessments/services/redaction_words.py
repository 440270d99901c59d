"""What is withheld of words that stand in a row of their own: asks, risks, comments and so on.

`redaction` holds the path that all of it takes, and withholds answers and evidence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F

from assessments.models import (
    Assessment,
    BoardAsk,
    Comment,
    ImprovementStep,
    Measure,
    Plan,
    PlanPriority,
    Redaction,
    Risk,
    Snapshot,
)
from assessments.services.redaction import (
    WITHHELD,
    NothingToWithhold,
    change_snapshots,
    decide,
    digest_of,
    is_mark,
    mark,
    note,
)
from portal import guards
from portal.models import Organisation, User

Part = dict[str, Any]
Subject = Assessment | BoardAsk | Comment | ImprovementStep | Measure | Plan | PlanPriority | Risk
Kind = Redaction.Kind


@dataclass(frozen=True)
class Wording:
    """The fields of one kind that hold words, and the parts of a record that say the same.

    The first field takes the sentence with the reason. The others say that they are withheld.
    """

    fields: tuple[str, ...]
    parts: Callable[[Part, Any], Iterable[Part]]
    rows: Callable[[Any], Iterable[Any]] = lambda subject: [subject]


def _asks(document: Part, ask: Any) -> Iterator[Part]:
    for name in ("asks", "previous_asks"):
        yield from (one for one in document.get(name, ()) if one["key"] == str(ask.key))


def _outcomes(document: Part, outcome: Any) -> list[Part]:
    return [one["outcome"] for one in _asks(document, outcome.ask) if one.get("outcome")]


def _risks(document: Part, risk: Any) -> list[Part]:
    return [one for one in document.get("risks", ()) if _same(one, risk, "what")]


def _steps(document: Part, step: Any) -> list[Part]:
    items = [item for section in document["sections"] for item in section["items"]]
    return [one for item in items for one in item["steps"] if _same(one, step, "what")]


def _measures(document: Part, measure: Any) -> list[Part]:
    measures = (document["plan"] or {}).get("measures", ())
    return [one for one in measures if _same(one, measure, "name")]


def _plan(document: Part, _plan: Any) -> list[Part]:
    return [document["plan"]] if document["plan"] else []


def _priorities(document: Part, priority: Any) -> list[Part]:
    priorities = (document["plan"] or {}).get("priorities", ())
    return [one for one in priorities if one["code"] == priority.item.code]


def _messages(document: Part, assessment: Any) -> list[Part]:
    return [document] if document["cycle"]["slug"] == assessment.cycle.slug else []


def _same(part: Part, row: Any, field: str) -> bool:
    """By the key, which newer records hold and which finds other wordings too; or by the words."""
    return part.get("key") == str(row.key) or part[field] == getattr(row, field)


WORDINGS = {
    Kind.ASK: Wording(("text",), _asks),
    Kind.OUTCOME: Wording(
        ("words", "minute_reference"), _outcomes, lambda ask: ask.outcomes.select_related("ask")
    ),
    Kind.RISK: Wording(Risk.WORDS, _risks),
    Kind.STEP: Wording(("what", "owner", "resource"), _steps),
    Kind.MEASURE: Wording(("name", "source", "note"), _measures),
    Kind.PLAN: Wording(("title", "summary", "url", "minute_reference"), _plan),
    Kind.PRIORITY: Wording(("why",), _priorities),
    Kind.MESSAGES: Wording(("messages",), _messages),
    Kind.COMMENT: Wording(("text",), lambda _document, _comment: []),
}


@transaction.atomic
def withhold_words(
    *, kind: str, subject: Subject, name: str, reason: str, by: User | None, at: dt.datetime
) -> tuple[Redaction, list[Snapshot]]:
    """The words of one row, or of an ask's outcomes, and the same in every record of the place.

    `name` is what people call it. Returns the redaction and the snapshots that held the words.
    Raises NothingToWithhold.
    """
    wording = WORDINGS[Kind(kind)]
    rows = [row for row in wording.rows(subject) if _says(vars(row), wording)]
    if not rows:
        raise NothingToWithhold
    redaction = decide(
        kind=kind, subject=name, organisation=_place(subject), reason=reason, by=by, at=at
    )

    def change(document: Part) -> None:
        for row in rows:
            for part in wording.parts(document, row):
                if _says(part, wording):
                    part.update(_left(part, row, wording, redaction))

    with guards.lifted():
        changed = change_snapshots(redaction, change)
        for row in rows:
            _overwrite(row, wording, redaction)
    return redaction, changed


def _says(part: Part, wording: Wording) -> bool:
    """Whether there are words that were not withheld before."""
    return any(part[name] for name in wording.fields) and not is_mark(_text(part, wording))


def _text(part: Part, wording: Wording) -> str:
    """All of its words, one field a line."""
    values = [part[name] for name in wording.fields]
    return "\n".join("\n".join(one) if isinstance(one, list) else one for one in values)


def _left(part: Part, row: Any, wording: Wording, redaction: Redaction) -> Part:
    """By field what stands there afterwards."""
    first, *rest = wording.fields
    sentence: Any = mark(redaction.reason, redaction.at)
    if isinstance(row, Measure):
        sentence = f"{sentence} ({str(row.key)[:8]})"  # two measures never have the same name
    if isinstance(row, Assessment):
        sentence = [sentence]
    return {first: sentence} | {
        name: "" if name == "url" else WITHHELD for name in rest if part[name]
    }


def _overwrite(row: Any, wording: Wording, redaction: Redaction) -> None:
    """As the next version, so that a form with the old words in it is refused as stale."""
    left = _left(vars(row), row, wording, redaction)
    old, new = _text(vars(row), wording), _text(vars(row) | left, wording)
    note(redaction, redaction.kind, redaction.subject, digest_of(old), digest_of(new))
    if hasattr(row, "version"):
        left["version"] = row.version + 1
    if isinstance(row, PlanPriority):
        Plan.objects.filter(pk=row.plan_id).update(version=F("version") + 1)
    type(row)._default_manager.filter(pk=row.pk).update(**left)


def _place(subject: Subject) -> Organisation:
    """Whose words they are."""
    if isinstance(subject, Comment):
        return subject.answer.assessment.organisation
    if isinstance(subject, BoardAsk):
        return subject.assessment.organisation
    if isinstance(subject, Measure | PlanPriority):
        return subject.plan.organisation
    return subject.organisation
