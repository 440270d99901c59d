"""Numbers to charts, pure: each chart has words, a table of its numbers, and one SVG."""

from .heatmap import MAX_HEATMAP_CYCLES, HeatmapRow, heatmap
from .levels import LEVEL_LOOKS, NOT_APPLICABLE, LevelValue
from .marks import Box, Chart, Label, Line, Mark, Point, Table
from .measure import MeasurePoint, measure_chart
from .profile import ProfileCounts, profile_bar
from .svg import to_svg
from .timeline import MAX_TIMELINE_STEPS, STATUS_LOOKS, TimelineStep, step_timeline

__all__ = [
    "LEVEL_LOOKS",
    "MAX_HEATMAP_CYCLES",
    "MAX_TIMELINE_STEPS",
    "NOT_APPLICABLE",
    "STATUS_LOOKS",
    "Box",
    "Chart",
    "HeatmapRow",
    "Label",
    "LevelValue",
    "Line",
    "Mark",
    "MeasurePoint",
    "Point",
    "ProfileCounts",
    "Table",
    "TimelineStep",
    "heatmap",
    "measure_chart",
    "profile_bar",
    "step_timeline",
    "to_svg",
]
