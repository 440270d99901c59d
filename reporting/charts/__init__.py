"""Numbers to charts, pure: each chart has words, a table of its numbers, and one SVG."""

from .dumbbells import CommunityNumbers, DumbbellRow, dumbbells
from .heatmap import MAX_HEATMAP_CYCLES, HeatmapRow, heatmap
from .levels import LEVEL_LOOKS, NOT_APPLICABLE, NOT_ASKED, LevelValue
from .marks import Box, Chart, Label, Line, Mark, Point, Table
from .measure import MeasurePoint, measure_chart
from .multiples import ProfilePanel, profile_multiples
from .profile import ProfileCounts, profile_bar
from .svg import to_svg
from .timeline import MAX_TIMELINE_STEPS, STATUS_LOOKS, TimelineStep, step_timeline

__all__ = [
    "LEVEL_LOOKS",
    "MAX_HEATMAP_CYCLES",
    "MAX_TIMELINE_STEPS",
    "NOT_APPLICABLE",
    "NOT_ASKED",
    "STATUS_LOOKS",
    "Box",
    "Chart",
    "CommunityNumbers",
    "DumbbellRow",
    "HeatmapRow",
    "Label",
    "LevelValue",
    "Line",
    "Mark",
    "MeasurePoint",
    "Point",
    "ProfileCounts",
    "ProfilePanel",
    "Table",
    "TimelineStep",
    "dumbbells",
    "heatmap",
    "measure_chart",
    "profile_bar",
    "profile_multiples",
    "step_timeline",
    "to_svg",
]
