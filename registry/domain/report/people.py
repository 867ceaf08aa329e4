"""Groups of patients of the study, and a mark by which the same group is known again.

Every patient has a place in the study, and the mark of a group is a number with the bits of their places: equal marks are
the same patients, marks of separate groups add up, and one group is inside another when its bits are. Disclosure control
follows a number by its mark through all tables, figures and sentences of a report. Marks never leave it.

Sections ask about one patient; a group asks all of its patients at once (see ``registry.domain.analysis.asking``).
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from registry.domain.analysis import AnalysisRow
from registry.domain.analysis.asking import ask
from registry.domain.analysis.columns import Cohort, Places
from registry.domain.report.document import Study

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=float)


class People:
    """Some patients of a study, in its order: ``places`` are theirs, ascending."""

    def __init__(self, study: Study, places: Sequence[int] | Places) -> None:
        self.study, self.places = study, np.asarray(places, dtype=np.intp)

    @classmethod
    def everyone(cls, study: Study) -> "People":
        """All cases, whatever their source."""
        return cls(study, np.arange(len(study.rows)))

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[AnalysisRow]:
        """Patient by patient: for pictures of single patients and lists of few."""
        rows = self.study.rows
        return (rows[place] for place in self.places.tolist())

    @property
    def cohort(self) -> Cohort:
        """The rows of the whole study as columns."""
        memo = self.study.memo
        if "cohort" not in memo:
            memo["cohort"] = Cohort.of(self.study.rows)
        found: Cohort = memo["cohort"]
        return found

    @cached_property
    def mark(self) -> int | None:
        """The bits of the places of the patients, 0 for nobody; None where nothing will be hidden."""
        if self.study.audience != "public":
            return None
        mark = int.from_bytes(np.packbits(self._members, bitorder="little").tobytes(), "little")
        marks: dict[int, int] = self.study.memo.setdefault("marks", {})
        return marks.setdefault(mark, mark)  # a mark has a bit for everybody: the same one is kept once

    def where(self, test: Callable[[AnalysisRow], object]) -> "People":
        """Those for whom the test holds."""
        return self.those(self.holds_for(test))

    def those(self, which: NDArray[np.bool_]) -> "People":
        """Those of whom it is so, one after the other (n,); by place, which numpy finds thrice as fast as by truth."""
        return People(self.study, self.places[np.flatnonzero(which)])

    def holds_for(self, test: Callable[[AnalysisRow], object]) -> NDArray[np.bool_]:
        """For whom the test holds, one after the other (n,)."""
        told = ask(self.cohort, self.places, lambda row: bool(test(row)))
        holds: NDArray[np.bool_] = np.array(told.answers, dtype=bool).take(told.codes, mode="clip")
        return holds

    def split(self, key: Callable[[AnalysisRow], K]) -> dict[K, "People"]:
        """Parts by key, in the order in which the keys first appear."""
        told = ask(self.cohort, self.places, key)
        return self.parted(told.answers, told.codes)

    def counts(self, value: Callable[[AnalysisRow], V | None]) -> dict[V, int]:
        """How often each value occurs, from the least to the greatest; patients without one are left out."""
        told = ask(self.cohort, self.places, value)
        times = np.bincount(told.codes, minlength=len(told.answers)).tolist()
        found = {answer: n for answer, n in zip(told.answers, times, strict=True) if answer is not None}
        return dict(sorted(found.items()))

    def by_site(self) -> dict[str, "People"]:
        """Parts by site."""
        names, codes = self._sites()
        return self.parted(names, codes[self.places])

    def without(self, others: "People") -> "People":
        """Those who are not among the others."""
        return self.those(~others.holds(self.places))

    def among(self, others: "People") -> "People":
        """Those who are among the others, too."""
        return self.those(others.holds(self.places))

    def together(self, *others: "People") -> "People":
        """These and the others, who must be different patients."""
        return People(self.study, np.sort(np.concatenate([group.places for group in (self, *others)])))

    def holds(self, places: Places) -> NDArray[np.bool_]:
        """Which of these places are those of patients of the group."""
        return self._members[places]

    @property
    def _members(self) -> NDArray[np.bool_]:
        inside = np.zeros(len(self.study.rows), dtype=bool)
        inside[self.places] = True
        return inside

    def _sites(self) -> tuple[list[str], NDArray[np.int32]]:
        memo = self.study.memo
        if "sites" not in memo:
            names = list(dict.fromkeys(self.study.sites))
            place = {name: code for code, name in enumerate(names)}
            memo["sites"] = (
                names,
                np.fromiter(
                    map(place.__getitem__, self.study.sites), dtype=np.int32, count=len(self.study.sites)
                ),
            )
        found: tuple[list[str], NDArray[np.int32]] = memo["sites"]
        return found

    def parted(self, keys: Sequence[K], codes: NDArray[np.integer]) -> dict[K, "People"]:
        """Parts by key, where ``codes`` (n,) has the place of the key of each patient."""
        order = np.argsort(codes.astype(np.uint16 if len(keys) <= 65536 else np.int32), kind="stable")
        ends = np.flatnonzero(np.diff(codes[order])) + 1
        parts = sorted(np.split(order, ends), key=lambda part: part[0]) if order.size else []
        return {keys[codes[part[0]]]: People(self.study, self.places[part]) for part in parts}
