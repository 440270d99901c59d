"""Comparison rows as files, each cell text that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

from portal.text import plain
from reporting.queries.comparison import Comparison

BYTE_ORDER_MARK = "\ufeff"

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
