"""The step timeline: what is next, by when, with its delivery status as word and shape."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from .marks import INK, PALE, Chart, Label, Line, Mark, Point, PointShape, Table, day_words, shorten

MAX_TIMELINE_STEPS: Final = 12
STATUS_LOOKS: Final[dict[str, tuple[str, PointShape]]] = {
    "not_started": ("not started", "ring"),
    "on_track": ("on track", "circle"),
    "at_risk": ("at risk", "triangle"),
    "off_track": ("off track", "diamond"),
    "done": ("done", "square"),
}
_AXIS_LEFT: Final = 270
_AXIS_RIGHT: Final = 520
_WORDS_LEFT: Final = 536
_TOP: Final = 22
_ROW_HEIGHT: Final = 22
_LONGEST_STEP: Final = 40


@dataclass(frozen=True)
class TimelineStep:
    """An improvement step: its item's code, what, by when, and one of the statuses above."""

    code: str
    what: str
    due_on: date | None
    status: str


def step_timeline(steps: Sequence[TimelineStep], from_on: date, to_on: date, on: date) -> Chart:
    """Steps by date on an axis from `from_on` to `to_on`, with a line at `on`.

    A date outside the axis stands at its edge, its date in words; the first twelve are drawn.
    """
    ordered = sorted(steps, key=lambda step: (step.due_on or date.max, step.code, step.what))
    drawn = ordered[:MAX_TIMELINE_STEPS]
    bottom = _TOP + _ROW_HEIGHT * len(drawn)
    marks = _axis(from_on, to_on, on, bottom)
    for place, step in enumerate(drawn):
        marks += _row(step, _TOP + _ROW_HEIGHT * place, from_on, to_on)
    if len(ordered) > len(drawn):
        more = f"and {len(ordered) - len(drawn)} more in the table"
        marks.append(Label(0, bottom + 16, more))
    overdue = sum(_is_overdue(step, on) for step in ordered)
    undated = sum(step.due_on is None for step in ordered)
    return Chart(
        kind="timeline",
        title=f"Improvement steps by date, at {day_words(on)}",
        description=f"{len(ordered)} step{'' if len(ordered) == 1 else 's'}: "
        f"{overdue or 'none'} overdue{f', {undated} without a date' if undated else ''}. "
        f"The axis runs from {day_words(from_on)} to {day_words(to_on)}.",
        table=Table(
            ("Action", "Step", "Due", "Status"),
            tuple((s.code, s.what, _due_words(s), _status_words(s, on)) for s in ordered),
        ),
        height=bottom + 24,
        marks=tuple(marks),
    )


def _axis(from_on: date, to_on: date, on: date, bottom: float) -> list[Mark]:
    today = _place(on, from_on, to_on)
    return [
        Line(_AXIS_LEFT, bottom, _AXIS_RIGHT, bottom),
        Line(today, _TOP - 4, today, bottom, INK, dashed=True),
        Label(today, 12, day_words(on), "middle", bold=True),
        Label(_AXIS_LEFT, bottom + 16, day_words(from_on), "middle"),
        Label(_AXIS_RIGHT, bottom + 16, day_words(to_on), "middle"),
    ]


def _row(step: TimelineStep, top: float, from_on: date, to_on: date) -> list[Mark]:
    word, shape = STATUS_LOOKS[step.status]
    marks: list[Mark] = [
        Line(_AXIS_LEFT, top + 11, _AXIS_RIGHT, top + 11, PALE),
        Label(0, top + 15, shorten(f"{step.code} {step.what}", _LONGEST_STEP)),
        Label(_WORDS_LEFT, top + 15, f"{_due_words(step)}, {word}"),
    ]
    if step.due_on:
        marks.append(Point(_place(step.due_on, from_on, to_on), top + 11, shape))
    return marks


def _place(at: date, from_on: date, to_on: date) -> float:
    share = (at - from_on).days / max(1, (to_on - from_on).days)
    return _AXIS_LEFT + min(1, max(0, share)) * (_AXIS_RIGHT - _AXIS_LEFT)


def _is_overdue(step: TimelineStep, on: date) -> bool:
    return step.due_on is not None and step.due_on < on and step.status != "done"


def _due_words(step: TimelineStep) -> str:
    return day_words(step.due_on) if step.due_on else "no date"


def _status_words(step: TimelineStep, on: date) -> str:
    word = STATUS_LOOKS[step.status][0]
    return f"{word}, overdue" if _is_overdue(step, on) else word
