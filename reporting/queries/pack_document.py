"""The document of a London pack: what the released assessments of a cycle say, side by side."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Lower

from assessments.calendar import london_date
from assessments.models import Cycle, Snapshot
from assessments.queries import AskRow, asks_of
from commitments.models import Level, Section
from portal.models import Organisation
from reporting.queries.comparison import Comparison, ShownRow, compare, cycles_to_compare

SCHEMA = 1

Document = dict[str, Any]


def released_snapshots(cycle: Cycle) -> QuerySet[Snapshot]:
    """The latest released snapshot of every system in the cycle, alphabetical by system."""
    newest = Snapshot.objects.released().filter(assessment=OuterRef("assessment"))
    rows = Snapshot.objects.filter(
        pk=Subquery(newest.order_by("-version").values("pk")[:1]),
        assessment__cycle=cycle,
        assessment__organisation__kind=Organisation.Kind.ICS,
    ).select_related("assessment__organisation", "release")
    return rows.order_by(Lower("assessment__organisation__name"))


def pack_document(
    cycle: Cycle, snapshots: Iterable[Snapshot], *, note: str, at: dt.datetime
) -> Document:
    """Everything the pack shows, as plain data. Never the words of an answer or of its evidence."""
    comparison = compare(cycle, among=cycles_to_compare())
    frozen = {one.assessment.organisation.slug: json.loads(one.document) for one in snapshots}
    items = {slug: _by_code(document) for slug, document in frozen.items()}
    framework = cycle.framework
    return {
        "schema": SCHEMA,
        "cycle": {
            "slug": cycle.slug,
            "name": cycle.name,
            "due_on": london_date(cycle.due_at).isoformat(),
        },
        "framework": {
            name: getattr(framework, name) for name in ("version", "name", "title", "issued_by")
        },
        "levels": list(
            Level.objects.filter(framework=framework)
            .order_by("number")
            .values("number", "name", "means")
        ),
        "drafted_on": london_date(at).isoformat(),
        "note": note,
        "systems": _systems(comparison, snapshots, frozen, at),
        "sections": _sections(comparison, items),
    }


def _by_code(document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {item["code"]: item for section in document["sections"] for item in section["items"]}


def _systems(
    comparison: Comparison,
    snapshots: Iterable[Snapshot],
    frozen: Mapping[str, Any],
    at: dt.datetime,
) -> list[Document]:
    """Every system of the cycle, alphabetical; of an unreleased one its status alone."""
    laid_out = {one.assessment.organisation.slug: one for one in snapshots}
    return [
        {
            "slug": system.slug,
            "name": system.name,
            "status": system.status_words,
            "released": (
                _released(laid_out[system.slug], frozen[system.slug], at)
                if system.slug in laid_out
                else None
            ),
        }
        for system in comparison.systems
    ]


def _released(snapshot: Snapshot, document: Mapping[str, Any], at: dt.datetime) -> Document:
    assessment = snapshot.assessment
    earlier = document["history"]
    frozen = {ask["key"] for ask in document.get("asks", ())}
    return {
        "version": snapshot.version,
        "digest": snapshot.digest,
        "signed_off_on": london_date(snapshot.signed_off_at).isoformat(),
        "released_on": london_date(snapshot.release.at).isoformat(),
        "board_on": assessment.board_on.isoformat() if assessment.board_on else None,
        "compared_with": earlier[-1]["cycle_name"] if earlier else "",
        "shares_answers": assessment.organisation.shares_with_peers_since is not None,
        "asks": [_ask(row, at) for row in asks_of(assessment) if str(row.ask.key) in frozen],
    }


def _ask(row: AskRow, at: dt.datetime) -> Document:
    """What this Board was asked, and what was known by then of its decision."""
    outcome = next((one for one in row.outcomes if one.recorded_at <= at), None)
    return {
        "text": row.ask.text,
        "wants": row.ask.get_wants_display(),
        "decision": outcome.get_decision_display() if outcome else "",
        "decided_on": outcome.decided_on.isoformat() if outcome else None,
        "minute_reference": outcome.minute_reference if outcome else "",
    }


def _sections(
    comparison: Comparison, items: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> list[Document]:
    """In the framework's order; the rows and their counts are those of the comparison's page."""
    stated = {
        one.code: one for one in Section.objects.filter(framework=comparison.cycle.framework_id)
    }
    return [
        {
            "code": shown.code,
            "kind": stated[shown.code].kind,
            "title": shown.title,
            "statement_title": stated[shown.code].statement_title,
            "statement": stated[shown.code].statement,
            "items": [_item(row, items) for row in shown.rows],
        }
        for shown in comparison.sections
    ]


def _item(row: ShownRow, items: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Document:
    code = row.item.code
    return {
        "code": code,
        "name": row.item.name,
        "counts": row.counts_words,
        "cells": {slug: _cell(own[code]) for slug, own in items.items() if code in own},
    }


def _cell(item: Mapping[str, Any]) -> Document:
    return {
        "level": item["level"],
        "applicable": item["applicable"],
        "coverage": item["coverage_name"],
        "evidence": _grades(entry["strength"] for entry in item["evidence"]),
        "movement": item["movement"],
    }


def _grades(strengths: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(strengths).items()))
