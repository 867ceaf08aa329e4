"""A rectangular table on its way out: columns that know their meaning, rows that wait on disk.

File formats such as XPT, Stata and SPSS need the number of rows and the width of every text before the first row. So
rows are spooled to a temporary file while the cases go by, and each file is written from there: memory stays flat.
"""

import tempfile
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import orjson

Kind = Literal["integer", "number", "text", "date", "code", "flag"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    kind    ``date`` is YYYY-MM-DD; ``code`` is one of ``values``; ``flag`` is true or false
    values  permitted values and what they mean; in Stata and SPSS a ``code`` is its place in this list, from 1
    unit    UCUM code
    source  where it comes from: a variable of the dictionary, or the derived value
    """

    name: str
    label: str
    kind: Kind = "text"
    values: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    source: str = ""

    @property
    def labels(self) -> tuple[tuple[int, str], ...]:
        """Numbers with the text that a statistics program shows for them."""
        if self.kind == "flag":
            return (0, "no"), (1, "yes")
        if self.kind == "code":
            return tuple((i, meaning or value) for i, (value, meaning) in enumerate(self.values, 1))
        return tuple((int(value), meaning) for value, meaning in self.values)

    @property
    def numeric(self) -> bool:
        """True when a statistics program holds it as a number."""
        return self.kind != "text"


class Table:
    """Rows of one table, spooled to disk; read back in the order they came, or in that of ``shuffled`` keys."""

    def __init__(self, name: str, label: str, columns: Sequence[Column], *, shuffled: bool = False) -> None:
        self.name, self.label, self.columns = name, label, tuple(columns)
        self.widths = [1] * len(self.columns)
        """Longest text of each text column in bytes of UTF-8, at least 1."""
        self.count = 0
        self.last: Callable[[list[Any]], list[Any]] | None = None
        """A last change of each row on its way out, which may depend on all rows."""
        self._texts = [i for i, column in enumerate(self.columns) if column.kind == "text"]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the table
        self._keys: array[int] | None = array("Q") if shuffled else None
        self._starts = array("Q")

    def add(self, row: Sequence[Any], key: int = 0) -> None:
        """Append a row: one plain JSON value, or None, for each column. ``key`` is its place when shuffled."""
        line = orjson.dumps(row) + b"\n"
        if self._keys is not None:
            self._keys.append(key)
            self._starts.append(self._file.tell())
        self._file.write(line)
        self.count += 1
        for i in self._texts:
            text = row[i]
            if text is not None:
                size = len(text) if text.isascii() else len(text.encode())
                self.widths[i] = max(self.widths[i], size)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    def keep(self, names: Sequence[str]) -> None:
        """Leave all other columns out, once all rows are in."""
        places = [self.names.index(name) for name in names]
        self.columns = tuple(self.columns[place] for place in places)
        self.widths = [self.widths[place] for place in places]
        self.last = lambda row: [row[place] for place in places]

    def rows(self) -> Iterator[list[Any]]:
        """The rows; may be read again and again once all are in."""
        rows = self._in_order() if self._keys is None else self._by_key(self._keys)
        yield from rows if self.last is None else map(self.last, rows)

    def _in_order(self) -> Iterator[list[Any]]:
        self._file.seek(0)
        yield from map(orjson.loads, self._file)

    def _by_key(self, keys: "array[int]") -> Iterator[list[Any]]:
        import numpy as np

        if self.count:
            for place in np.argsort(np.frombuffer(keys, dtype=np.uint64), kind="stable"):
                self._file.seek(self._starts[int(place)])
                yield orjson.loads(self._file.readline())

    def close(self) -> None:
        """Give the disk back."""
        self._file.close()

    __del__ = close
