"""A question about one patient, answered for all: asked once for every different set of figures it looks at.

A question is a function of an analysis row and of nothing else. It is put to a row that does not know its figures yet and
says so when it is asked for one; then the patients are parted by their value of this figure, and the question is put again
to each part. So ``row.sex == "female"`` is worked out three times, however many patients there are, and the answers are
those of asking each patient, because nothing else was looked at.
"""

from collections.abc import Callable, Hashable
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from registry.domain.analysis.columns import Cohort, Places
from registry.domain.analysis.flat import OF_RESPONSE, OF_SURVIVAL, OF_WINDOW
from registry.domain.analysis.row import RESPONSE, SURVIVAL, TOP, WINDOWS, AnalysisRow

Question = Callable[[AnalysisRow], Hashable]


class Told(NamedTuple):
    """What patients answered: ``answers[codes[i]]`` is the answer of the i-th; answers are distinct."""

    answers: list[Any]
    codes: NDArray[np.int32]


def ask(cohort: Cohort, places: Places, question: Question) -> Told:
    """The answers of the patients at these places."""
    return _Asking(cohort, places, question).told()


class _Unknown(Exception):
    """The question looks at a figure that is not known yet."""

    def __init__(self, path: str) -> None:
        self.path = path


class _Part:
    """A row of which only some figures are known, or the nested part of one."""

    def __init__(self, known: dict[str, Any], path: str, names: tuple[str, ...]) -> None:
        self._known = known
        self._paths = {name: f"{path}{name}" for name in names}
        self._parts: dict[str, _Part] = {}
        for name in names:
            below = OF_SURVIVAL if name in SURVIVAL else OF_RESPONSE if name in RESPONSE else ()
            below = OF_WINDOW if name in WINDOWS else below
            if below:
                self._parts[name] = _Part(known, f"{path}{name}.", below)

    def __getattr__(self, name: str) -> Any:
        path = self._paths.get(name)
        if path is None:
            return getattr(AnalysisRow, name).fget(self)
        part = self._parts.get(name)
        if part is not None and name not in RESPONSE:
            return part
        try:
            value = self._known[path]
        except KeyError:
            raise _Unknown(path) from None
        return value if part is None or value is None else part


class _Asking:
    """One question to some patients."""

    def __init__(self, cohort: Cohort, places: Places, question: Question) -> None:
        self._columns, self._places, self._question = cohort.columns, places, question
        self._known: dict[str, Any] = {}
        self._row = cast(AnalysisRow, _Part(self._known, "", TOP))
        self._answers: dict[Hashable, int] = {}
        self._codes = np.empty(len(places), dtype=np.int32)

    def told(self) -> Told:
        if len(self._places):
            self._part(None)
        return Told(list(self._answers), self._codes)

    def _code(self) -> int:
        """The code of the answer from what is known. Raises _Unknown."""
        return self._answers.setdefault(self._question(self._row), len(self._answers))

    def _part(self, which: NDArray[np.intp] | None) -> None:
        """Answer for some of the patients (None: all), who are alike in what is known."""
        try:
            self._codes[slice(None) if which is None else which] = self._code()
        except _Unknown as unknown:
            self._by(unknown.path, which)

    def _by(self, path: str, which: NDArray[np.intp] | None) -> None:
        """Part them by the figure at a path."""
        column = self._columns[path]
        own = column.codes[self._places if which is None else self._places[which]]
        present = np.unique(own) if len(column.values) > len(own) else np.flatnonzero(np.bincount(own))
        table = np.full(len(column.values) if len(present) else 0, -1, dtype=np.int32)
        settled = True
        for code in present.tolist():
            self._known[path] = column.values[code]
            try:
                table[code] = self._code()
            except _Unknown:
                settled = False
        found = table.take(own, mode="clip")  # none is out of range; looking for some takes twice the time
        self._codes[slice(None) if which is None else which] = found
        if not settled:
            open_still = np.flatnonzero(found < 0)
            open_still = open_still[np.argsort(own[open_still], kind="stable")]
            ends = np.flatnonzero(np.diff(own[open_still])) + 1
            for part in np.split(open_still, ends):
                self._known[path] = column.values[own[part[0]]]
                self._part(part if which is None else which[part])
        del self._known[path]
