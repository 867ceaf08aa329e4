"""Analysis rows as columns: a million patients in a few hundred megabytes, and counted without walking them.

Most figures of a row are one of a few answers, so a column is the list of its distinct values and, for each patient, the
place of his value in that list. Nested figures have columns of their own, named by their path (``os_onset.exit``,
``response_radiotherapy.M2.nrs``). The column of a response itself tells whether there is one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter, itemgetter
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from registry.domain.analysis.row import WINDOWS, AnalysisRow, ResponseRow, SurvivalRow, WindowRow

Codes = NDArray[np.unsignedinteger[Any]]
Places = NDArray[np.int32]

SURVIVAL = tuple(f.name for f in fields(AnalysisRow) if f.name.startswith("os_"))
RESPONSE = tuple(f.name for f in fields(AnalysisRow) if f.name.startswith("response_"))
LISTS = frozenset({"open_blocking", "mechanisms", "interventions", "flags"})
MAPPINGS = frozenset({"toxicity", "completeness", "by_table"})

TOP = tuple(f.name for f in fields(AnalysisRow))
OF_SURVIVAL = tuple(f.name for f in fields(SurvivalRow))
OF_RESPONSE = tuple(f.name for f in fields(ResponseRow))
OF_WINDOW = tuple(f.name for f in fields(WindowRow))

CHUNK = 10_000
"""Rows turned at a time: few enough to stay small, many enough that turning them costs nothing extra."""


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of all patients: ``values[codes[place]]`` is that of the patient at a place.

    values  distinct, in the order in which they first appear
    codes   (n,) in the narrowest unsigned type
    """

    values: Sequence[Any]
    codes: Codes


class _Table(dict[Any, int]):
    """A value -> its code; a new value gets the next one."""

    def __missing__(self, value: Any) -> int:
        self[value] = code = len(self)
        return code


class _Ordered(dict[Any, Any]):
    """The items of a mapping, as they come -> in their order; few mappings differ, so few are sorted."""

    def __missing__(self, items: tuple[Any, ...]) -> tuple[Any, ...]:
        self[items] = found = tuple(sorted(items))
        return found


class ColumnsBuilder:
    """Columns of rows that come one after the other; memory grows with the columns, not with the rows as they come."""

    def __init__(self) -> None:
        self._tables: dict[str, _Table] = {}
        self._codes: dict[str, list[Codes]] = {}
        self._size = 0

    def add(self, rows: Sequence[Mapping[str, Any]] | Sequence[AnalysisRow]) -> None:
        """Some more rows, as plain JSON or as they are. Raises KeyError for JSON made by another version."""
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            of: Callable[..., Any] = attrgetter if isinstance(part[0], AnalysisRow) else itemgetter
            for path, figures in _leaves(part, of):
                self._add(path, figures, len(part))
            self._size += len(part)

    def _add(self, path: str, figures: Iterable[Any], size: int) -> None:
        table = self._tables.setdefault(path, _Table())
        codes = np.fromiter(map(table.__getitem__, figures), dtype=np.uint32, count=size)
        self._codes.setdefault(path, []).append(codes.astype(_narrowest(len(table))))

    def done(self) -> "Cohort":
        """The columns of all rows."""
        columns = {}
        for path, table in self._tables.items():
            codes = np.concatenate(self._codes.pop(path), dtype=_narrowest(len(table)), casting="unsafe")
            columns[path] = Column(_read(path, table), codes)
        return Cohort(columns, self._size)


class Cohort(Sequence[AnalysisRow]):
    """Analysis rows in columns, which can be read one by one where somebody asks for a single patient."""

    def __init__(self, columns: Mapping[str, Column], size: int) -> None:
        self.columns, self._size = columns, size

    @classmethod
    def of(cls, rows: Sequence[AnalysisRow] | Sequence[Mapping[str, Any]]) -> "Cohort":
        """The same rows in columns."""
        if isinstance(rows, Cohort):
            return rows
        builder = ColumnsBuilder()
        builder.add(rows)
        return builder.done()

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, place: int) -> AnalysisRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[AnalysisRow]: ...
    def __getitem__(self, place: int | slice) -> AnalysisRow | Sequence[AnalysisRow]:
        if isinstance(place, slice):
            return tuple(self[i] for i in range(*place.indices(self._size)))
        if not -self._size <= place < self._size:
            raise IndexError(place)
        figures = {path: column.values[column.codes[place]] for path, column in self.columns.items()}
        for name in SURVIVAL:
            figures[name] = SurvivalRow(**_below(figures, name, OF_SURVIVAL))
        for name in RESPONSE:
            if figures[name] is not None:
                windows = {w: WindowRow(**_below(figures, f"{name}.{w}", OF_WINDOW)) for w in WINDOWS}
                figures[name] = ResponseRow(**{**_below(figures, name, OF_RESPONSE), **windows})
        return AnalysisRow(**{name: figures[name] for name in TOP})

    def integers(self, path: str, places: Places, *, missing: int, unfit: int) -> NDArray[np.int64]:
        """A column of whole days (n,): ``missing`` where there is none, ``unfit`` where it is no whole number."""
        column = self.columns.get(path)
        if column is None:  # nobody in the cohort
            return np.empty(0, dtype=np.int64)
        table = [missing if v is None else v if type(v) is int else unfit for v in column.values]
        return np.array(table, dtype=np.int64)[column.codes[places]]


def _leaves(rows: Sequence[Any], of: Callable[..., Any]) -> Iterator[tuple[str, Iterable[Any]]]:
    """Path and figures of every column of some rows; ``of`` makes the getter for their kind."""
    survival, window = of(*OF_SURVIVAL), of(*OF_WINDOW)
    response = of(*(name for name in OF_RESPONSE if name not in WINDOWS))
    plain = [name for name in OF_RESPONSE if name not in WINDOWS]
    for name, figures in zip(TOP, zip(*map(of(*TOP), rows), strict=True), strict=True):
        if name in SURVIVAL:
            yield from _below_of(name, OF_SURVIVAL, map(survival, figures))
        elif name in RESPONSE:
            yield name, [None if one is None else True for one in figures]
            nothing: tuple[None, ...] = (None,) * len(plain)
            yield from _below_of(name, plain, [nothing if one is None else response(one) for one in figures])
            for w in WINDOWS:
                one_window = of(w)
                nowhere: tuple[None, ...] = (None,) * len(OF_WINDOW)
                seen = [nowhere if one is None else window(one_window(one)) for one in figures]
                yield from _below_of(f"{name}.{w}", OF_WINDOW, seen)
        else:
            yield name, _hashable(name, figures)


def _below_of(
    path: str, names: Iterable[str], rows: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[str, Iterable[Any]]]:
    for name, figures in zip(names, zip(*rows, strict=True), strict=True):
        yield f"{path}.{name}", _hashable(name, figures)


def _hashable(name: str, figures: Iterable[Any]) -> Iterable[Any]:
    if name in LISTS:
        return [None if one is None else tuple(one) for one in figures]
    if name in MAPPINGS:
        ordered = _Ordered()
        return [None if one is None else ordered[tuple(one.items())] for one in figures]
    return figures


def _read(path: str, table: Iterable[Any]) -> list[Any]:
    """The distinct values as a row has them."""
    if path.rpartition(".")[2] in MAPPINGS:
        return [None if value is None else dict(value) for value in table]
    return list(table)


def _below(figures: Mapping[str, Any], path: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: figures.get(f"{path}.{name}") for name in names}


def _narrowest(values: int) -> type[np.unsignedinteger[Any]]:
    return np.uint8 if values <= 256 else np.uint16 if values <= 65536 else np.uint32
