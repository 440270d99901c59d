"""The demonstration's London pack: drafted, checked by the systems, mended, and issued."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

from assessments.models import Cycle
from portal import jobs
from portal.models import Job, Organisation, User
from reporting.calendar import LONDON, working_days_after
from reporting.demo.script import FOLDER
from reporting.models import Pack, PackComment, Report
from reporting.services import (
    comment_on_pack,
    draft_pack,
    issue_pack,
    make_pack_paper,
    open_check,
    reply_to_comment,
)

DRAFTED_AFTER = 22
"""Days from a cycle's due date: a week after its systems have released."""


def play_pack(cycle: Cycle, *, heg: User) -> None:
    """A past cycle's pack: two systems ask for corrections, two agree, one says nothing."""
    words = json.loads((FOLDER / "london-pack.json").read_text(encoding="utf-8"))
    at = _morning(cycle.due_at + dt.timedelta(days=DRAFTED_AFTER), 0)
    pack = draft_pack(cycle=cycle, version=0, note=words["note"], reason="", by=heg, at=at)
    _make(pack, Report.Kind.PACK_DRAFT, at=at)
    open_check(pack=pack, by=heg, at=at)
    said = _say(pack, words, at=_morning(at, 2))
    after = _morning(pack.factual_check.closes_at, 1)
    for comment, entry in said:
        reply_to_comment(
            comment=comment,
            version=0,
            reply=entry["reply"],
            changes_pack=entry["changes"],
            by=heg,
            at=after,
        )
    mended = draft_pack(
        cycle=cycle,
        version=1,
        note=words["mended_note"],
        reason=words["reason"],
        by=heg,
        at=after,
    )
    _make(mended, Report.Kind.PACK_DRAFT, at=after)
    issued_at = _morning(after, 1)
    issue_pack(pack=mended, by=heg, at=issued_at)
    _make(mended, Report.Kind.LONDON_PACK, at=issued_at)


def _say(
    pack: Pack, words: dict[str, Any], *, at: dt.datetime
) -> list[tuple[PackComment, dict[str, Any]]]:
    """Leads ask for corrections, sponsors say that there is nothing to correct."""
    for slug in words["agreed"]:
        _comment(pack, slug, "sponsor", agrees=True, text="", at=at)
    return [
        (_comment(pack, one["organisation"], "lead", agrees=False, text=one["text"], at=at), one)
        for one in words["comments"]
    ]


def _comment(pack: Pack, slug: str, role: str, **said: Any) -> PackComment:
    by = User.objects.get(email=f"{role}.{slug}@example.org")
    organisation = Organisation.objects.get(slug=slug)
    return comment_on_pack(pack=pack, organisation=organisation, by=by, **said)


def _make(pack: Pack, kind: str, *, at: dt.datetime) -> None:
    """As the worker would have done at once: a check opens on a draft that can be read."""
    job = Job.objects.get(kind=kind, subject_id=pack.pk)
    claimed = jobs.claim(job.pk, worker="demonstration", at=at)
    make_pack_paper(job=claimed, at=at)  # type: ignore[arg-type]


def _morning(at: dt.datetime, days: int) -> dt.datetime:
    """Ten o'clock in London, so many working days later, on a working day in any case."""
    on = at.astimezone(LONDON).date()
    on = working_days_after(on, days) if days else working_days_after(on, -1)
    return dt.datetime.combine(on, dt.time(10), LONDON)
