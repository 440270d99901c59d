"""Released assessments of several systems, and the London pack that lays them side by side."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from assessments import models as a
from assessments import services
from assessments.services.freeze import _freeze_rows
from portal import jobs
from portal.models import Job
from reporting.documents import Identity
from reporting.documents.packs import PackFacts
from reporting.models import Pack, Report
from reporting.queries.pack_document import pack_document, released_snapshots
from reporting.services import draft_pack, make_pack_paper, open_check
from tests import factories
from tests.reporting import snapshots
from tests.reporting.stored import stored

SYSTEMS = (
    "north-central-london",
    "north-east-london",
    "north-west-london",
    "south-east-london",
    "south-west-london",
)
AT = factories.london(2026, 12, 7, 10)
"""A Monday, when what these systems signed off has been released."""
NOTE = "This is the third time that London’s systems look at themselves.\n\nRead it with care."


def lay_out(*slugs: str, cycle: int = 2, at: dt.datetime = AT) -> a.Cycle:
    """The demonstration's own assessments of these systems, signed off and released."""
    for slug in slugs:
        document = snapshots.complete(slug, cycle)
        snapshot = stored(document)
        _freeze_rows(snapshot, document["sections"])
        a.Release.objects.create(
            snapshot=snapshot, cause=a.Release.Cause.SPONSOR, at=at - dt.timedelta(days=5)
        )
    return a.Cycle.objects.select_related("framework").get(slug=snapshots.CYCLES[cycle])


def facts_of(cycle: a.Cycle, standing: Any = None, **changes: Any) -> PackFacts:
    """What the pack of a cycle would be made of, as it would be frozen now."""
    document = pack_document(cycle, released_snapshots(cycle), note=NOTE, at=AT)
    kind = "london-pack" if standing else "london-pack-draft"
    words = {"kind": kind, "version": 1, "address": "https://x/reports/r/", "digest": "a3f0" * 16}
    reference = f"{cycle.slug}-{kind}-v1"
    identity = Identity(reference=reference, **words | changes)
    return PackFacts(json.loads(json.dumps(document)), standing or {}, identity)


STANDING = {
    "issued_on": "2026-12-16",
    "checks": [{"version": 1, "opened_on": "2026-12-07", "closed_on": "2026-12-14"}],
    "agreed": ["North West London"],
    "comments": [
        {
            "system": "North East London",
            "text": "The Board met on 25 November, not on 24 November.",
            "reply": "Thank you, that is mended.",
            "changes_pack": True,
        },
        {
            "system": "South East London",
            "text": "W5 should say that the audit has begun.\nIt began in October.",
            "reply": "The pack shows what was signed off. It will stand in the next cycle’s.",
            "changes_pack": False,
        },
    ],
}


BEFORE = {
    "slug": "2025",
    "name": "Self-assessment 2025",
    "opens_at": factories.london(2025, 10, 6),
    "due_at": factories.london(2025, 12, 15),
    "closes_at": factories.london(2026, 1, 15),
    "last_release_at": factories.london(2026, 3, 31),
}
SIGNED_AT = factories.london(2026, 11, 2)


def released(framework: Any, *slugs: str, levels: dict[str, int] | None = None) -> a.Cycle:
    """Systems on the small framework that have released in the cycle of 2026."""
    for slug in slugs:
        factories.organisation(slug)
    cycle = factories.open_cycle(framework)
    for slug in slugs:
        release_one("2026", slug, levels)
    return cycle


def release_one(
    cycle: str, slug: str, levels: dict[str, int] | None = None, *, at: dt.datetime = SIGNED_AT
) -> a.Snapshot:
    """One system's assessment of a cycle, answered, signed off and released."""
    place = factories.organisation(slug)
    rows = a.Assessment.objects.select_related("cycle", "organisation")
    snapshot = factories.signed_off(
        rows.get(cycle__slug=cycle, organisation=place),
        lead=person("lead", place),
        sponsor=person("sponsor", place),
        levels=levels,
        at=at,
    )
    services.release(snapshot=snapshot, cause=a.Release.Cause.SPONSOR, by=None, at=at)
    return snapshot


def person(role: str, place: Any) -> Any:
    """Whoever holds the role there; made where nobody does."""
    held = place.memberships.filter(role=role).order_by("pk").first()
    return held.user if held else factories.user_with(role, place)


def draft(cycle: a.Cycle, by: Any, at: dt.datetime = AT, **changes: Any) -> Pack:
    """The next version of a cycle's pack, its paper not made yet."""
    last = cycle.packs.order_by("-version").first()
    words = {"version": last.version if last else 0, "note": "", "reason": ""} | changes
    return draft_pack(cycle=cycle, by=by, at=at, **words)


def make(pack: Pack, kind: str = Report.Kind.PACK_DRAFT, at: dt.datetime = AT) -> Report:
    """What the worker makes of the job for a pack's paper."""
    job = Job.objects.get(kind=kind, subject_id=pack.pk)
    return make_pack_paper(job=jobs.claim(job.pk, worker="test", at=at), at=at)


def stand_in(pack: Pack, kind: str = Report.Kind.PACK_DRAFT, at: dt.datetime = AT) -> Report:
    """A pack's paper without the printing; where its bytes matter, they are its reference."""
    reference = f"{pack.cycle.slug}-{kind}-v{pack.version}"
    return Report.objects.create(
        reference=reference,
        kind=kind,
        pack=pack,
        version=pack.version,
        made_at=at,
        pages=1,
        size=4,
        digest=hashlib.sha256(reference.encode()).hexdigest(),
    )


def in_check(cycle: a.Cycle, by: Any, at: dt.datetime = AT) -> Pack:
    """A drafted pack whose factual check has just opened."""
    pack = draft(cycle, by, at)
    stand_in(pack, at=at)
    open_check(pack=pack, by=by, at=at)
    return pack
