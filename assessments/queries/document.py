"""The snapshot document: all that reports will ever know of a signed-off assessment."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from django.db.models import prefetch_related_objects

from assessments.calendar import london_date
from assessments.models import (
    Assessment,
    Evidence,
    ImprovementStep,
    Measure,
    ObservedChange,
    Plan,
    Snapshot,
)
from assessments.queries.board import asks_document, previous_asks_document, risks_document
from assessments.queries.evidence import strength_of
from assessments.queries.movements import Before, movement_of
from assessments.queries.previous import earlier_snapshots, levels_of
from assessments.queries.scorecard import rating
from assessments.queries.sheet import Line, load_sheet
from assessments.scoring import SCORING_VERSION, RollUp, is_stale, roll_up
from commitments.models import Descriptor, Framework, Item, Section
from portal.models import User

SCHEMA = 2
"""1 knew no asks, no earlier asks and no risks: whoever reads documents takes them as optional."""

Document = dict[str, Any]


def snapshot_document(
    assessment: Assessment,
    *,
    signed_at: dt.datetime,
    signed_by: User,
    countersigned_by: User | None,
    version: int,
) -> Document:
    """Everything the papers show, as plain data; dates and instants in ISO, figures as text."""
    lines = load_sheet(assessment)
    earlier = earlier_snapshots(assessment)
    return {
        "schema": SCHEMA,
        "organisation": _organisation(assessment),
        "cycle": _cycle(assessment),
        "framework": _framework(assessment.cycle.framework),
        "scoring": _scoring(assessment.cycle.framework),
        "signed_off": {
            "at": signed_at.astimezone(dt.UTC).isoformat(),
            "by": signed_by.name,
            "job_title": signed_by.job_title,
            "countersigned_by": countersigned_by.name if countersigned_by else "",
        },
        "version": version,
        "messages": list(assessment.messages),
        "asks": asks_document(assessment),
        "previous_asks": previous_asks_document(assessment),
        "risks": risks_document(assessment.organisation),
        "plan": _plan(assessment),
        "sections": _sections(assessment, lines, earlier, london_date(signed_at)),
        "history": _history(earlier),
    }


def canonical(document: Document) -> str:
    """The one way this document is written down, so that the same content has the same hash."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _organisation(assessment: Assessment) -> Document:
    organisation = assessment.organisation
    names = ("slug", "name", "short_name", "kind", "ods_code")
    return {name: getattr(organisation, name) for name in names}


def _cycle(assessment: Assessment) -> Document:
    cycle = assessment.cycle
    return {
        "slug": cycle.slug,
        "name": cycle.name,
        "kind": cycle.kind,
        "opens_on": london_date(cycle.opens_at).isoformat(),
        "due_on": london_date(cycle.due_at).isoformat(),
    }


def _framework(framework: Framework) -> Document:
    return {name: getattr(framework, name) for name in ("version", "name", "title", "issued_by")}


def _scoring(framework: Framework) -> Document:
    levels = framework.levels.order_by("number").values("number", "name", "means")
    return {"version": SCORING_VERSION, "levels": list(levels)}


def _plan(assessment: Assessment) -> Document | None:
    plan = Plan.objects.filter(organisation=assessment.organisation).first()
    if plan is None:
        return None
    priorities = plan.priorities.select_related("item").order_by(
        "item__section__order", "item__order"
    )
    measures = plan.measures.filter(removed_at__isnull=True).order_by("pk")
    return {
        "title": plan.title,
        "summary": plan.summary,
        "url": plan.url,
        "minute_reference": plan.minute_reference,
        "approved_on": _iso(plan.approved_on),
        "priorities": [
            {"code": one.item.code, "short_name": one.item.short_name, "why": one.why}
            for one in priorities
        ],
        "measures": [_measure(measure) for measure in measures],
    }


def _measure(measure: Measure) -> Document:
    words = ("name", "source", "unit", "ethnic_group", "higher_is_better", "note")
    return {
        "key": str(measure.key),
        **{name: getattr(measure, name) for name in words},
        **_figures(measure, "baseline", "target", "latest"),
    }


def _figures(row: Measure | ObservedChange, *names: str) -> Document:
    """Each figure as normalised text with its date; None where there is none yet."""
    figures: Document = {}
    for name in names:
        figure = getattr(row, name)
        figures[name] = None if figure is None else f"{figure.normalize():f}"
        figures[f"{name}_on"] = _iso(getattr(row, f"{name}_on"))
    return figures


