"""Analysis rows as columns: a million patients in a few hundred megabytes, and counted without walking them.

Most figures of a row are one of a few answers, so a column is the list of its distinct values and, for each patient, the
place of his value in that list. Nested figures have columns of their own, named by their path (``os_onset.exit``,
``response_radiotherapy.M2.nrs``). The column of a response itself tells whether there is one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from registry.domain.analysis.flat import (
    IN_RESPONSE,
    LISTS,
    OF_RESPONSE,
    OF_SURVIVAL,
    OF_WINDOW,
    ROW,
    Flat,
    as_text,
    flat,
    values_of,
)
from registry.domain.analysis.row import (
    RESPONSE,
    SURVIVAL,
    TOP,
    WINDOWS,
    AnalysisRow,
    ResponseRow,
    SurvivalRow,
    WindowRow,
)

Codes = NDArray[np.unsignedinteger[Any]]
Places = NDArray[np.intp]
"""Places of patients; as wide as numpy looks up by, which is thrice as fast as a narrower one."""

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


Slot = tuple[str, ...]
"""The paths of the figures that stand in one place of a row's list."""

_SLOTS_OF_RESPONSE = {
    name: [tuple(f"{name}.{path}" for path in slot) for slot in IN_RESPONSE.slots] for name in RESPONSE
}


class ColumnsBuilder:
    """Columns of rows that come one after the other; memory grows with the columns, not with the rows as they come."""

    def __init__(self) -> None:
        nobody = {slot: {None: 0} for slots in _SLOTS_OF_RESPONSE.values() for slot in slots}
        self._tables: dict[Slot, dict[Any, int]] = {slot: {} for slot in ROW.slots} | nobody
        self._codes: dict[Slot, list[Codes]] = {slot: [] for slot in self._tables}
        self._size = 0

    def add(self, rows: Sequence[Flat]) -> None:
        """Some more rows, each as a list. Raises ValueError for one of another length."""
        for start in range(0, len(rows), CHUNK):
            part = rows[start : start + CHUNK]
            for slot, figures in zip(ROW.slots, zip(*part, strict=True), strict=True):
                if slot[0] in RESPONSE:
                    self._add_responses(slot, figures)
                else:
                    self._keep(slot, self._encoded(slot, figures))
            self._size += len(part)

    def _add_responses(self, whole: Slot, responses: Sequence[Flat | None]) -> None:
        """Only the responses that there are take time; of the other rows the figures are code 0, which is None."""
        given = [one for one in responses if one is not None]
        there = np.array([one is not None for one in responses])
        self._keep(whole, self._encoded(whole, [one or None for one in there.tolist()]))
        slots = _SLOTS_OF_RESPONSE[whole[0]]
        columns = zip(*given, strict=True) if given else ((),) * len(slots)
        for slot, figures in zip(slots, columns, strict=True):
            codes = np.zeros(len(responses), dtype=np.uint32)
            codes[there] = self._encoded(slot, figures)
            self._keep(slot, codes)

    def _encoded(self, slot: Slot, figures: Sequence[Any]) -> Codes:
        """The code of each figure; a new figure gets the next one.

        Looked up by one `itemgetter`, which takes half the time of a call for each.
        """
        if not figures:
            return np.zeros(0, dtype=np.uint8)
        table, look_up = self._tables[slot], itemgetter(*figures, figures[0])
        try:
            codes = look_up(table)
        except KeyError:
            for figure in dict.fromkeys(figures):
                table.setdefault(figure, len(table))
            codes = look_up(table)
        narrow = len(table) <= 256
        return np.frombuffer(bytes(codes), np.uint8)[:-1] if narrow else np.array(codes[:-1], np.uint32)

    def _keep(self, slot: Slot, codes: Codes) -> None:
        self._codes[slot].append(codes.astype(_narrowest(len(self._tables[slot])), copy=False))

    def done(self) -> "Cohort":
        """The columns of all rows."""
        columns: dict[str, Column] = {}
        for slot, table in self._tables.items() if self._size else ():
            codes = np.concatenate(self._codes.pop(slot), dtype=_narrowest(len(table)), casting="unsafe")
            columns |= _apart(slot, table, codes)
        return Cohort(columns, self._size)


class Cohort(Sequence[AnalysisRow]):
    """Analysis rows in columns, which can be read one by one where somebody asks for a single patient."""

    def __init__(self, columns: Mapping[str, Column], size: int) -> None:
        self.columns, self._size = columns, size

    @classmethod
    def of(cls, rows: Sequence[AnalysisRow]) -> "Cohort":
        """The same rows in columns."""
        if isinstance(rows, Cohort):
            return rows
        builder = ColumnsBuilder()
        builder.add([flat(row) for row in rows])
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


def _apart(slot: Slot, figures: Iterable[Any], codes: Codes) -> Iterator[tuple[str, Column]]:
    """A column for each path of a slot, whose codes are the places of these figures."""
    nothing = (None,) * len(slot)
    rows = [nothing if figure is None else values_of(slot, figure) for figure in figures]
    for path, values in zip(slot, zip(*rows, strict=True), strict=True):
        table: dict[Any, tuple[int, Any]] = {}
        found = [table.setdefault(_hashable(value), (len(table), value)) for value in values]
        places = np.array([place for place, _ in found], dtype=_narrowest(len(table)))
        distinct = out_of_json(path, (value for _, value in table.values()))
        yield path, Column(distinct, codes if len(slot) == 1 else places[codes])


def _hashable(value: Any) -> Any:
    return as_text(value) if isinstance(value, list | dict) else value


def out_of_json(path: str, values: Iterable[Any]) -> list[Any]:
    """Values of a column as rows have them: a list of plain JSON is a tuple there."""
    if path.rpartition(".")[2] in LISTS:
        return [None if value is None else tuple(value) for value in values]
    return list(values)


def _below(figures: Mapping[str, Any], path: str, names: Iterable[str]) -> dict[str, Any]:
    return {name: figures.get(f"{path}.{name}") for name in names}


def _narrowest(values: int) -> type[np.unsignedinteger[Any]]:
    return np.uint8 if values <= 256 else np.uint16 if values <= 65536 else np.uint32
