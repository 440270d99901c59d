"""The charts: their numbers as text, fixed places, and an SVG that screen and print can trust."""

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.charts import (
    LEVEL_LOOKS,
    MAX_HEATMAP_CYCLES,
    MAX_TIMELINE_STEPS,
    NOT_APPLICABLE,
    NOT_ASKED,
    STATUS_LOOKS,
    Box,
    HeatmapRow,
    Label,
    MeasurePoint,
    Point,
    TimelineStep,
    heatmap,
    measure_chart,
    profile_bar,
    step_timeline,
    to_svg,
)

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("Not started", "Committed", "Under way", "Embedded", "Making a difference")
FROM, TO, ON = date(2026, 7, 1), date(2028, 7, 1), date(2027, 7, 2)
HOSTILE = "\x00<script>&\"'\x0b​\ufffe"


@dataclass(frozen=True)
class Counts:
    counts: tuple[int, int, int, int, int] = (1, 0, 2, 1, 0)
    not_assessed: int = 1
    not_applicable: int = 1


def rows(cycles, name="Public anti-racist statement, renewed yearly"):
    """All 25 actions, with the longest short name, over this many cycles."""
    values = (0, 1, 2, 3, 4, None, NOT_APPLICABLE)
    return [
        HeatmapRow(
            f"{section[0]}{place}",
            name,
            section,
            tuple(values[(place + cycle) % len(values)] for cycle in range(cycles)),
            frozenset(range(1, cycles)),
        )
        for section in ("Leadership", "Workforce", "Equity", "Accountability", "Communities")
        for place in range(1, 6)
    ]


def step(code="L1", due_on=ON, status="on_track", what="Publish the pay gap by ethnic group"):
    return TimelineStep(code, what, due_on, status)


def measure(unit="%", baseline="61.0", latest="66.4", target="75"):
    points = (
        value and MeasurePoint(Decimal(value), date(2026, 3, 31))
        for value in (baseline, latest, target)
    )
    return measure_chart("Staff who trust the process", unit, *points)


CHARTS = [
    profile_bar(Counts(), NAMES, "Leadership"),
    profile_bar(Counts((0, 0, 0, 0, 0), 38, 0), NAMES, "All"),
    heatmap(rows(MAX_HEATMAP_CYCLES), [f"{2024 + n} in full" for n in range(6)], NAMES),
    heatmap([], [], NAMES),
    step_timeline([step(what="W" * 80, status="not_started")] * 40, FROM, TO, ON),
    step_timeline([], FROM, TO, ON),
    measure(),
    measure("per 100,000 births in the year", "-610.25", "", ""),
]


def labels(chart):
    return [mark.text for mark in chart.marks if isinstance(mark, Label)]


def of(chart, kind):
    return [mark for mark in chart.marks if isinstance(mark, kind)]


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.kind)
def test_to_svg_what_every_chart_keeps(chart):
    svg = to_svg(chart)
    root = ElementTree.fromstring(svg)  # noqa: S314  our own drawing
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert root[0].text == chart.title
    assert root[1].text == chart.description
    assert root.get("viewBox") == f"0 0 720 {chart.height:g}"
    assert root.get("role") == "img"
    names = {name for element in root.iter() for name in element.attrib}
    assert not names & {"id", "style", "href"}
    assert len(svg.encode()) <= (12 if chart.kind == "heatmap" else 4) * 1024
    assert all(len(row) == len(chart.table.head) for row in chart.table.rows)
    assert sorted(text.text for text in root.iter(f"{SVG}text")) == sorted(labels(chart))


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.kind)
def test_chart_marks_stand_inside_the_viewbox(chart):
    for box in of(chart, Box):
        assert box.x >= 0
        assert box.x + box.width <= chart.width
        assert box.y + box.height <= chart.height
    for mark in [*of(chart, Label), *of(chart, Point)]:
        assert 0 <= mark.x <= chart.width
        assert 0 < mark.y <= chart.height


@given(st.text(max_size=40))
def test_to_svg_takes_any_text(text):
    chart = step_timeline([step(what=text + HOSTILE)], FROM, TO, ON)
    svg = to_svg(replace(chart, title=text + HOSTILE))
    root = ElementTree.fromstring(svg)  # noqa: S314  our own drawing
    assert "<script>" not in svg
    assert "<script>&\"'" in root[0].text


def test_to_svg_same_chart_same_bytes():
    assert to_svg(CHARTS[0]) == to_svg(profile_bar(Counts(), NAMES, "Leadership"))


