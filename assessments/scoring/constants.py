"""The figures every scoring rule rests on, each named once."""

from typing import Final

SCORING_VERSION: Final = "1"

NOT_STARTED: Final = 0
COMMITTED: Final = 1
UNDER_WAY: Final = 2
EMBEDDED: Final = 3
MAKING_A_DIFFERENCE: Final = 4
LEVELS: Final = (NOT_STARTED, COMMITTED, UNDER_WAY, EMBEDDED, MAKING_A_DIFFERENCE)

COVERAGES: Final = ("one", "some", "most", "all")
"""How much of the system an answer or a piece of evidence covers, narrowest first."""

EVIDENCE_STALE_AFTER_MONTHS: Final = 18
MINIMUM_RATINGS: Final = 3
"""Community ratings with a level needed before a middle rating or a gap is shown."""
GAP_NEEDING_REPLY: Final = 2
SMALL_NUMBER_THRESHOLD: Final = 10
"""Counts of people below this are withheld."""
