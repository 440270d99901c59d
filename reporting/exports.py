"""Comparison rows as files. A cell that a spreadsheet would run as a formula is made plain text."""

from __future__ import annotations

import csv
import io

from reporting.queries.comparison import Comparison

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

COMPARISON_HEAD = (
    "Cycle",
    "Framework version",
    "Section",
    "Code",
    "Action or consideration",
    "System",
    "Status",
    "Level",
    "Level name",
    "Coverage",
    "Evidence by strength",
    "Row in counts",
)


def comparison_csv(comparison: Comparison) -> str:
    """One line per item and system, as the page shows them; UTF-8 with a byte order mark."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(COMPARISON_HEAD)
    for section in comparison.sections:
        for row in section.rows:
            for cell in row.cells:
                writer.writerow(
                    plain(value)
                    for value in (
                        comparison.cycle.name,
                        comparison.cycle.framework.version,
                        section.title,
                        row.item.code,
                        row.item.name,
                        cell.system.name,
                        cell.system.status_words,
                        "" if cell.level is None else cell.level,
                        cell.words,
                        cell.coverage,
                        cell.grades,
                        row.counts_words,
                    )
                )
    return text.getvalue()


def plain(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
