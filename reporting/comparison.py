"""Released assessments side by side, who has moved on, and the suppression of small numbers."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

NOT_SHOWN: Final = "not shown"


@dataclass(frozen=True)
class Cell:
    """What one released assessment says of one item; `grades` counts its evidence by strength."""

    level: int | None
    not_applicable: bool = False
    coverage: str = ""
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def assessed_level(self) -> int | None:
        """The level that counts: an item that does not apply has none."""
        return None if self.not_applicable else self.level


@dataclass(frozen=True)
class SystemColumn:
    """One system in one cycle; `cells` by item code, None until something is released."""

    slug: str
    name: str
    status_words: str
    cells: Mapping[str, Cell] | None = None

    @property
    def released(self) -> bool:
        return self.cells is not None

    def cell(self, code: str) -> Cell | None:
        """The cell of an item; None where nothing is released or the item was not in it."""
        return None if self.cells is None else self.cells.get(code)


@dataclass(frozen=True)
class ItemRow:
    """An item as the comparison names it; `section` is the code of its commitment or enabler."""

    code: str
    name: str
    section: str


@dataclass(frozen=True)
class Tally:
    """How many systems stand where on one item, among those that have released."""

    levels: Mapping[int, int] = field(default_factory=dict)
    not_assessed: int = 0
    not_applicable: int = 0

    def reached(self, mark: int) -> int:
        return sum(number for level, number in self.levels.items() if level >= mark)


@dataclass(frozen=True)
class Everybody:
    """All systems of a cycle in numbers, where a page shows only some of them as columns."""

    tallies: Mapping[str, Tally]
    unreleased: int


@dataclass(frozen=True)
class MatrixRow:
    """An item with its cells in the order of the matrix's columns, and its counts in words."""

    item: ItemRow
    cells: tuple[Cell | None, ...]
    counts_words: str


@dataclass(frozen=True)
class Matrix:
    """Items by systems: columns alphabetical, rows as given. No total and no order of merit."""

    columns: tuple[SystemColumn, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True)
class MovedOn:
    """A system whose level for an item is higher in the later released assessment."""

    slug: str
    name: str
    before: int
    after: int


@dataclass(frozen=True)
class SuppressedRow:
    """A row of counts of people in words, in the order given, and its total in words."""

    counts: tuple[str, ...]
    total: str


def matrix(
    items: Iterable[ItemRow],
    columns: Iterable[SystemColumn],
    *,
    everybody: Everybody | None = None,
    mark: int = 3,
    mark_name: str = "Embedded",
) -> Matrix:
    """Lay systems side by side. Each row counts how many stand at level `mark` or above, by name.

    A column without released cells brings its status words and nothing else. With `everybody`
    the counts are theirs, else those of the columns.
    """
    ordered = alphabetical(columns)
    unreleased = sum(not column.released for column in ordered)
    rows = []
    for item in items:
        cells = tuple(column.cell(item.code) for column in ordered)
        if everybody is None:
            words = _counts_words(tally(cells), unreleased, mark, mark_name)
        else:
            counted = everybody.tallies.get(item.code, Tally())
            words = _counts_words(counted, everybody.unreleased, mark, mark_name)
        rows.append(MatrixRow(item, cells, words))
    return Matrix(ordered, tuple(rows))


def tally(cells: Iterable[Cell | None]) -> Tally:
    """The cells in numbers; None is a system that has released nothing of the item."""
    shown = [cell for cell in cells if cell is not None]
    levels = Counter(cell.level for cell in shown if not cell.not_applicable)
    return Tally(
        levels={level: number for level, number in levels.items() if level is not None},
        not_assessed=levels[None],
        not_applicable=sum(cell.not_applicable for cell in shown),
    )


def alphabetical(columns: Iterable[SystemColumn]) -> tuple[SystemColumn, ...]:
    """The only order systems ever stand in."""
    return tuple(sorted(columns, key=lambda column: (column.name.casefold(), column.slug)))


def moved_on(
    before: Iterable[SystemColumn],
    after: Iterable[SystemColumn],
    not_comparable: Collection[str] = (),
) -> dict[str, tuple[MovedOn, ...]]:
    """By item code, the systems that moved up between two released assessments, alphabetical.

    Items whose wording or scale materially changed are passed by their codes and left out.
    """
    earlier = {column.slug: column for column in before}
    moved: dict[str, list[MovedOn]] = {}
    for column in alphabetical(after):
        for code, cell in (column.cells or {}).items():
            old = earlier[column.slug].cell(code) if column.slug in earlier else None
            was, now = old.assessed_level if old else None, cell.assessed_level
            if code not in not_comparable and was is not None and now is not None and now > was:
                moved.setdefault(code, []).append(MovedOn(column.slug, column.name, was, now))
    return {code: tuple(systems) for code, systems in moved.items()}


def suppress_small(count: int, threshold: int) -> str:
    """A count of people in words: below the threshold, nought included, only that it is below."""
    return fewer_than(threshold) if count < threshold else str(count)


def fewer_than(threshold: int) -> str:
    """The words that stand for every small number."""
    return f"fewer than {threshold}"


def suppress_row(counts: Sequence[int], threshold: int) -> SuppressedRow:
    """A row of counts of people and their total, such that no small count can be worked out.

    Where a count is small, the smallest larger counts are withheld too, until the total less
    what is shown leaves every value below the threshold possible. Where the row has nothing
    left to withhold, the total goes instead.
    """
    small = {place for place, count in enumerate(counts) if count < threshold}
    total = str(sum(counts))
    if not small:
        return SuppressedRow(tuple(map(str, counts)), total)
    withheld = _withheld_with(counts, small, threshold)
    if withheld is None:
        withheld, total = set(), NOT_SHOWN
    words = {place: fewer_than(threshold) for place in small} | dict.fromkeys(withheld, NOT_SHOWN)
    return SuppressedRow(
        tuple(words.get(place, str(count)) for place, count in enumerate(counts)), total
    )


def _withheld_with(counts: Sequence[int], small: set[int], threshold: int) -> set[int] | None:
    """The places of larger counts that hide the small ones when withheld, or None."""
    larger = sorted(set(range(len(counts))) - small, key=lambda place: (counts[place], place))
    slack, withheld = sum(counts[place] for place in small), set()
    for place in larger:
        # A reader may infer that what is withheld is at least the threshold: only the rest hides.
        slack += counts[place] - threshold
        withheld.add(place)
        if slack >= threshold - 1:
            return withheld
    return None


def _counts_words(counted: Tally, unreleased: int, mark: int, mark_name: str) -> str:
    applicable = sum(counted.levels.values()) + counted.not_assessed
    if not applicable and not counted.not_applicable:
        return "Nothing released yet"
    reached = f"{counted.reached(mark)} of {applicable} {mark_name} or better"
    parts = [reached] if applicable else []
    for number, words in (
        (counted.not_assessed, "not assessed"),
        (counted.not_applicable, "not applicable"),
        (unreleased, "not released"),
    ):
        if number:
            parts.append(f"{number} {words}")
    return "; ".join(parts)