def luminance(colour):
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_level_looks_readable_in_greyscale():
    fills = [luminance(fill) for fill, _ in LEVEL_LOOKS]
    for darker, lighter in zip(fills[1:], fills, strict=False):
        assert (lighter + 0.05) / (darker + 0.05) > 1.2
    for fill, ink in LEVEL_LOOKS:
        low, high = sorted((luminance(fill), luminance(ink)))
        assert (high + 0.05) / (low + 0.05) >= 4.5


def test_profile_bar_parts_share_the_bar_in_order():
    chart = profile_bar(Counts(), NAMES, "Leadership", with_legend=False)
    boxes = of(chart, Box)
    assert [round(box.width / boxes[0].width) for box in boxes] == [1, 2, 1, 1, 1]
    assert boxes[0].x == 1
    assert boxes[-1].x + boxes[-1].width == pytest.approx(719)
    assert [box.dashed for box in boxes] == [False, False, False, True, True]
    assert labels(chart) == ["0", "1", "2", "2", "3", "1", "–", "1", "n/a", "1"]


def test_profile_bar_table_has_every_level():
    chart = profile_bar(Counts(), NAMES, "Data", items="considerations")
    assert chart.title == "Data: profile of 6 considerations"
    assert chart.table.head == (
        "Level",
        "0 Not started",
        "1 Committed",
        "2 Under way",
        "3 Embedded",
        "4 Making a difference",
        "Not assessed",
        "Not applicable",
    )
    assert chart.table.rows == (("Considerations", *"1021011"),)
    assert "0 Not started: 1; 1 Committed: 0" in chart.description


def test_profile_bar_of_nothing_draws_no_bar():
    chart = profile_bar(Counts((0, 0, 0, 0, 0), 0, 0), NAMES, "Data", with_legend=False)
    assert chart.marks == ()


def test_profile_bar_legend_explains_every_look():
    legend = labels(profile_bar(Counts(), NAMES, "Leadership"))[-7:]
    assert legend == [
        "0 Not started",
        "1 Committed",
        "2 Under way",
        "3 Embedded",
        "4 Making a difference",
        "– Not assessed",
        "n/a Not applicable",
    ]


def test_heatmap_prints_every_level_and_tells_it_in_the_table():
    row = HeatmapRow("L1", "Public statement", "Leadership", (0, None, NOT_APPLICABLE))
    chart = heatmap([row], ["2025", "2026", "2027"], NAMES)
    printed = labels(chart)[:8]
    assert printed == ["2025", "2026", "2027", "Leadership", "L1 Public statement", "0", "–", "n/a"]
    assert chart.table.head == ("Action", "2025", "2026", "2027")
    assert chart.table.rows == (
        ("L1 Public statement", "0 Not started", "Not assessed", "Not applicable"),
    )


def test_heatmap_says_what_was_not_asked_and_what_cannot_be_compared():
    levels = (NOT_ASKED, 1, 3, 3, None)
    row = HeatmapRow("L1", "Public statement", "Leadership", levels, frozenset({0, 1, 3, 4}))
    chart = heatmap([row], ["2024", "2025", "2026", "2027", "2028"], NAMES)
    assert labels(chart)[7:12] == ["·", "1", "3", "≠ 3", "≠ –"]
    assert chart.table.rows[0][1:] == (
        "Not asked",
        "1 Committed",
        "3 Embedded",
        "3 Embedded, not comparable with the cycle before",
        "Not assessed, not comparable with the cycle before",
    )
    assert "· not asked   ≠ not comparable" in labels(chart)


def test_heatmap_seams_move_with_the_cycles_that_are_left_out():
    row = HeatmapRow("L1", "Public statement", "Leadership", (2,) * 8, frozenset({1, 7}))
    chart = heatmap([row], [str(year) for year in range(2020, 2028)], NAMES)
    assert labels(chart)[8:14] == ["2", "2", "2", "2", "2", "≠ 2"]


def test_heatmap_more_cycles_than_fit_shows_the_latest():
    cycles = [str(year) for year in range(2020, 2030)]
    chart = heatmap(rows(10), cycles, NAMES)
    assert chart.table.head == ("Action", *cycles[-MAX_HEATMAP_CYCLES:])
    assert labels(chart)[0] == "2024"


