"""The dumbbells: two views side by side, told apart by shape, and never blended."""

import pytest

from assessments.scoring import community_view
from reporting.charts import NOT_APPLICABLE, Box, DumbbellRow, Label, Line, Point, dumbbells, to_svg
from tests.reporting.test_charts import NAMES


def row(self_level=3, ratings=(1, 1, 2, None), code="C1", name="Community grants"):
    """A row as a page makes it: summed up from three ratings, else only counted."""
    view = community_view(ratings, self_level if isinstance(self_level, int) else None)
    rated = sum(level is not None for level in ratings)
    few, unsure = (0, 0) if view else (rated, len(ratings) - rated)
    return DumbbellRow(code, name, self_level, view, few, unsure)


def chart(*rows, label="Communities"):
    return dumbbells(rows, NAMES, label)


def drawn(chart_):
    """The marks of the rows, without axis and legend."""
    return [mark for mark in chart_.marks if 22 < getattr(mark, "y", 999) < chart_.height - 24]


def labels(chart_):
    return [mark.text for mark in drawn(chart_) if isinstance(mark, Label)]


def test_self_level_middle_rating_and_range_have_each_their_own_shape():
    made = chart(row())
    point = next(mark for mark in drawn(made) if isinstance(mark, Point))
    band, frame = (mark for mark in drawn(made) if isinstance(mark, Box))
    assert (point.shape, point.x) == ("diamond", 565)
    assert (band.x, band.width, band.height) == (375, 95, 6)
    assert (frame.x, frame.width, frame.height, frame.fill) == (368, 14, 14, "none")


def test_axis_runs_from_the_lowest_to_the_highest_level_whatever_is_drawn():
    for made in (chart(), chart(row(2, (2, 2, 2))), chart(row(0, (4, 4, 4)))):
        heads = [mark for mark in made.marks if isinstance(mark, Label) and mark.y == 12]
        assert [head.text for head in heads] == [*NAMES]
        assert [head.x for head in heads] == [280, 375, 470, 565, 660]


@pytest.mark.parametrize(
    ("self_level", "ratings", "ends"),
    [(4, (1, 1, 1), (382, 660)), (0, (2, 3, 3, 3), (558, 280)), (0, (2, 2, 3, 3), (463, 280))],
)
def test_line_joins_the_level_to_the_nearer_side_of_the_middle(self_level, ratings, ends):
    lines = [m for m in chart(row(self_level, ratings)).marks if isinstance(m, Line)]
    assert [(line.x1, line.x2) for line in lines if line.y1 == line.y2] == [ends]


@pytest.mark.parametrize("self_level", [1, None, NOT_APPLICABLE])
def test_no_line_where_the_level_lies_within_or_is_missing(self_level):
    lines = [m for m in chart(row(self_level)).marks if isinstance(m, Line)]
    assert not [line for line in lines if line.y1 == line.y2]


def test_two_middle_ratings_share_one_frame():
    made = chart(row(4, (1, 1, 2, 2)))
    frame = next(mark for mark in drawn(made) if isinstance(mark, Box) and mark.height == 14)
    assert (frame.x, frame.width) == (368, 109)
    assert made.table.rows[0][2] == "1 Committed and 2 Under way"


def test_ratings_that_agree_have_no_range():
    made = chart(row(2, (2, 2, 2)))
    assert [mark.height for mark in drawn(made) if isinstance(mark, Box)] == [14]
    assert made.table.rows[0][2:] == ("2 Under way", "2", "3", "the same")


@pytest.mark.parametrize(
    ("ratings", "said", "told"),
    [
        ((), "no community rating", ("0", "no community rating")),
        ((None,), "1 cannot tell", ("0", "1 cannot tell")),
        ((4,), "1 rating, too few", ("1", "1 rating, too few")),
        ((0, 4, None), "2 ratings, too few", ("2", "2 ratings, too few, 1 cannot tell")),
    ],
)
def test_ratings_too_few_to_sum_up_are_said_and_never_drawn(ratings, said, told):
    made = chart(row(3, ratings))
    assert said in labels(made)
    assert not [mark for mark in drawn(made) if isinstance(mark, Box)]
    assert made.table.rows[0][2:] == ("not summed up", "not summed up", *told)


def test_words_stand_where_the_diamond_does_not():
    for level, x in ((0, 484), (1, 484), (2, 294), (4, 294), (None, 294)):
        words = [m for m in drawn(chart(row(level, ()))) if isinstance(m, Label) and m.x > 0]
        assert [mark.x for mark in words] == [x]


def test_table_says_how_far_apart_the_views_are():
    made = chart(
        row(3, (1, 1, 2, None)), row(0, (2, 2, 2)), row(None, (2, 2, 3)), row(NOT_APPLICABLE)
    )
    assert [line[1:] for line in made.table.rows] == [
        ("3 Embedded", "1 Committed", "1 to 2", "3", "2 lower, 1 cannot tell"),
        ("0 Not started", "2 Under way", "2", "3", "2 higher"),
        ("Not assessed", "2 Under way", "2 to 3", "3", "nothing to compare"),
        ("Not applicable", "1 Committed", "1 to 2", "3", "nothing to compare, 1 cannot tell"),
    ]
    assert made.description.startswith("4 of 4 have enough community ratings to sum up; in 2 ")


def test_missing_level_is_said_beside_the_name_cut_to_leave_room():
    assert labels(chart(row(None, name="W" * 60)))[0] == f"C1 {'W' * 16}…: not assessed"
    many = chart(*[row(NOT_APPLICABLE, code=f"L{place}") for place in range(25)])
    assert labels(many)[0] == "L0 not applicable"


@pytest.mark.parametrize("ratings", [(0, 2, 3, 4, None), (1, 3, 4, 4), (3, 3) + (None,) * 9])
@pytest.mark.parametrize("self_level", [0, 4])
def test_all_25_actions_fit_their_size(self_level, ratings):
    rows = [row(self_level, ratings, f"L{place % 5}", "W" * 60) for place in range(25)]
    assert len(to_svg(chart(*rows, label="All 25 actions")).encode()) <= 4096
