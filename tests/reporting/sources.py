"""What a paper is made of, ready for tests: a document, a filled-in cover, an identity."""

import dataclasses

from reporting.documents import AMPLE, FrameworkTexts, Identity, Limits, Source, Text
from tests.reporting import snapshots

COVER = {
    "board_name": "North East London Integrated Care Board",
    "board_on": "2027-01-27",
    "agenda_item": "7.2",
    "purpose": "assurance",
    "purpose_name": "For assurance",
    "author": "Nasima Rahman-Bello",
    "strategic_objectives": "Reduce ethnic inequalities",
    "assurance_framework": "BAF 4",
    "previously_considered": "People Committee",
}


def source(document=None, cover=None, kind="board-paper", **changes):
    identity = Identity(kind, f"2026-nel-{kind}-v1", 1, "https://x/reports/r/", "a3f0" * 16)
    identity = dataclasses.replace(identity, **changes)
    texts = FrameworkTexts(
        (Text("A duty", "Do it."),), (Text("A strategy", "Plan."),), "The note.", ("P",) * 5
    )
    limits = AMPLE if identity.is_full else Limits()
    cover = COVER if cover is None else cover
    return Source(document or snapshots.complete(), cover, identity, texts, limits)


def item_of(document, code):
    return next(i for s in document["sections"] for i in s["items"] if i["code"] == code)
