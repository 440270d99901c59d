"""The comparison: released cells only, alphabetical, counted in words, nothing small let slip."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.comparison import (
    NOT_SHOWN,
    Cell,
    ItemRow,
    MovedOn,
    SystemColumn,
    alphabetical,
    fewer_than,
    matrix,
    moved_on,
    suppress_row,
    suppress_small,
)

L1 = ItemRow("L1", "Public anti-racist statement", "L")
L2 = ItemRow("L2", "Board seminar", "L")


def column(name, *cells, status="released"):
    """A system whose cells stand for L1, L2 …; without cells nothing is released."""
    by_code = {f"L{place}": cell for place, cell in enumerate(cells, 1)}
    return SystemColumn(name.lower().replace(" ", "-"), name, status, by_code or None)


def words(*levels):
    """The counts of one row over systems with these levels."""
    columns = [
        column(f"System {place}", Cell(None, True) if level == "n/a" else Cell(level))
        for place, level in enumerate(levels)
    ]
    return matrix([L1], columns).rows[0].counts_words


def test_matrix_columns_alphabetical_and_cells_beneath_them():
    north, east, alpha = column("north", Cell(4)), column("East", Cell(1)), column("alpha", Cell(2))
    laid = matrix([L1], [north, east, alpha])
    assert [c.name for c in laid.columns] == ["alpha", "East", "north"]
    assert [cell.level for cell in laid.rows[0].cells] == [2, 1, 4]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((3, 4, 2, 0, None), "2 of 5 Embedded or better; 1 not assessed"),
        ((3, 4, 2, 0, 1), "2 of 5 Embedded or better"),
        ((3, "n/a", 2), "1 of 2 Embedded or better; 1 not applicable"),
        (("n/a", "n/a"), "2 not applicable"),
        ((None, None), "0 of 2 Embedded or better; 2 not assessed"),
    ],
)
def test_matrix_counts_in_words(levels, expected):
    assert words(*levels) == expected


def test_matrix_counts_use_the_frameworks_own_level_and_name():
    laid = matrix([L1], [column("East", Cell(2))], mark=2, mark_name="Under way")
    assert laid.rows[0].counts_words == "1 of 1 Under way or better"


def test_matrix_unreleased_column_brings_its_status_and_nothing_else():
    waiting = column("East", status="signed off, Board on 12 March")
    laid = matrix([L1], [waiting, column("North", Cell(3, coverage="some", grades={"A": 1}))])
    assert laid.columns[0].status_words == "signed off, Board on 12 March"
    assert not laid.columns[0].released
    assert laid.rows[0].cells[0] is None
    assert laid.rows[0].counts_words == "1 of 1 Embedded or better; 1 not released"


def test_matrix_item_outside_an_assessment_has_no_cell():
    laid = matrix([L1, L2], [column("East", Cell(3)), column("North", Cell(1), Cell(3))])
    assert laid.rows[1].cells == (None, Cell(3))
    assert laid.rows[1].counts_words == "1 of 1 Embedded or better"


def test_matrix_nothing_released():
    assert matrix([L1], [column("East")]).rows[0].counts_words == "Nothing released yet"


def test_alphabetical_same_name_stands_by_slug():
    twins = [SystemColumn("b", "Same", ""), SystemColumn("a", "Same", "")]
    assert [c.slug for c in alphabetical(twins)] == ["a", "b"]


def test_moved_on_lists_rises_alphabetically():
    before = [column("North", Cell(1), Cell(3)), column("East", Cell(2), Cell(3))]
    after = [column("North", Cell(2), Cell(1)), column("East", Cell(4), Cell(3))]
    assert moved_on(before, after) == {
        "L1": (MovedOn("east", "East", 2, 4), MovedOn("north", "North", 1, 2))
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([column("East")], [column("East", Cell(4))]),
        ([column("East", Cell(1))], [column("East")]),
        ([], [column("East", Cell(4))]),
        ([column("East", Cell(None))], [column("East", Cell(4))]),
        ([column("East", Cell(1))], [column("East", Cell(None))]),
        ([column("East", Cell(1, True))], [column("East", Cell(4))]),
        ([column("East", Cell(1))], [column("East", Cell(4, True))]),
        ([column("East", Cell(4))], [column("East", Cell(4))]),
    ],
)
def test_moved_on_only_rises_between_released_levels(before, after):
    assert moved_on(before, after) == {}


def test_moved_on_leaves_out_changed_items():
    before, after = [column("East", Cell(1), Cell(1))], [column("East", Cell(2), Cell(2))]
    assert set(moved_on(before, after, not_comparable={"L1"})) == {"L2"}


@pytest.mark.parametrize(
    ("count", "expected"), [(0, "fewer than 10"), (9, "fewer than 10"), (10, "10"), (431, "431")]
)
def test_suppress_small(count, expected):
    assert suppress_small(count, 10) == expected


@pytest.mark.parametrize(
    ("counts", "expected", "total"),
    [
        ((20, 30), ("20", "30"), "50"),
        ((), (), "0"),
        ((4, 60, 25), ("fewer than 10", "60", NOT_SHOWN), "89"),
        ((0, 60, 11), ("fewer than 10", NOT_SHOWN, NOT_SHOWN), "71"),
        ((4, 11), ("fewer than 10", "11"), NOT_SHOWN),
        ((4, 5), ("fewer than 10", "fewer than 10"), NOT_SHOWN),
    ],
)
def test_suppress_row_withholds_enough(counts, expected, total):
    row = suppress_row(counts, 10)
    assert (row.counts, row.total) == (expected, total)


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=3))
def test_suppress_row_no_small_count_can_be_worked_out(counts):
    threshold = 3
    row = suppress_row(counts, threshold)
    possible = [set() for _ in counts]
    for guess in product(range(19), repeat=len(counts)):
        if fits(guess, row, threshold):
            for place, value in enumerate(guess):
                possible[place].add(value)
    for place, count in enumerate(counts):
        if count < threshold:
            assert possible[place] == set(range(threshold))


def fits(guess, row, threshold):
    """Whether a reader could take these counts for the ones behind the row."""
    if row.total != NOT_SHOWN and sum(guess) != int(row.total):
        return False
    for value, shown in zip(guess, row.counts, strict=True):
        if shown == fewer_than(threshold):
            allowed = value < threshold
        elif shown == NOT_SHOWN:
            allowed = value >= threshold
        else:
            allowed = value == int(shown)
        if not allowed:
            return False
    return True
