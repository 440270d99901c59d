"""The demonstration's script: what each organisation says in its three cycles."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from assessments.models import Cycle

LONDON = ZoneInfo("Europe/London")
FOLDER = Path(settings.BASE_DIR) / "fixtures" / "demo"

DUE_AFTER, CLOSES_AFTER, LAST_RELEASE_AFTER = 80, 108, 168
"""Days from a full cycle's opening to its other dates."""
OPENED_AGO = 45
"""Days since the current cycle opened: it is due in about five weeks."""


@dataclass(frozen=True)
class Stage:
    """How far an organisation has got in the current cycle; days are counted back from now."""

    sent: int | None = None
    signed: int | None = None
    board: int | None = None
    released: int | None = None
    last_work: int = 2


STAGES = {
    "north-east-london": Stage(),
    "north-west-london": Stage(),
    "south-east-london": Stage(sent=8, last_work=12),
    "north-central-london": Stage(sent=14, signed=9, board=-14, last_work=18),
    "south-west-london": Stage(sent=20, signed=16, board=10, released=9, last_work=23),
    "homerton-healthcare": Stage(sent=8, last_work=12),
    "croydon": Stage(),
}


@dataclass(frozen=True)
class CyclePlan:
    """One full cycle's dates, as instants."""

    opens_at: dt.datetime
    due_at: dt.datetime
    closes_at: dt.datetime
    last_release_at: dt.datetime

    @property
    def slug(self) -> str:
        return str(self.opens_at.astimezone(LONDON).year)

    @property
    def name(self) -> str:
        return f"Self-assessment {self.slug}"


def cycle_plans(at: dt.datetime) -> list[CyclePlan]:
    """The current cycle and the two before it, a year apart; no date is within a week of now."""
    opened = (at.astimezone(LONDON) - dt.timedelta(days=OPENED_AGO)).date()
    opened = opened.replace(day=min(opened.day, 28))
    return [_cycle_plan(opened.replace(year=opened.year - ago)) for ago in (2, 1, 0)]


def _cycle_plan(opens_on: dt.date) -> CyclePlan:
    def end_of(days: int) -> dt.datetime:
        day = opens_on + dt.timedelta(days=days)
        return dt.datetime.combine(day, dt.time(23, 59), LONDON)

    return CyclePlan(
        opens_at=dt.datetime.combine(opens_on, dt.time(9), LONDON),
        due_at=end_of(DUE_AFTER),
        closes_at=end_of(CLOSES_AFTER),
        last_release_at=end_of(LAST_RELEASE_AFTER),
    )


def months_before(day: dt.date, months: int) -> dt.date:
    """The same day some months earlier (later when negative), at most the 28th."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return dt.date(year, month + 1, min(day.day, 28))


@dataclass(frozen=True)
class Script:
    """One organisation's part."""

    content: dict[str, Any]

    @property
    def slug(self) -> str:
        slug: str = self.content["organisation"]
        return slug

    @property
    def stage(self) -> Stage:
        return STAGES[self.slug]

    def entry(self, code: str, index: int, cycle: Cycle) -> dict[str, Any] | None:
        """What it says of an item in a cycle, years filled in; None where it says nothing."""
        entries = self.content["answers"].get(code)
        if entries is None or entries[index] is None:
            return None
        entry: dict[str, Any] = json.loads(
            fill_years(json.dumps(entries[index], ensure_ascii=False), cycle)
        )
        silent = not entry.get("same") and entry["level"] is None and not entry.get("reason")
        return None if silent else entry

    def takes_part(self, index: int) -> bool:
        return any(entries[index] is not None for entries in self.content["answers"].values())

    def is_sent(self, index: int) -> bool:
        """Whether it sends its assessment of that cycle for sign-off."""
        return index < 2 or self.stage.sent is not None


def fill_years(text: str, cycle: Cycle) -> str:
    """Replace {Y}, {Y-1} … by the year of the cycle's due date and those before it."""
    year = cycle.due_at.astimezone(LONDON).year
    return re.sub(r"\{Y(?:-(\d))?\}", lambda found: str(year - int(found[1] or 0)), text)


def read_scripts() -> list[Script]:
    """Every organisation of the demonstration, in the order of STAGES."""
    return [Script(_read(slug)) for slug in STAGES]


def read_first_steps() -> dict[str, list[str]]:
    """For each item, what an organisation that has only committed itself does first, and who."""
    return _read("first-steps")


def _read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
