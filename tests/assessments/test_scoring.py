"""Roll-up and community ratings: the worked checks, and what holds whatever the levels."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.scoring import (
    LEVELS,
    CommunityView,
    Profile,
    Rating,
    community_view,
    completeness,
    embedded_or_better,
    embedded_words,
    lowest_level,
    lowest_words,
    not_yet_recognised,
    profile,
    roll_up,
    typical_level,
    typical_words,
)

NAMES = ("Not started", "Committed", "Under way", "Embedded", "Making a difference")


def ratings(*levels):
    """Items L1, L2 … at these levels; "n/a" is not applicable."""
    return [
        Rating(f"L{place}", None, applicable=False)
        if level == "n/a"
        else Rating(f"L{place}", level)
        for place, level in enumerate(levels, 1)
    ]


any_levels = st.lists(st.sampled_from([*LEVELS, None, "n/a"]), max_size=30)
known_levels = st.lists(st.sampled_from(LEVELS), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("levels", "typical", "lowest", "lowest_codes", "complete"),
    [
        ((3, 3, 3, 3, 0), "Embedded", "Not started", ("L5",), "5 of 5"),
        ((2, 2, 3, 3, "n/a"), "Under way", "Under way", ("L1", "L2"), "4 of 4"),
        (
            (4, 4, 4, None, None),
            "Making a difference, whatever the gaps",
            "Between Not started and Making a difference",
            ("L1", "L2", "L3"),
            "3 of 5",
        ),
        (
            (3, 3, 0, None, None),
            "Between Not started and Embedded",
            "Not started, whatever the gaps",
            ("L3",),
            "3 of 5",
        ),
        ((None,) * 5, "Not assessed", "Not assessed", (), "0 of 5"),
        (("n/a",) * 5, "No applicable actions", "No applicable actions", (), "0 of 0"),
    ],
)
def test_roll_up_worked_checks(levels, typical, lowest, lowest_codes, complete):
    rolled = roll_up(ratings(*levels))
    assert typical_words(rolled, NAMES) == typical
    assert lowest_words(rolled, NAMES) == lowest
    assert rolled.lowest_codes == lowest_codes
    assert rolled.completeness == completeness(ratings(*levels)) == complete


def test_roll_up_firm_levels_only_without_gaps():
    firm, gaps = roll_up(ratings(3, 3, 3, 3, 0)), roll_up(ratings(4, 4, 4, None, None))
    assert (firm.typical, firm.lowest) == (3, 0)
    assert (firm.typical_bounds, firm.lowest_bounds) == ((3, 3), (0, 0))
    assert (gaps.typical, gaps.lowest) == (None, None)
    assert (gaps.typical_bounds, gaps.lowest_bounds) == ((4, 4), (0, 4))
    assert typical_level(ratings(2, 2, 3, 3, "n/a")) == 2
    assert lowest_level(ratings(4, 1, 1)).level == 1
    assert lowest_level(ratings(4, 1, 1)).codes == ("L2", "L3")
    assert lowest_level(ratings(4, 1, None)).level is None


def test_roll_up_nothing_applicable_has_no_bounds():
    rolled = roll_up([])
    assert rolled.typical_bounds is None
    assert rolled.lowest_bounds is None
    assert typical_words(rolled, NAMES, "considerations") == "No applicable considerations"


def test_profile_counts_each_kind_apart():
    counted = profile(ratings(0, 3, 3, 4, None, "n/a"))
    assert counted == Profile(counts=(1, 0, 0, 2, 1), not_assessed=1, not_applicable=1)
    assert (counted.assessed, counted.applicable) == (4, 5)
    assert embedded_or_better(ratings(0, 3, 3, 4, None, "n/a")) == 3


def test_profile_level_of_an_exempted_item_is_left_out():
    assert profile([Rating("L1", 4, applicable=False)]).counts == (0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ((3, 4, 2, None), "2 of 4 actions Embedded or better; 1 not assessed"),
        ((3, 1, "n/a"), "1 of 2 actions Embedded or better"),
        (("n/a",), "No applicable actions"),
    ],
)
def test_embedded_words(levels, words):
    rolled = roll_up(ratings(*levels))
    assert embedded_words(rolled, NAMES) == words
    assert rolled.embedded_or_better == rolled.profile.embedded_or_better


@pytest.mark.parametrize("level", [-1, 5, 2.5])
def test_rating_refuses_what_is_no_level(level):
    with pytest.raises(ValueError, match="is not a level"):
        Rating("L1", level)


@given(any_levels)
def test_profile_accounts_for_every_item(levels):
    counted = profile(ratings(*levels))
    assert counted.applicable + counted.not_applicable == len(levels)


@given(known_levels)
def test_roll_up_typical_is_a_level_somebody_chose_and_never_flatters(levels):
    typical = typical_level(ratings(*levels))
    assert typical in levels
    assert sum(level >= typical for level in levels) * 2 >= len(levels)
    assert sum(level <= typical for level in levels) * 2 >= len(levels)


@given(any_levels, st.lists(st.sampled_from(LEVELS), min_size=30, max_size=30))
def test_roll_up_bounds_hold_whatever_fills_the_gaps(levels, fillings):
    rolled = roll_up(ratings(*levels))
    fill = iter(fillings)
    filled = roll_up(ratings(*(next(fill) if level is None else level for level in levels)))
    if rolled.typical_bounds and rolled.lowest_bounds:
        assert rolled.typical_bounds[0] <= filled.typical <= rolled.typical_bounds[1]
        assert rolled.lowest_bounds[0] <= filled.lowest <= rolled.lowest_bounds[1]
    else:
        assert filled.typical is None


@given(any_levels, st.randoms())
def test_roll_up_does_not_depend_on_order(levels, random):
    shuffled = list(levels)
    random.shuffle(shuffled)
    one, other = roll_up(ratings(*levels)), roll_up(ratings(*shuffled))
    assert (one.profile, one.typical, one.lowest) == (other.profile, other.typical, other.lowest)
    assert one.typical_bounds == other.typical_bounds


@given(any_levels)
def test_roll_up_exempted_items_change_nothing_else(levels):
    with_exemption = roll_up(ratings(*levels, "n/a"))
    assert with_exemption.typical == roll_up(ratings(*levels)).typical
    assert with_exemption.completeness == roll_up(ratings(*levels)).completeness


@pytest.mark.parametrize(
    ("levels", "self_level", "middles", "gap"),
    [
        ((1, 1, 2), 3, (1,), -2),
        ((1, 1, 2), 1, (1,), None),
        ((1, 2, 3, 4), 2, (2, 3), None),
        ((1, 2, 3, 4), 4, (2, 3), -1),
        ((1, 2, 3, 4), 0, (2, 3), 2),
        ((3, 3, 4, 4), 3, (3, 4), None),
        ((2, 2, 2), None, (2,), None),
    ],
)
def test_community_view_gap_only_outside_the_middle_ratings(levels, self_level, middles, gap):
    view = community_view(levels, self_level)
    assert view is not None
    assert (view.middles, view.gap) == (middles, gap)
    assert view.needs_reply is (gap is not None and abs(gap) >= 2)


def test_community_view_cannot_tell_is_counted_and_not_rated():
    assert community_view([0, None, 4, 2], 2) == CommunityView(
        number=3, cannot_tell=1, middles=(2,), lowest=0, highest=4, gap=None
    )


@pytest.mark.parametrize("levels", [(), (1, 1), (0, 0, None, None)])
def test_community_view_too_few_ratings_with_a_level(levels):
    assert community_view(levels, 4) is None


@given(st.lists(st.sampled_from(LEVELS), min_size=3), st.sampled_from(LEVELS))
def test_community_view_gap_has_the_sign_of_the_disagreement(levels, self_level):
    view = community_view(levels, self_level)
    assert view.lowest <= view.middles[0] <= view.middles[-1] <= view.highest
    if view.gap is None:
        assert view.middles[0] <= self_level <= view.middles[-1]
    else:
        assert self_level + view.gap in view.middles


@pytest.mark.parametrize(
    ("self_level", "levels", "expected"),
    [(4, (2, None), True), (4, (), True), (4, (1, 3), False), (3, (), False), (None, (), False)],
)
def test_not_yet_recognised(self_level, levels, expected):
    assert not_yet_recognised(self_level, levels) is expected
