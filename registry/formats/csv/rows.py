"""Rows of a table with the text they came in: a row that cannot be split is refused alone and the next is read."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from registry.domain.findings import Finding
from registry.errors import BadRequest
from registry.formats.csv.encoding import MAX_LINE, find_encoding
from registry.formats.item import refusal
from registry.formats.lines import MOST_BLANK, too_many_blank

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DELIMITERS = ",;\t|^"
MAX_COLUMNS = 10_000

_LOST = re.compile("[\ud800-\udfff]")
"""Bytes that were not in the encoding, as ``surrogateescape`` keeps them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    line   number of its first line in the file, counted from 1
    cells  its texts without blanks around them, unless a backslash says that they are meant
    text   as it came, without the line end
    fault  why it cannot be split, if so
    """

    line: int
    cells: list[str]
    text: str
    fault: Finding | None = None


@dataclass(slots=True)
class Table:
    """A table: its heading, the rows after it, and what there is to say about the file."""

    heading: list[str]
    head: str  # the heading as it came, after a line ``sep=`` where there was one
    delimiter: str
    rows: Iterator[Row]
    notes: list[Finding]


def read_table(file: BinaryIO, charset: str | None = None) -> Table:
    """The table in a file of bytes, which is read as its rows are asked for.

    Encoding, separator, a first line ``sep=;`` and blank lines are found out. Raises ``BadRequest``.
    """
    found = find_encoding(file, charset)
    errors = "surrogateescape" if found.codec == "utf-8-sig" else "strict"
    raw = io.BufferedReader(_Borrowed(file), 1 << 18)
    lines = _Lines(io.TextIOWrapper(raw, found.codec, errors=errors, newline=""))
    delimiter = _delimiter(lines)
    rows = _rows(lines, delimiter)
    heading = next(rows, None)
    if heading is None:
        raise BadRequest("the file is empty; send a heading and at least one row", code="empty")
    if heading.fault is not None:
        raise BadRequest(f"the heading: {heading.fault.message}", code=heading.fault.rule)
    if len(heading.cells) > MAX_COLUMNS:
        raise BadRequest(f"the heading has more than {MAX_COLUMNS} columns", code="too_many_columns")
    head = f"sep={delimiter}\r\n{heading.text}" if lines.said else heading.text
    return Table(heading.cells, head, delimiter, rows, list(found.notes))


class _Borrowed(io.RawIOBase):
    """A file that belongs to the caller: what reads it as text must not close it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        block = self.file.read(len(view))
        view[: len(block)] = block
        return len(block)


class _Lines:
    """Lines that can be given back, and that remember what was taken for the row in hand."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.text = text
        self.again: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0  # of lines taken from the file and not given back
        self.said = False  # whether a first line ``sep=`` named the separator

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self.text.readline(MAX_LINE)
        if not line:
            raise StopIteration
        if len(line) == MAX_LINE:
            raise BadRequest(f"line {self.number + 1} is too long; this is no table", code="line_too_long")
        self.taken.append(line)
        self.number += 1
        return line

    def begin(self) -> int:
        """Forget the row before; the number of the next line."""
        self.taken.clear()
        return self.number + 1

    def give_back_all_but_first(self) -> str:
        """The first line of the row in hand; those after it are read again as rows of their own."""
        first, *rest = self.taken
        self.again.extendleft(reversed(rest))
        self.number -= len(rest)
        return first


def _delimiter(lines: _Lines) -> str:
    """What separates the columns: said by a line ``sep=;``, else what splits the heading into most columns."""
    for line in lines:
        if not line.strip():
            continue
        if said := re.fullmatch(r'"?sep=(.)"?\s*', line):
            lines.said = True
            return said[1]
        lines.again.appendleft(line)
        lines.number -= 1
        counts = {one: line.count(one) for one in DELIMITERS}
        return max(DELIMITERS, key=lambda one: counts[one])
    return ","


def _rows(lines: _Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    blank = 0
    while True:
        number = lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            text = lines.give_back_all_but_first().rstrip("\r\n")
            yield Row(number, [], text, refusal("not_a_row", "", _why(str(error))))
            continue
        text = "".join(lines.taken).rstrip("\r\n")
        cells = [cell if cell[:1] == "\\" else cell.strip() for cell in cells]
        if any(cells):
            yield Row(number, cells, text, _not_utf8(text))
            continue
        blank += 1
        if blank > MOST_BLANK:
            raise too_many_blank()


def too_long(row: Row, columns: int) -> Finding | None:
    """More cells than the heading has: a separator inside a text has moved everything after it."""
    if not any(row.cells[columns:]):
        return None
    text = (
        f"the row has {len(row.cells)} cells and the heading {columns}; "
        'put a text that holds the separator inside "..."'
    )
    return refusal("not_a_row", "", text)


def _why(error: str) -> str:
    if "limit" in error or "unexpected end" in error:
        return (
            'a quote that opens in this line is never closed; close it, or write a quote inside a text as ""'
        )
    return 'the quotes do not fit: put a text with a quote inside "..." and write the quote as ""'


def _not_utf8(text: str) -> Finding | None:
    if text.isascii() or not _LOST.search(text):
        return None
    return refusal(
        "not_utf8", "", "this row is not UTF-8, though others are; save the whole file in one encoding"
    )