def _sections(
    assessment: Assessment, lines: Sequence[Line], earlier: Sequence[Snapshot], on: dt.date
) -> list[Document]:
    before = Before.of(earlier[-1] if earlier else None)
    prefetch_related_objects([line.answer.item for line in lines], "predecessor")
    means = _descriptors(assessment)
    looked_for = _short_term_changes(assessment)
    sections = []
    for section, group in groupby(lines, key=lambda line: line.answer.item.section):
        members = list(group)
        sections.append(
            {
                **_section(section),
                "roll_up": roll_up_document(roll_up(rating(line) for line in members)),
                "items": [
                    _item(line, on)
                    | {
                        "means": means.get((line.answer.item_id, line.answer.level), ""),
                        "movement": movement_of(line, before),
                        "short_term_changes": looked_for.get(line.answer.item_id, []),
                    }
                    for line in members
                ],
            }
        )
    return sections


def _section(section: Section) -> Document:
    names = ("code", "kind", "title", "statement_title", "statement")
    return {name: getattr(section, name) for name in names}


def roll_up_document(rolled: RollUp) -> Document:
    return {
        "counts": list(rolled.profile.counts),
        "not_assessed": rolled.profile.not_assessed,
        "not_applicable": rolled.profile.not_applicable,
        "typical": rolled.typical,
        "lowest": rolled.lowest,
        "lowest_codes": list(rolled.lowest_codes),
        "typical_bounds": list(rolled.typical_bounds) if rolled.typical_bounds else None,
        "lowest_bounds": list(rolled.lowest_bounds) if rolled.lowest_bounds else None,
        "completeness": rolled.completeness,
    }


def _item(line: Line, on: dt.date) -> Document:
    answer, item = line.answer, line.answer.item
    change = line.observed_change
    return {
        "code": item.code,
        "short_name": item.short_name,
        "wording": item.shown_wording,
        "level": answer.level,
        "applicable": line.exemption is None,
        "coverage": answer.coverage,
        "coverage_name": answer.get_coverage_display() if answer.coverage else "",
        "narrative": answer.narrative,
        "not_assessed_reason": answer.not_assessed_reason,
        "exemption_reason": line.exemption.reason if line.exemption else "",
        "is_reconfirmed": answer.is_reconfirmed,
        "evidence": [_evidence(evidence, on) for evidence in line.evidence],
        "steps": [_step(step) for step in line.steps],
        "leans_on": item.leans_on,
        "observed_change": _change(change) if change else None,
    }


def _evidence(evidence: Evidence, on: dt.date) -> Document:
    words = ("title", "kind", "url", "minute_reference", "file_name", "file_digest", "coverage")
    return {
        **{name: getattr(evidence, name) for name in words},
        "dated_on": _iso(evidence.dated_on),
        "strength": strength_of(evidence),
        "is_stale": is_stale(evidence.dated_on, on),
        "shown_to_community": evidence.shown_to_community,
        "shown_to_peers": evidence.shown_to_peers,
    }


def _step(step: ImprovementStep) -> Document:
    return {
        "key": str(step.key),
        "what": step.what,
        "owner": step.owner,
        "due_on": _iso(step.due_on),
        "resource": step.resource,
        "status": step.status,
        "status_name": step.get_status_display(),
    }


def _change(change: ObservedChange) -> Document:
    return {
        "measure": change.measure,
        "unit": change.unit,
        "ethnic_group": change.ethnic_group,
        **_figures(change, "baseline", "later"),
        "shows": change.shows.text,
    }


def _descriptors(assessment: Assessment) -> dict[tuple[int, int | None], str]:
    """What each level means for each item."""
    rows = Descriptor.objects.filter(item__section__framework=assessment.cycle.framework_id)
    return {
        (item, level): means
        for item, level, means in rows.values_list("item", "level__number", "means")
    }


def _short_term_changes(assessment: Assessment) -> dict[int, list[str]]:
    """The texts to look for, by item, in the framework's order."""
    items = Item.objects.filter(section__framework=assessment.cycle.framework_id)
    rows = items.filter(short_term_changes__isnull=False).order_by(
        "short_term_changes__section__order", "short_term_changes__order"
    )
    changes: dict[int, list[str]] = {}
    for item, text in rows.values_list("pk", "short_term_changes__text"):
        changes.setdefault(item, []).append(text)
    return changes


def _history(earlier: Sequence[Snapshot]) -> list[Document]:
    levels = levels_of(list(earlier))
    return [
        {
            "cycle_slug": snapshot.assessment.cycle.slug,
            "cycle_name": snapshot.assessment.cycle.name,
            "levels": levels[snapshot.pk],
        }
        for snapshot in earlier
    ]


def _iso(on: dt.date | None) -> str | None:
    return on.isoformat() if on else None