def test_heatmap_long_name_is_cut_in_the_drawing_only():
    chart = heatmap(rows(1, "A" * 60), ["2027"], NAMES)
    assert labels(chart)[2].endswith("A…")
    assert chart.table.rows[0][0] == "L1 " + "A" * 60


def test_step_timeline_status_is_word_and_shape():
    steps = [step(f"L{place}", ON, status) for place, status in enumerate(STATUS_LOOKS)]
    chart = step_timeline(steps, FROM, TO, ON)
    assert [point.shape for point in of(chart, Point)] == [
        shape for _, shape in STATUS_LOOKS.values()
    ]
    assert {label.split(", ")[1] for label in labels(chart) if ", " in label} == {
        word for word, _ in STATUS_LOOKS.values()
    }


def test_step_timeline_by_date_with_the_undated_last_and_without_a_point():
    steps = [step("L2", None), step("L1", date(2027, 1, 1)), step("W1", date(2026, 8, 1), "done")]
    chart = step_timeline(steps, FROM, TO, ON)
    assert [row[0] for row in chart.table.rows] == ["W1", "L1", "L2"]
    assert [row[2:] for row in chart.table.rows] == [
        ("1 Aug 2026", "done"),
        ("1 Jan 2027", "on track, overdue"),
        ("no date", "on track"),
    ]
    assert len(of(chart, Point)) == 2
    assert chart.description.startswith("3 steps: 1 overdue, 1 without a date.")


@pytest.mark.parametrize(
    ("due_on", "x"), [(FROM, 270), (TO, 520), (date(2020, 1, 1), 270), (date(2040, 1, 1), 520)]
)
def test_step_timeline_dates_outside_the_axis_stand_at_its_edge(due_on, x):
    assert of(step_timeline([step(due_on=due_on)], FROM, TO, ON), Point)[0].x == x


def test_step_timeline_more_steps_than_fit_are_told():
    chart = step_timeline([step()] * (MAX_TIMELINE_STEPS + 3), FROM, TO, ON)
    assert "and 3 more in the table" in labels(chart)
    assert len(chart.table.rows) == MAX_TIMELINE_STEPS + 3
    assert len(of(chart, Point)) == MAX_TIMELINE_STEPS


def test_measure_chart_percentages_run_to_a_hundred():
    chart = measure()
    assert [round(box.width, 1) for box in of(chart, Box)] == [250.1, 272.2, 307.5]
    assert [box.dashed for box in of(chart, Box)] == [False, False, True]
    assert {"0%", "100%", "61.0%", "66.4%", "75%"} <= {*labels(chart)}
    assert chart.table.rows == (
        ("Baseline", "61.0%", "31 Mar 2026"),
        ("Latest", "66.4%", "31 Mar 2026"),
        ("Target", "75%", "31 Mar 2026"),
    )


@pytest.mark.parametrize(
    ("unit", "baseline", "ends"),
    [
        ("people", "430", {"0", "500"}),
        ("people", "1000", {"0", "1000"}),
        ("people", "510", {"0", "1000"}),
        ("ratio", "0.031", {"0", "0.05"}),
        ("people", "0", {"0", "1"}),
        ("points", "-3", {"−5", "0", "5"}),
        ("%", "120", {"0%", "200%"}),
        ("%", "-4", {"−5%", "0%", "5%"}),
    ],
)
def test_measure_chart_axis_runs_to_a_round_figure(unit, baseline, ends):
    assert ends <= {*labels(measure(unit, baseline, "", ""))}


def test_measure_chart_what_is_not_known_has_words_and_no_bar():
    chart = measure("per 1,000", "-4.50", "", "")
    assert len(of(chart, Box)) == 1
    assert chart.table.rows == (
        ("Baseline", "−4.50 per 1,000", "31 Mar 2026"),
        ("Latest", "not yet known", "no date"),
        ("Target", "not yet known", "no date"),
    )
    assert labels(chart).count("not yet known") == 2
    assert "per 1,000" in labels(chart)


@pytest.mark.parametrize("sheet", ["print.css", "report.css"])
def test_level_looks_are_those_of_the_stylesheets(sheet):
    css = (Path(__file__).parents[2] / "static" / sheet).read_text()
    for level, (fill, ink) in enumerate(LEVEL_LOOKS):
        rule = re.search(rf"\.level-{level} {{ background: (#\w+);(.*?)}}", css)
        assert rule
        assert rule[1].ljust(7, "f") == fill
        assert ("color: #fff" in rule[2]) == (ink == "#ffffff")
