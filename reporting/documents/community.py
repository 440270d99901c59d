"""What communities say of an item: beside its level, never blended with it.

A snapshot's item may hold `community`, frozen from the ratings of its window:

    {"summary": None | {"number", "cannot_tell", "middles", "lowest", "highest", "gap"},
     "ratings": [{"by", "level", "words", "rated_on"}], "reply": "", "replied_on": None}

A rating's level is None for "cannot tell", its words are empty without consent to print them;
`summary` is there from three ratings that carry a level. A document may hold `community` as well,
on the window itself: {"opened_on", "closed_on", "how"}. Documents without these keys, as all were
before partners could rate, have no ratings: every page then says so in its one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reporting.charts import NOT_APPLICABLE, DumbbellRow, dumbbells
from reporting.documents.drawings import NOTHING_DRAWN, Drawing, drawing
from reporting.documents.looks import Look, level_look
from reporting.documents.source import Source, item_noun
from reporting.documents.words import counted, day, joined

NO_RATINGS = "No community ratings in this cycle"
CANNOT_TELL = "Cannot tell"


@dataclass(frozen=True)
class Disagreement:
    """An item whose self-assessed level lies outside the communities' middle ratings."""

    code: str
    name: str
    words: str
    short: str
    """The same without how far the ratings range."""
    reply: str
    size: int


@dataclass(frozen=True)
class RatingRow:
    """One rating as it stands in the log."""

    code: str
    by: str
    level: Look
    words: str
    rated_on: str


@dataclass(frozen=True)
class RatingsLog:
    about: str
    rows: tuple[RatingRow, ...]


@dataclass(frozen=True)
class _Summed:
    """A summary in the form the chart reads."""

    number: int
    cannot_tell: int
    middles: tuple[int, ...]
    lowest: int
    highest: int
    gap: int | None


