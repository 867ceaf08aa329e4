"""Groups of patients of the study, and a mark by which the same group is known again.

Every patient has a place in the study, and the mark of a group is a number with the bits of their places: equal marks are
the same patients, marks of separate groups add up, and one group is inside another when its bits are. Disclosure control
follows a number by its mark through all tables, figures and sentences of a report. Marks never leave it.
"""

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TypeVar

from registry.domain.analysis import AnalysisRow
from registry.domain.report.document import Study

K = TypeVar("K", bound=Hashable)


class People:
    """Some patients of a study, in its order."""

    def __init__(self, study: Study, places: Sequence[int]) -> None:
        self.study, self.places = study, places

    @classmethod
    def everyone(cls, study: Study) -> "People":
        """All cases, whatever their source."""
        return cls(study, range(len(study.rows)))

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[AnalysisRow]:
        rows = self.study.rows
        return (rows[place] for place in self.places)

    @cached_property
    def mark(self) -> int | None:
        """The bits of the places of the patients, 0 for nobody; None where nothing will be hidden."""
        if self.study.audience != "public":
            return None
        bits = bytearray(len(self.study.rows) // 8 + 1)
        for place in self.places:
            bits[place >> 3] |= 1 << (place & 7)
        return int.from_bytes(bits, "little")

    def where(self, test: Callable[[AnalysisRow], object]) -> "People":
        """Those for whom the test holds."""
        rows = self.study.rows
        return People(self.study, [place for place in self.places if test(rows[place])])

    def split(self, key: Callable[[AnalysisRow], K]) -> dict[K, "People"]:
        """Parts by key, in the order in which the keys first appear."""
        rows = self.study.rows
        return self._parts((place, key(rows[place])) for place in self.places)

    def by_site(self) -> dict[str, "People"]:
        """Parts by site."""
        sites = self.study.sites
        return self._parts((place, sites[place]) for place in self.places)

    def without(self, others: "People") -> "People":
        """Those who are not among the others."""
        gone = set(others.places)
        return People(self.study, [place for place in self.places if place not in gone])

    def among(self, places: Container[int]) -> "People":
        """Those whose places are among these."""
        return People(self.study, [place for place in self.places if place in places])

    def together(self, *others: "People") -> "People":
        """These and the others, who must be different patients."""
        return People(self.study, sorted(place for group in (self, *others) for place in group.places))

    def _parts(self, keyed: Iterable[tuple[int, K]]) -> dict[K, "People"]:
        found: dict[K, list[int]] = {}
        for place, key in keyed:
            found.setdefault(key, []).append(place)
        return {key: People(self.study, places) for key, places in found.items()}
