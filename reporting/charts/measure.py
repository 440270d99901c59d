"""The measure chart: where a measure started, where it is and where it is to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from .marks import Box, Chart, Label, Line, Mark, Table, day_words, shorten

_AXIS_LEFT: Final = 170
_AXIS_RIGHT: Final = 580
_ROW_HEIGHT: Final = 20
_LONGEST_UNIT: Final = 24
_PERCENT_AXIS: Final = (Decimal(0), Decimal(100))


@dataclass(frozen=True)
class MeasurePoint:
    """A figure of a measure and its date; either may be missing."""

    value: Decimal | None = None
    on: date | None = None


@dataclass(frozen=True)
class _Row:
    label: str
    point: MeasurePoint
    fill: str
    dashed: bool = False


def measure_chart(
    name: str,
    unit: str,
    baseline: MeasurePoint,
    latest: MeasurePoint | None = None,
    target: MeasurePoint | None = None,
) -> Chart:
    """A bar each for baseline, latest and target, from nought on one axis; no line joins them.

    Percentages run to 100, other units to the next round figure.
    """
    rows = (
        _Row("Baseline", baseline, "#a9c8e4"),
        _Row("Latest", latest or MeasurePoint(), "#003087"),
        _Row("Target", target or MeasurePoint(), "none", dashed=True),
    )
    low, high = _axis_of([row.point.value for row in rows if row.point.value is not None], unit)
    bottom = _ROW_HEIGHT * len(rows) + 4
    marks = _axis(low, high, unit, bottom)
    for place, row in enumerate(rows):
        marks += _bar(row, 4 + place * _ROW_HEIGHT, low, high, unit)
    told = tuple((row.label, _figure(row.point.value, unit), _date(row.point)) for row in rows)
    return Chart(
        kind="measure",
        title=f"{name}: baseline, latest and target",
        description="; ".join(f"{label}: {figure}, {on}" for label, figure, on in told) + ".",
        table=Table(("Figure", "Value", "Date"), told),
        height=bottom + 24,
        marks=tuple(marks),
    )


def _axis(low: Decimal, high: Decimal, unit: str, bottom: float) -> list[Mark]:
    marks: list[Mark] = [Line(_AXIS_LEFT, bottom, _AXIS_RIGHT, bottom)]
    if unit != "%":
        marks.append(Label(0, bottom + 18, shorten(unit, _LONGEST_UNIT)))
    for value in sorted({low, Decimal(0), high}):
        x = _place(value, low, high)
        marks.append(Line(x, 2 if value == 0 else bottom, x, bottom + 4))
        marks.append(Label(x, bottom + 18, _drawn(value, unit), "middle"))
    return marks


def _bar(row: _Row, top: float, low: Decimal, high: Decimal, unit: str) -> list[Mark]:
    dated = f", {day_words(row.point.on)}" if row.point.on else ""
    marks: list[Mark] = [Label(0, top + 13, row.label + dated)]
    end = _place(Decimal(0), low, high)
    if row.point.value is not None:
        start, end = sorted((end, _place(row.point.value, low, high)))
        marks.append(Box(start, top + 2, end - start, _ROW_HEIGHT - 6, row.fill, dashed=row.dashed))
    marks.append(Label(end + 6, top + 13, _drawn(row.point.value, unit), bold=True))
    return marks


def _place(value: Decimal, low: Decimal, high: Decimal) -> float:
    return _AXIS_LEFT + float((value - low) / (high - low)) * (_AXIS_RIGHT - _AXIS_LEFT)


def _axis_of(values: Sequence[Decimal], unit: str) -> tuple[Decimal, Decimal]:
    lowest, highest = min((Decimal(0), *values)), max((Decimal(0), *values))
    if unit == "%" and lowest == 0 and highest <= _PERCENT_AXIS[1]:
        return _PERCENT_AXIS
    end = _round_up(max(highest, -lowest))
    return (-end if lowest < 0 else Decimal(0)), end


def _round_up(value: Decimal) -> Decimal:
    """The next 1, 2 or 5 with noughts."""
    if value == 0:
        return Decimal(1)
    power = Decimal(10) ** value.adjusted()
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def _figure(value: Decimal | None, unit: str) -> str:
    return _drawn(value, unit) if value is None or unit == "%" else f"{_drawn(value, unit)} {unit}"


def _drawn(value: Decimal | None, unit: str) -> str:
    """A figure as the drawing prints it: the unit stands once beside the axis, but for per cent."""
    if value is None:
        return "not yet known"
    return f"{value:f}".replace("-", "−") + ("%" if unit == "%" else "")


def _date(point: MeasurePoint) -> str:
    return day_words(point.on) if point.on else "no date"