def ratings_of(item: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return list((item.get("community") or {}).get("ratings", ()))


def summary_of(item: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The ratings summed up; None where there are fewer than three that carry a level."""
    found: Mapping[str, Any] | None = (item.get("community") or {}).get("summary")
    return found


def gap_of(item: Mapping[str, Any]) -> int:
    """How far the communities' view lies from the self-assessed level, signed; 0 in line."""
    return (summary_of(item) or {}).get("gap") or 0


def is_rated(source: Source) -> bool:
    """Whether anybody rated anything in this cycle."""
    return any(ratings_of(item) for item in source.items)


def short_view(item: Mapping[str, Any], names: Sequence[str]) -> str:
    """What communities say of one item in a few words: the middle, and of how many."""
    ratings, summary = ratings_of(item), summary_of(item)
    if not ratings:
        return ""
    if summary is None:
        return f"{counted(len(ratings), 'rating')}, too few to sum up"
    return f"{_middle(summary, names)} ({counted(summary['number'], 'rating')})"


def view_words(item: Mapping[str, Any], names: Sequence[str]) -> str:
    """What communities say of one item; nothing where nobody rated it."""
    ratings, summary = ratings_of(item), summary_of(item)
    if not ratings:
        return ""
    if summary is None:
        each = joined([level_words(rating["level"], names) for rating in ratings])
        return f"{counted(len(ratings), 'rating')}, too few to sum up: {each}"
    return f"{_middle(summary, names)} ({_basis(summary, names)})"


def level_words(level: int | None, names: Sequence[str]) -> str:
    return CANNOT_TELL if level is None else names[level]


def disagreements(items: Iterable[Mapping[str, Any]], names: Sequence[str]) -> list[Disagreement]:
    """The largest first; in the framework's order where they are alike."""
    found = [_disagreement(item, names) for item in items if gap_of(item)]
    return sorted(found, key=lambda one: -one.size)


def rated_sentence(source: Source) -> str:
    """How many actions communities rated, and how often they see them otherwise."""
    if not is_rated(source):
        return f"{NO_RATINGS}, so every level below is the organisation’s own view alone."
    actions = list(source.actions)
    rated = sum(bool(ratings_of(item)) for item in actions)
    below = sum(gap_of(item) < 0 for item in actions)
    above = sum(gap_of(item) > 0 for item in actions)
    return (
        f"Communities rated {rated} of {counted(len(actions), 'action')}: they place {below} lower "
        f"than the organisation does and {above} higher."
    )


def section_words(section: Mapping[str, Any]) -> str:
    """How far communities rated a commitment or enabler, in a few words."""
    items = section["items"]
    rated = sum(bool(ratings_of(item)) for item in items)
    if not rated:
        return "Not rated"
    parts = [f"{rated} of {len(items)} rated"]
    below, above = sum(gap_of(i) < 0 for i in items), sum(gap_of(i) > 0 for i in items)
    parts += [f"{below} lower"] if below else []
    parts += [f"{above} higher"] if above else []
    return ", ".join(parts)


def largest_gaps(source: Source) -> Drawing:
    """The items where communities see it most otherwise, on one axis."""
    apart = sorted((i for i in source.items if gap_of(i)), key=lambda item: -abs(gap_of(item)))
    rows = [_dumbbell(item) for item in apart[: source.limits.gaps]]
    if not rows:
        return NOTHING_DRAWN
    chart = dumbbells(rows, source.names, "Where communities see it otherwise")
    return drawing(chart, f"{chart.title}. {chart.description}")


def section_gaps(section: Mapping[str, Any], source: Source) -> Drawing:
    """A section's own, in the full report; the Board paper draws the largest gaps alone."""
    rated = any(ratings_of(item) for item in section["items"])
    if not rated or not source.identity.is_full:
        return NOTHING_DRAWN
    rows = [_dumbbell(item) for item in section["items"]]
    noun = item_noun(section).capitalize()
    chart = dumbbells(rows, source.names, section["title"], noun)
    return drawing(chart, f"{chart.title}. {chart.description}")


def ratings_log(source: Source) -> RatingsLog:
    """Every rating, by item, and how the ratings came about."""
    window = source.document.get("community") or {}
    about = ""
    if window:
        about = (
            f"Ratings were open from {day(window['opened_on'])} to {day(window['closed_on'])}. "
            f"{window['how']}"
        )
    rows = [
        RatingRow(
            code=item["code"],
            by=rating["by"],
            level=_look(rating["level"], source.names),
            words=rating["words"],
            rated_on=day(rating["rated_on"]),
        )
        for item in source.items
        for rating in ratings_of(item)
    ]
    return RatingsLog(about, tuple(rows))


def _look(level: int | None, names: Sequence[str]) -> Look:
    return Look("–", CANNOT_TELL) if level is None else level_look(level, names)


def _disagreement(item: Mapping[str, Any], names: Sequence[str]) -> Disagreement:
    summary, gap = item["community"]["summary"], gap_of(item)
    side = "below" if gap < 0 else "above"
    told = (
        f"we say {names[item['level']]}, communities say {_middle(summary, names)}, "
        f"{counted(abs(gap), 'level')} {side}"
    )
    return Disagreement(
        code=item["code"],
        name=item["short_name"],
        words=f"{told} ({_basis(summary, names)})",
        short=f"{told} ({counted(summary['number'], 'rating')})",
        reply=item["community"].get("reply", ""),
        size=abs(gap),
    )


def _middle(summary: Mapping[str, Any], names: Sequence[str]) -> str:
    """The middle rating, or the two middle ones."""
    return " to ".join(names[level] for level in summary["middles"])


def _basis(summary: Mapping[str, Any], names: Sequence[str]) -> str:
    parts = [counted(summary["number"], "rating")]
    low, high = summary["lowest"], summary["highest"]
    parts.append("all the same" if low == high else f"from {names[low]} to {names[high]}")
    if summary["cannot_tell"]:
        parts.append(f"{summary['cannot_tell']} could not tell")
    return ", ".join(parts)


def _dumbbell(item: Mapping[str, Any]) -> DumbbellRow:
    ratings, summary = ratings_of(item), summary_of(item)
    unsure = sum(rating["level"] is None for rating in ratings)
    return DumbbellRow(
        code=item["code"],
        name=item["short_name"],
        self_level=item["level"] if item["applicable"] else NOT_APPLICABLE,
        community=_summed(summary) if summary else None,
        few=0 if summary else len(ratings) - unsure,
        cannot_tell=unsure,
    )


def _summed(summary: Mapping[str, Any]) -> _Summed:
    numbers = {name: summary[name] for name in ("number", "cannot_tell", "lowest", "highest")}
    return _Summed(middles=tuple(summary["middles"]), gap=summary["gap"], **numbers)
