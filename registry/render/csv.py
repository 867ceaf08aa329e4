"""A table as CSV (RFC 4180, UTF-8): one line per cell, so that every table has the same columns.

Texts are made safe for spreadsheets: one that would be taken for a formula is preceded by an apostrophe
(OWASP, CSV Injection). A plain number is never a formula and stays as it is, so that negative numbers remain
numbers.
"""

import csv
import io
import re

from registry.domain.report.document import Cell, Table
from registry.render import hidden

COLUMNS = ("row", "level", "column", "text", "value", "lo", "hi", "count", "of", "method")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")


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


def safe(text: str) -> str:
    """The text as a spreadsheet may open it."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


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
