"""Small multiples: alphabetical, on one fixed axis, with no total and no order of merit."""

from reporting.charts import Box, Label, Line, ProfilePanel, profile_multiples, to_svg
from tests.reporting.test_charts import NAMES, Counts

FIVE = [
    ProfilePanel("South West London", Counts((0, 0, 0, 0, 5), 0, 0)),
    ProfilePanel("north Central London", Counts((5, 0, 0, 0, 0), 0, 0)),
    ProfilePanel("North East London Integrated Care System", Counts((1, 1, 1, 1, 1), 0, 0)),
    ProfilePanel("South East London", None, "signed off, Board on 12 March 2027"),
    ProfilePanel("North West London", Counts((1, 1, 1, 0, 0), 1, 1)),
]


def chart(panels=FIVE, **options):
    return profile_multiples(panels, NAMES, "Leadership", **options)


def labels(chart_):
    return [mark.text for mark in chart_.marks if isinstance(mark, Label)]


def columns(chart_):
    """The boxes of the panels; those of the legend are squares of fourteen."""
    return [m for m in chart_.marks if isinstance(m, Box) and (m.width, m.height) != (14, 14)]


def test_systems_stand_in_alphabetical_order_on_paper_and_in_the_table():
    made = chart()
    names = [mark.text for mark in made.marks if isinstance(mark, Label) and mark.y == 12]
    assert names == [
        "north Central",
        "North East London",
        "North West London",
        "South East London",
        "South West London",
    ]
    assert [row[0] for row in made.table.rows] == sorted(
        (panel.name for panel in FIVE), key=str.casefold
    )


def test_column_is_as_tall_as_its_count_on_the_same_axis_for_every_system():
    boxes = columns(chart())
    assert [box.height / 13 for box in boxes] == [5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 5]
    assert {round(box.y + box.height, 1) for box in boxes} == {113}
    tops = {mark.y1 for mark in chart().marks if isinstance(mark, Line)}
    assert tops == {48, 113}
    alone = columns(chart(FIVE[2:3]))
    assert [box.height for box in alone] == [13] * 5


def test_every_count_is_printed_and_told():
    made = chart(FIVE[4:])
    assert labels(made)[1:14] == [
        *"011121 34".replace(" ", ""),
        "–",
        "1",
        "n/a",
        "1",
        "0 Not started",
    ]
    assert made.table.head == (
        "System",
        *(f"{place} {name}" for place, name in enumerate(NAMES)),
        "Not assessed",
        "Not applicable",
    )
    assert made.table.rows == (("North West London", "1", "1", "1", "0", "0", "1", "1"),)


def test_system_that_has_not_released_brings_its_status_only():
    made = chart([FIVE[3], ProfilePanel("A", None)])
    assert columns(made) == []
    assert "signed off, Board" in labels(made)
    assert "on 12 March 2027" in labels(made)
    assert "not released" in labels(made)
    assert set(made.table.rows[1][1:]) == {FIVE[3].status}
    assert made.description.startswith("0 of 2 have released.")


def test_nothing_is_added_up():
    made = chart()
    words = " ".join([made.title, made.description, *made.table.head, *labels(made)]).lower()
    for word in ("total", "average", "mean", "all systems", "rank"):
        assert word not in words.split()
    assert len(made.table.rows) == len(FIVE)


def test_long_name_takes_two_lines_and_no_more():
    made = chart(
        [ProfilePanel("North East London Integrated Care System and more", None, "W " * 99)]
    )
    assert labels(made)[:2] == ["North East London", "Integrated Care Sy…"]


def test_more_than_five_systems_take_another_line():
    made = chart([ProfilePanel(f"System {place}", None) for place in range(6)])
    heads = [mark for mark in made.marks if isinstance(mark, Label) and mark.bold]
    assert [(head.x, head.y) for head in heads][-1] == (0, 151)
    assert made.height == chart().height + 139


def test_five_systems_fit_their_size():
    full = [
        ProfilePanel(f"{place} North Central London", Counts((1, 1, 1, 0, 0), 1, 1))
        for place in range(5)
    ]
    assert len(to_svg(chart(full)).encode()) <= 4096
    assert chart([]).height == 44
