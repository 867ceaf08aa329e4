"""The same file back, with a column that says what is wrong in each row.

A hospital corrects the rows in the file it knows and sends it again; the column is then passed over.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from registry.errors import BadRequest
from registry.formats.cells import Style
from registry.formats.columns import heading_of
from registry.formats.csv.heading import ERRORS, Heading, read_heading
from registry.formats.csv.rows import read_table
from registry.spreadsheet import safe

Findings = Iterable[Mapping[str, Any]]
"""Findings as receipts show them."""

_RECORD = re.compile(r"^/forms/[^/]+(/\d+)?")

BYTE_ORDER_MARK = "\ufeff"
"""First character of the file, by which spreadsheets know UTF-8."""


def with_errors(head: str, rows: Iterable[tuple[bytes, Findings]]) -> Iterator[str]:
    """The file in pieces: its heading, then each row (text as it came, findings).

    A cell that a spreadsheet would run as a formula is given back with an apostrophe before it, which is taken away
    when the file comes back; a row that could not be split is given back in its first cell.
    """
    table = read_table(io.BytesIO(head.encode()), "utf-8")
    heading = _understood(table.heading)
    at = heading.cells.index(ERRORS) if ERRORS in heading.cells else len(heading.cells)
    line = _writer(table.delimiter)
    said = f"sep={table.delimiter}\r\n" if head.startswith("sep=") else ""
    yield (
        BYTE_ORDER_MARK
        + said
        + line([*map(_tame, heading.cells[:at]), ERRORS, *map(_tame, heading.cells[at + 1 :])])
    )
    for source, findings in rows:
        cells = _cells(source.decode("utf-8", "replace"), table.delimiter)
        if len(cells) > len(heading.cells):  # too many: nothing of them is lost to the new column
            cells.insert(at, "")
        cells += [""] * (len(heading.cells) - len(cells))
        words = " | ".join(sentence for one in findings if (sentence := _sentence(one, heading)))
        yield line([*map(_tame, cells[:at]), safe(words), *map(_tame, cells[at + 1 :])])


def _understood(cells: list[str]) -> Heading:
    """The heading, for the names of the columns; that of another kind of table names none."""
    try:
        return read_heading(cells, Style(), None)
    except BadRequest:
        return Heading(cells, "", {}, [])


def _writer(delimiter: str) -> Callable[[list[str]], str]:
    def line(cells: list[str]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerow(cells)
        return text.getvalue()

    return line


def _cells(text: str, delimiter: str) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return [text]
    return rows[0] if len(rows) == 1 else [text]


def _tame(cell: str) -> str:
    """The cell as a spreadsheet may open it, also where it takes the blanks away."""
    return safe(cell) if safe(cell) != cell else f"'{cell}" if safe(cell.strip()) != cell.strip() else cell


def _sentence(finding: Mapping[str, Any], heading: Heading) -> str:
    if finding["severity"] == "note":
        return ""
    pointer = str(finding["pointer"])
    name = heading.named(pointer) or heading_of(_RECORD.sub("", pointer))
    message = str(finding["message"])
    words = message if not name or f"`{name}`" in message else f"{name}: {message}"
    return words if finding["severity"] == "reject" else f"question: {words}"
