"""How the papers put dates, lists, counts, figures and first sentences into words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"'’”)]?\s+(?=[\"'‘“(]?[A-Z0-9£])|\n+")
_SAYS_LITTLE = 60
"""Characters: "This has gone down." needs the sentence after it."""
# What ends with a full stop without ending a sentence.
_ABBREVIATION = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Mx|Prof|St|No|e\.g|i\.e|etc|vs|approx)\.$")


def day(iso: str | None) -> str:
    """2027-03-05 as "5 March 2027"; nothing where there is no date."""
    if not iso:
        return ""
    on = dt.date.fromisoformat(iso)
    return f"{on.day} {on:%B %Y}"


def short_day(iso: str | None) -> str:
    """2027-03-05 as "5 Mar 2027"."""
    if not iso:
        return ""
    on = dt.date.fromisoformat(iso)
    return f"{on.day} {on:%b %Y}"


def london_date(instant: str) -> dt.date:
    """The day in London of an ISO instant."""
    return dt.datetime.fromisoformat(instant).astimezone(LONDON).date()


def joined(words: Sequence[str], link: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {link} {words[-1]}"


def counted(number: int, noun: str, nouns: str = "") -> str:
    """ "1 step", "2 steps", "no steps"."""
    many = nouns or f"{noun}s"
    return f"{number or 'no'} {noun if number == 1 else many}"


def capital(text: str) -> str:
    """The text with its first letter as a capital, the rest as it was."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text, ended by a full stop if nothing ends it yet."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def first_sentence(text: str, longest: int) -> str:
    """The first sentence, cut at a word with an ellipsis where it is longer than `longest`."""
    first = text.strip()
    for end in _SENTENCE_END.finditer(first):
        head = first[: end.start()].rstrip()
        if not _ABBREVIATION.search(head):
            first = head + end.group().strip()
            break
    return shortened(first, longest)


def opening(text: str, longest: int) -> str:
    """The first sentence, and the next where the first says little by itself and both fit."""
    first = first_sentence(text, longest)
    rest = text.strip().removeprefix(first).strip()
    if len(first) >= _SAYS_LITTLE or not rest or first[-1] not in ".!?":
        return first
    both = f"{first} {first_sentence(rest, longest)}"
    return both if len(both) <= longest else first


def shortened(text: str, longest: int) -> str:
    """The text, or as many whole words of it as fit, with an ellipsis."""
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    whole = cut.rsplit(None, 1)[0] if re.search(r"\s", cut) else cut
    return whole.rstrip(" ,;:.–-") + "…"


def figure(value: str | None, unit: str) -> str:
    """A figure with its unit where that is a sign: "61%", "£40", "1.62"."""
    if value is None:
        return ""
    number = value.replace("-", "−")
    if unit == "%":
        return f"{number}%"
    return f"£{number}" if unit == "£" else number


def paragraphs(text: str) -> tuple[str, ...]:
    """The text's paragraphs, without empty ones."""
    return tuple(part.strip() for part in re.split(r"\n+", text) if part.strip())
