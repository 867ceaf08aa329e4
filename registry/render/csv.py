"""A table as CSV (RFC 4180, UTF-8): one line per cell, so that every table has the same columns.

Texts are made safe for spreadsheets, and can be had back.
"""

import csv
import io

from registry.domain.report.document import Cell, Table
from registry.render import hidden
from registry.spreadsheet import safe

COLUMNS = ("row", "level", "column", "text", "value", "lo", "hi", "count", "of", "method")


def csv_of(table: Table) -> bytes:
    """The table, line by line from left to right. A row without cells is one line with an empty column."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in table.rows:
        head, level = safe(row.head), row.level
        if not row.cells:
            writer.writerow((head, level, *[""] * (len(COLUMNS) - 2)))
        for column, cell in zip(table.columns, row.cells, strict=False):
            writer.writerow((head, level, safe(column), *_cell(cell)))
    return out.getvalue().encode()


def _cell(cell: Cell) -> tuple[str | int | float | None, ...]:
    if cell.suppressed:
        return (hidden.MARK, *[None] * 6)
    return (
        safe(cell.text),
        cell.value,
        cell.lo,
        cell.hi,
        cell.count,
        cell.of,
        safe(cell.method) if cell.method else None,
    )
