"""Movement between two cycles: kinds, how, coverage and counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import (
    COVERAGES,
    LEVELS,
    CoverageMovement,
    MovementKind,
    Standing,
    count_movements,
    coverage_movement,
    movement,
    movement_words,
)

EXEMPT = Standing(None, applicable=False)
standings = st.builds(
    Standing,
    level=st.sampled_from([*LEVELS, None]),
    applicable=st.booleans(),
    coverage=st.sampled_from(["", *COVERAGES]),
    evidence=st.frozensets(st.sampled_from(["a", "b"])),
    reconfirmed=st.booleans(),
)


@pytest.mark.parametrize(
    ("before", "after", "kind", "how"),
    [
        (Standing(1), Standing(2), "up", "re-judged"),
        (Standing(1), Standing(2, evidence=frozenset("a")), "up", "with new evidence"),
        (
            Standing(3, evidence=frozenset("a")),
            Standing(1, evidence=frozenset("a"), reconfirmed=True),
            "down",
            "re-judged",
        ),
        (Standing(3), Standing(1, evidence=frozenset("b")), "down", "with new evidence"),
        (Standing(2), Standing(2, reconfirmed=True), "same", "reconfirmed"),
        (Standing(2), Standing(2, evidence=frozenset("a")), "same", ""),
        (Standing(None), Standing(0), "newly assessed", ""),
        (None, Standing(2), "newly assessed", ""),
        (Standing(0), Standing(None), "no longer assessed", ""),
        (Standing(0), None, "no longer assessed", ""),
        (None, None, "still not assessed", ""),
        (EXEMPT, Standing(2), "not comparable", ""),
        (Standing(2), EXEMPT, "not comparable", ""),
        (EXEMPT, EXEMPT, "not applicable", ""),
    ],
)
def test_movement_kinds(before, after, kind, how):
    moved = movement(before, after)
    assert (moved.kind, moved.how) == (kind, how)


def test_movement_changed_wording_is_not_comparable():
    moved = movement(Standing(1), Standing(3), comparable=False)
    assert (moved.kind, moved.how) == (MovementKind.NOT_COMPARABLE, "")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("one", "most", CoverageMovement.WIDER),
        ("all", "some", CoverageMovement.NARROWER),
        ("some", "some", CoverageMovement.SAME),
        ("", "some", CoverageMovement.NOT_COMPARABLE),
        ("some", "", CoverageMovement.NOT_COMPARABLE),
    ],
)
def test_coverage_movement(before, after, expected):
    assert coverage_movement(before, after) is expected
    moved = movement(Standing(2, coverage=before), Standing(2, coverage=after))
    assert moved.coverage is expected


@given(standings, standings)
def test_movement_reversed_is_its_opposite(before, after):
    opposite = {
        MovementKind.UP: MovementKind.DOWN,
        MovementKind.DOWN: MovementKind.UP,
        MovementKind.NEWLY_ASSESSED: MovementKind.NO_LONGER_ASSESSED,
        MovementKind.NO_LONGER_ASSESSED: MovementKind.NEWLY_ASSESSED,
    }
    there, back = movement(before, after).kind, movement(after, before).kind
    assert back is opposite.get(there, there)


@given(st.lists(st.tuples(standings, standings)))
def test_count_movements_counts_each_item_once(pairs):
    counts = count_movements(movement(before, after) for before, after in pairs)
    assert sum(counts.of(kind) for kind in MovementKind) == len(pairs)
    assert sum(counts.covering(kind) for kind in CoverageMovement) == len(pairs)
    by_how = (counts.of(MovementKind.UP, how) for how in ("with new evidence", "re-judged"))
    assert sum(by_how) == counts.up


def test_movement_words_counts_with_how():
    counts = count_movements(
        [
            movement(Standing(1), Standing(2, evidence=frozenset("a"))),
            movement(Standing(1), Standing(3)),
            movement(Standing(2), Standing(2)),
            movement(Standing(2), Standing(2, reconfirmed=True)),
            movement(Standing(2), Standing(1)),
            movement(Standing(None), Standing(1)),
        ]
    )
    assert movement_words(counts) == (
        "2 up (1 with new evidence, 1 re-judged), 2 same (1 reconfirmed), "
        "1 down (1 re-judged), 1 newly assessed"
    )
    assert (counts.up, counts.same, counts.down) == (2, 2, 1)


def test_movement_words_nothing_to_compare():
    assert movement_words(count_movements([])) == "Nothing to compare"
