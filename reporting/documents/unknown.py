"""What is not known: not assessed and why, unrated, resting on a statement, old, unrecognised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reporting.documents.community import NO_RATINGS, is_rated, ratings_of, summary_of
from reporting.documents.items import is_unrecognised, unassessed_words
from reporting.documents.source import Source
from reporting.documents.standing import named, rests_on_a_statement, rests_on_old_evidence
from reporting.documents.words import counted, joined, shortened

_MAKING_A_DIFFERENCE = 4
_NAMED = 3
"""So many are named; more are listed by code, the names standing in the tables around."""


@dataclass(frozen=True)
class UnknownGroup:
    """One kind of not knowing: a line that says how many, then the items it concerns."""

    title: str
    words: str
    items: tuple[str, ...]


def unknown(source: Source) -> tuple[UnknownGroup, ...]:
    items = list(source.items)
    return (
        _unassessed(source, [i for i in items if i["applicable"] and i["level"] is None]),
        *_exempt(source, [i for i in items if not i["applicable"]]),
        _unrated(source),
        _group(
            "On a statement alone",
            [i for i in items if rests_on_a_statement(i)],
            ("is", "are", "claimed above Not started with only a statement cited, or nothing"),
            "Every level above Not started has evidence stronger than a statement.",
        ),
        _group(
            "On old evidence only",
            [i for i in items if rests_on_old_evidence(i)],
            ("rests", "rest", "only on evidence older than 18 months at sign-off"),
            "No level rests only on evidence older than 18 months.",
        ),
        _group(
            "Not yet recognised by communities",
            [i for i in items if is_unrecognised(i)],
            (
                "is",
                "are",
                f"at {source.names[_MAKING_A_DIFFERENCE]} without a community rating that says so",
            ),
            _recognised(items, source),
        ),
    )


def _unrated(source: Source) -> UnknownGroup:
    title = "What communities say"
    if not is_rated(source):
        words = f"{NO_RATINGS}, so no level has been set beside communities’ own view."
        return UnknownGroup(title, words, ())
    actions = list(source.actions)
    none = [item for item in actions if not ratings_of(item)]
    few = [item for item in actions if ratings_of(item) and summary_of(item) is None]
    parts = [
        _said(none, "no community rating"),
        _said(few, "too few ratings to sum up"),
    ]
    said = " ".join(part for part in parts if part)
    return UnknownGroup(title, said or "Every action has enough community ratings.", ())


def _said(items: list[Mapping[str, Any]], what: str) -> str:
    if not items:
        return ""
    verb = "has" if len(items) == 1 else "have"
    return f"{counted(len(items), 'action')} {verb} {what}: {_names(items)}."


def _recognised(items: list[Mapping[str, Any]], source: Source) -> str:
    name = source.names[_MAKING_A_DIFFERENCE]
    if any(item["level"] == _MAKING_A_DIFFERENCE for item in items):
        return f"Communities recognise every item that is at {name}."
    return f"No item is at {name}."


def _unassessed(source: Source, items: list[Mapping[str, Any]]) -> UnknownGroup:
    if not items:
        return UnknownGroup("Not assessed", "Every action and consideration is assessed.", ())
    return UnknownGroup("Not assessed", f"{_many(len(items))}.", _reasons(items, source))


def _exempt(source: Source, items: list[Mapping[str, Any]]) -> tuple[UnknownGroup, ...]:
    if not items:
        return ()
    return (UnknownGroup("Not applicable", f"{_many(len(items))}.", _reasons(items, source)),)


def _reasons(items: list[Mapping[str, Any]], source: Source) -> tuple[str, ...]:
    """Each reason once, after the items it was given for."""
    given: dict[str, list[Mapping[str, Any]]] = {}
    for item in items:
        given.setdefault(unassessed_words(item).partition(": ")[2], []).append(item)
    longest = source.limits.reason
    return tuple(f"{_names(there)}: {shortened(why, longest)}" for why, there in given.items())


def _group(
    title: str, items: list[Mapping[str, Any]], what: tuple[str, str, str], nothing: str
) -> UnknownGroup:
    """`what` is said of the items: the verb for one, for more, and the rest."""
    if not items:
        return UnknownGroup(title, nothing, ())
    one, more, rest = what
    verb = one if len(items) == 1 else more
    return UnknownGroup(title, f"{_many(len(items))} {verb} {rest}: {_names(items)}.", ())


def _names(items: list[Mapping[str, Any]]) -> str:
    if len(items) > _NAMED:
        return joined([item["code"] for item in items])
    return joined([named(item) for item in items])


def _many(number: int) -> str:
    return counted(number, "item")
