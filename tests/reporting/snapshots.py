"""Snapshot documents as sign-off freezes them, made of the demonstration's own content."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

from assessments.scoring import (
    Rating,
    Standing,
    community_view,
    evidence_strength,
    is_stale,
    movement,
    roll_up,
)

ROOT = Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "fixtures"
FRAMEWORK = FIXTURES / "framework" / "london-1"
COVERAGES = {
    "one": "One site or service",
    "some": "Some of the system",
    "most": "Most of the system",
    "all": "All of the system",
    "": "",
}
STATUSES = {
    "not_started": "Not started",
    "on_track": "On track",
    "at_risk": "At risk",
    "off_track": "Off track",
    "done": "Done",
}
SIGNED_ON = dt.date(2026, 11, 20)
DUE_ON = dt.date(2026, 11, 13)
CYCLES = ("2024", "2025", "2026")


@cache
def _read(path: Path) -> Any:
    return json.loads(path.read_text())


def framework() -> Any:
    return _read(FRAMEWORK / "framework.json")


def complete(slug: str = "north-east-london", cycle: int = 2) -> dict[str, Any]:
    """A whole self-assessment: what an unfinished draft lacks is taken from the cycle before."""
    return _document(slug, cycle, fill=True)


def partial(slug: str = "north-east-london") -> dict[str, Any]:
    """Some items not assessed, some not applicable, no plan, no messages, no earlier cycle."""
    document = _document(slug, 0, fill=False)
    document["plan"], document["messages"], document["history"] = None, [], []
    for section in document["sections"]:
        for place, item in enumerate(section["items"]):
            item["movement"] = {"kind": "", "how": "", "previous_level": None}
            if place == 1:
                _empty(item, reason="Nobody could be found to look at this before the date.")
            if place == 2 and section["code"] == "A":
                item.update(level=None, means="", applicable=False, narrative="", evidence=[])
                item["exemption_reason"] = "The organisation places no contracts of this kind."
        _roll_up(section)
    return document


def empty(slug: str = "north-east-london") -> dict[str, Any]:
    """Nothing assessed at all, each with its reason."""
    document = partial(slug)
    for section in document["sections"]:
        for item in section["items"]:
            item["applicable"], item["exemption_reason"], item["steps"] = True, "", []
            _empty(item, reason="Not looked at in this cycle.")
        _roll_up(section)
    return document


def sparse() -> dict[str, Any]:
    """Two items of each section assessed, after a cycle in which all were: wide ranges."""
    document = complete()
    for section in document["sections"]:
        for item in section["items"][2:]:
            item["movement"] |= {"kind": "no longer assessed", "how": ""}
            _empty(item, reason="The system did not ask about this item in this cycle.")
        _roll_up(section)
    return document


def longest() -> dict[str, Any]:
    """Every text at its limit, every list long."""
    document = complete()
    words = "Structural racism shapes who is heard, who is believed and who is treated first. "
    document["messages"] = [(words * 10)[:300].strip()] * 3
    document["plan"]["title"] = (words * 5)[:200].strip()
    document["plan"]["summary"] = (words * 30)[:2000]
    document["plan"]["measures"] = [
        {**document["plan"]["measures"][0], "name": (f"{n} " + words * 5)[:200].strip()}
        for n in range(8)
    ]
    document["asks"] = [{**ASK, "text": (words * 5)[:300].strip()}] * 5
    document["previous_asks"] = [
        {
            **EARLIER_ASK,
            "text": (words * 5)[:300].strip(),
            "outcome": {
                **AGREED,
                "words": (words * 7)[:500].strip(),
                "minute_reference": (words * 3)[:200].strip(),
            },
        }
    ] * 5
    document["risks"] = [
        {
            "what": (words * 5)[:300].strip(),
            "board_assurance_reference": words[:60].strip(),
            "response": (words * 5)[:300].strip(),
            "owner": (words * 2)[:120].strip(),
        }
    ] * 10
    for section in document["sections"]:
        for item in section["items"]:
            item["narrative"] = (words * 200)[:10_000].strip()
            item["steps"] = [{**LONG_STEP, "what": (words * 5)[:300].strip()}] * 3
            item["evidence"] = [{**entry, "title": (words * 5)[:200]} for entry in item["evidence"]]
    return document


def with_unbroken_text() -> dict[str, Any]:
    """What a hostile or hurried hand may leave: no spaces, marks on marks, markup, many scripts."""
    document = complete()
    items = [item for section in document["sections"] for item in section["items"]]
    items[0]["narrative"] = "x" * 10_000
    items[1]["narrative"] = "e" + "\u0301" * 3_000
    items[2]["narrative"] = "العنصرية تضر بالصحة. বর্ণবাদ স্বাস্থ্যের ক্ষতি করে। 种族主义损害健康 🙂"
    items[3]["narrative"] = "<img src=http://example.org/x><style>*{display:none}</style> & 'so'"
    items[4]["narrative"] = "\n".join(f"line {n}" for n in range(900))
    return document


ASK = {
    "key": "0b0f8f6e-6f0e-4c9c-8a57-5d1b8a3f4c01",
    "text": "Fund the community panel with £60,000 a year until March 2030",
    "wants": "decide",
    "wants_name": "Decide",
}
AGREED = {
    "decided_on": "2026-01-28",
    "decision": "changed",
    "decision_name": "Agreed with changes",
    "words": "For two years, then to be looked at again",
    "minute_reference": "ICB/26/014",
}
DEFERRED = {
    "decided_on": "2026-01-28",
    "decision": "deferred",
    "decision_name": "Deferred",
    "words": "Until the pay audit is in",
    "minute_reference": "",
}
EARLIER_ASK = {
    **ASK,
    "cycle_slug": "2025",
    "cycle_name": "2025 self-assessment",
    "outcome": AGREED,
}
RISK = {
    "what": "The fund that pays for inclusion advisers ends in March 2027",
    "board_assurance_reference": "BAF 4",
    "response": "A bid for recurrent money is with the finance committee",
    "owner": "Chief People Officer",
}


def with_asks(document: dict[str, Any]) -> dict[str, Any]:
    """Three asks, three earlier ones (changed, deferred, without an outcome) and two risks."""
    document["asks"] = [
        ASK,
        {**ASK, "text": "Set a target for pay by ethnic group"},
        {**ASK, "text": "Note that nobody has looked at A5", "wants": "note", "wants_name": "Note"},
    ]
    document["previous_asks"] = [
        EARLIER_ASK,
        {**EARLIER_ASK, "text": "Publish pay by ethnic group", "outcome": DEFERRED},
        {**EARLIER_ASK, "text": "Note the gaps", "wants_name": "Note", "outcome": None},
    ]
    document["risks"] = [
        RISK,
        {"what": "Few people answer", "board_assurance_reference": "", "response": "", "owner": ""},
    ]
    return document


def with_ratings(document: dict[str, Any]) -> dict[str, Any]:
    """Ratings as sign-off will freeze them: summed up lower, higher and in line, and too few."""
    document["community"] = {
        "opened_on": "2026-10-05",
        "closed_on": "2026-11-06",
        "how": "Seven partners were invited and paid for their time; five rated.",
    }
    given = {
        "C1": [0, 0, 1, 1, None],
        "L4": [3, 4, 4],
        "E4": [2, 3, 3, 4],
        "A2": [1, None],
        "W1": [1, 2, 3],
    }
    for section in document["sections"]:
        for item in section["items"]:
            if item["code"] in given:
                item["community"] = _rated(item["level"], given[item["code"]])
    document["sections"][4]["items"][0]["community"]["reply"] = "They are right about the papers."
    document["sections"][4]["items"][0]["spread"] = [
        {"organisation": "A hospital trust", "level": 1, "note": "One site of four"},
        {"organisation": "A borough", "level": None, "note": ""},
    ]
    return document


def with_every_action_rated(document: dict[str, Any]) -> dict[str, Any]:
    """Communities see all 25 actions otherwise, and each has a long reply."""
    for section in document["sections"]:
        for item in section["items"] if section["kind"] == "commitment" else ():
            low = [0, 1, 1, None] if (item["level"] or 0) > 1 else [3, 3, 4]
            item["community"] = _rated(item["level"], low)
            item["community"]["reply"] = "They are right about the papers. " * 9
    return document


def _rated(level: int, levels: list[int | None]) -> dict[str, Any]:
    view = community_view(levels, level)
    ratings = [
        {
            "by": f"Partner {number}",
            "level": given,
            "words": "We were told, not asked." if number == 1 else "",
            "rated_on": "2026-10-20",
        }
        for number, given in enumerate(levels, 1)
    ]
    summary = view and {
        "number": view.number,
        "cannot_tell": view.cannot_tell,
        "middles": list(view.middles),
        "lowest": view.lowest,
        "highest": view.highest,
        "gap": view.gap,
    }
    return {"summary": summary, "ratings": ratings, "reply": "", "replied_on": None}


LONG_STEP = {
    "what": "",
    "owner": "Executive Director of Population Health, Equity and Community Partnership, "
    "North East London ICB, with five trusts",
    "due_on": "2027-02-01",
    "resource": "£1.1 million a year across two trusts from the health inequalities fund, "
    "subject to agreement by the finance committee",
    "status": "at_risk",
    "status_name": "At risk",
}


def _document(slug: str, cycle: int, *, fill: bool) -> dict[str, Any]:
    demo = _read(FIXTURES / "demo" / f"{slug}.json")
    source = framework()
    levels = _read(FRAMEWORK / "levels.json")
    maker = _Maker(demo, cycle, fill)
    sections = [maker.section(part, "commitment", "actions") for part in source["commitments"]]
    sections += [maker.section(part, "enabler", "considerations") for part in source["enablers"]]
    sponsors = [p for p in demo["people"] if p["role"] == "sponsor"]
    return {
        "schema": 1,
        "organisation": _organisation(slug),
        "cycle": {
            "slug": CYCLES[cycle],
            "name": f"{CYCLES[cycle]} self-assessment",
            "kind": "full",
            "opens_on": f"{CYCLES[cycle]}-08-17",
            "due_on": maker.due_on.isoformat(),
        },
        "framework": {
            "version": source["version"],
            "name": source["name"],
            "title": source["source"]["title"].rstrip("."),
            "issued_by": source["source"]["issuing_group"],
        },
        "scoring": {"version": "1", "levels": [_level(row) for row in levels]},
        "signed_off": {
            "at": f"{maker.signed_on.isoformat()}T16:05:00Z",
            "by": sponsors[0]["name"],
            "job_title": sponsors[0]["job_title"],
            "countersigned_by": sponsors[-1]["name"] if len(sponsors) > 1 and cycle == 2 else "",
        },
        "version": 1,
        "messages": list(demo["messages"][cycle]),
        "plan": maker.plan(),
        "sections": sections,
        "history": maker.history(),
    }


def _level(row: dict[str, Any]) -> dict[str, Any]:
    return {key: row[key] for key in ("number", "name", "means")}


def _organisation(slug: str) -> dict[str, str]:
    rows = _read(FIXTURES / "organisations.json")["organisations"]
    row = next(row for row in rows if row["slug"] == slug)
    return {key: row[key] for key in ("slug", "name", "short_name", "kind", "ods_code")}


class _Maker:
    """Turns one system's demonstration file into sections, plan and history of one cycle."""

    def __init__(self, demo: dict[str, Any], cycle: int, fill: bool) -> None:
        self.demo, self.cycle, self.fill = demo, cycle, fill
        self.due_on = DUE_ON.replace(year=int(CYCLES[cycle]))
        self.signed_on = SIGNED_ON.replace(year=int(CYCLES[cycle]))
        self.first_cited = self._first_cited()

    def _first_cited(self) -> dict[str, int]:
        cited: dict[str, int] = {}
        for versions in self.demo["answers"].values():
            for place, answer in enumerate(versions):
                for key in (answer or {}).get("evidence", ()):
                    cited[key] = min(place, cited.get(key, place))
        return cited

    def answer(self, code: str, cycle: int) -> tuple[dict[str, Any], bool]:
        """The words of a cycle, and whether they were carried and reconfirmed."""
        entry = (self.demo["answers"].get(code) or [None] * 3)[cycle]
        same = bool(entry and entry.get("same"))
        lacking = entry is None or (self.fill and cycle == 2 and entry.get("level") is None)
        if (same or (lacking and self.fill)) and cycle:
            return self.answer(code, cycle - 1)[0], True
        return entry or {"level": None, "reason": "It was not asked of us."}, False

    def section(self, part: dict[str, Any], kind: str, children: str) -> dict[str, Any]:
        descriptors = _read(FRAMEWORK / "descriptors" / f"{part['code']}.json")
        section = {
            "code": part["code"],
            "kind": kind,
            "title": part["title"],
            "statement_title": part.get("statement_title", ""),
            "statement": part.get("statement", ""),
            "items": [self.item(item, descriptors[item["code"]]) for item in part[children]],
        }
        _roll_up(section)
        return section

    def item(self, part: dict[str, Any], descriptor: dict[str, Any]) -> dict[str, Any]:
        code = part["code"]
        answer, same = self.answer(code, self.cycle)
        level = answer["level"]
        wording = part.get("text_full") or part["text"].rstrip(",").removesuffix(", and")
        return {
            "code": code,
            "short_name": descriptor["short_name"],
            "wording": wording,
            "level": level,
            "means": "" if level is None else descriptor["levels"][level]["means"],
            "applicable": True,
            "coverage": answer.get("coverage", ""),
            "coverage_name": COVERAGES[answer.get("coverage", "")],
            "narrative": self._years(answer.get("narrative", "")),
            "not_assessed_reason": "" if level is not None else answer.get("reason", "Not yet."),
            "exemption_reason": "",
            "is_reconfirmed": True,
            "evidence": [self.evidence(key) for key in answer.get("evidence", ())],
            "steps": [self.step(step) for step in self.demo["steps"] if step["item"] == code],
            "observed_change": self._observed(code) if level == 4 else None,
            "movement": self._movement(code, answer, same),
            "short_term_changes": self._changes(descriptor),
            "leans_on": list(descriptor.get("leans_on", ())),
        }

    def _years(self, text: str) -> str:
        for back in range(4):
            text = text.replace(
                "{Y}" if not back else f"{{Y-{back}}}", str(self.due_on.year - back)
            )
        return text

    def evidence(self, key: str) -> dict[str, Any]:
        entry = self.demo["evidence"][key]
        cited = DUE_ON.replace(year=int(CYCLES[self.first_cited[key]]))
        dated_on = cited - dt.timedelta(days=30 * entry["months_before_due"])
        return {
            "title": entry["title"],
            "kind": entry["kind"],
            "url": entry["url"],
            "minute_reference": entry["minute_reference"],
            "file_name": "",
            "file_digest": "",
            "dated_on": dated_on.isoformat(),
            "strength": evidence_strength(frozenset(entry["ticks"])),
            "is_stale": is_stale(dated_on, self.signed_on),
            "coverage": entry["coverage"],
            "shown_to_community": entry["shown_to_community"],
            "shown_to_peers": entry["shown_to_peers"],
        }

    def step(self, step: dict[str, Any]) -> dict[str, Any]:
        due = step["due_months"]
        due_on = None if due is None else self.due_on + dt.timedelta(days=30 * due)
        return {
            "what": step["what"],
            "owner": step["owner"],
            "due_on": due_on and due_on.isoformat(),
            "resource": step["resource"],
            "status": step["status"],
            "status_name": STATUSES[step["status"]],
        }

    def _observed(self, code: str) -> dict[str, Any]:
        return {
            "measure": "Bowel screening uptake, ages 56 to 74",
            "unit": "%",
            "ethnic_group": "Bangladeshi",
            "baseline": "44.1",
            "baseline_on": f"{self.due_on.year - 2}-03-31",
            "later": "52.6",
            "later_on": f"{self.due_on.year}-03-31",
            "shows": "Improved experience of and access to services for ethnic minority groups.",
        }

    def _movement(self, code: str, answer: dict[str, Any], same: bool) -> dict[str, Any]:
        if not self.cycle:
            return {"kind": "", "how": "", "previous_level": None}
        before = self.answer(code, self.cycle - 1)[0]
        moved = movement(
            Standing(before["level"], evidence=frozenset(before.get("evidence", ()))),
            Standing(answer["level"], evidence=frozenset(answer.get("evidence", ())),
                     reconfirmed=same),
        )  # fmt: skip
        return {"kind": str(moved.kind), "how": moved.how, "previous_level": before["level"]}

    def _changes(self, descriptor: dict[str, Any]) -> list[str]:
        texts = {
            change["code"]: change["text"]
            for commitment in framework()["commitments"]
            for change in commitment["short_term_changes"]
        }
        return [texts[code] for code in descriptor["look_for"]["changes"]]

    def plan(self) -> dict[str, Any] | None:
        plan = self.demo["plan"]
        if plan is None:
            return None
        names = _short_names()
        year = self.due_on.year
        return {
            "title": plan["title"],
            "summary": plan["summary"],
            "url": "https://www.example.org/our-plan",
            "minute_reference": plan["minute_reference"],
            "approved_on": "2024-05-22",
            "priorities": [
                {"code": row["item"], "short_name": names[row["item"]], "why": row["why"]}
                for row in plan["priorities"]
            ],
            "measures": [
                {
                    "name": row["name"],
                    "source": row["source"],
                    "unit": row["unit"],
                    "ethnic_group": row["ethnic_group"],
                    "higher_is_better": row["higher_is_better"],
                    "baseline": row["baseline"],
                    "baseline_on": "2024-03-31",
                    "target": row["target"],
                    "target_on": "2028-03-31",
                    "latest": row["latest"],
                    "latest_on": f"{year}-06-30",
                    "note": row["note"],
                }
                for row in plan["measures"]
            ],
        }

    def history(self) -> list[dict[str, Any]]:
        return [
            {
                "cycle_slug": CYCLES[cycle],
                "cycle_name": f"{CYCLES[cycle]} self-assessment",
                "levels": {
                    code: self.answer(code, cycle)[0]["level"] for code in self.demo["answers"]
                },
            }
            for cycle in range(self.cycle)
        ]


@cache
def _short_names() -> dict[str, str]:
    names = {}
    for path in sorted((FRAMEWORK / "descriptors").glob("*.json")):
        names |= {code: entry["short_name"] for code, entry in _read(path).items()}
    return names


def _empty(item: dict[str, Any], *, reason: str) -> None:
    item.update(level=None, means="", coverage="", coverage_name="", narrative="", evidence=[])
    item.update(not_assessed_reason=reason, observed_change=None)


def _roll_up(section: dict[str, Any]) -> None:
    rolled = roll_up(Rating(i["code"], i["level"], i["applicable"]) for i in section["items"])
    section["roll_up"] = {
        "counts": list(rolled.profile.counts),
        "not_assessed": rolled.profile.not_assessed,
        "not_applicable": rolled.profile.not_applicable,
        "typical": rolled.typical,
        "lowest": rolled.lowest,
        "lowest_codes": list(rolled.lowest_codes),
        "typical_bounds": rolled.typical_bounds and list(rolled.typical_bounds),
        "lowest_bounds": rolled.lowest_bounds and list(rolled.lowest_bounds),
        "completeness": rolled.completeness,
    }
