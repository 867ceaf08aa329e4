"""Protection over time: reports that follow one another, laid side by side, tell of the patients between them.

What a published report lets its readers know is kept as an ``Edition``: its groups of patients, which of them were told,
and the sums that bind them. A later report is judged against all of them. Two groups are *close* when fewer than the
threshold came and fewer than that left; a close group would tell of these few, so it is as secret as a small one. And
what is told now may, laid beside an earlier report, narrow down what was hidden there: then it is hidden too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from registry.domain.disclosure.audit import FEWEST_VALUES, Audit
from registry.domain.disclosure.puzzle import Range
from registry.domain.disclosure.quantities import Quantities, Relation
from registry.domain.disclosure.readers import Known, Reader

ITEM = np.dtype("<u8")
MOST = 1 << 40
"""More patients than there are."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a published report lets its readers know. It names patients by their numbers and never leaves the registry.

    patients   whom the bits of the marks stand for
    marks      each quantity's patients; None where they are not known (of nobody)
    values     each quantity's number of patients
    printed    how many cells tell each quantity
    places     where each quantity stands
    relations  the sums
    hidden     the quantities that were neither told nor follow from what was
    secrets    those among them that were small, or close to what had been told before
    before     what a reader knew of the hidden ones
    figures    who gave what to each figure that was told, by place (see ``contributions``)
    threshold  smallest number of patients told
    """

    patients: tuple[int, ...]
    marks: tuple[int | None, ...]
    values: tuple[int, ...]
    printed: tuple[int, ...]
    places: tuple[tuple[str, ...], ...]
    relations: tuple[Relation, ...]
    hidden: frozenset[int]
    secrets: frozenset[int]
    before: Mapping[int, Range]
    figures: Mapping[str, bytes]
    threshold: int

    def quantities(self) -> Quantities:
        """Its quantities as they were judged."""
        found = Quantities(list(self.values), list(self.relations))
        found.uses.update({n: times for n, times in enumerate(self.printed) if times})
        return found


class Series:
    """All editions so far, their patients in one order."""

    def __init__(self, editions: Sequence[Edition] = ()) -> None:
        self.editions = editions
        self._place: dict[int, int] = {}
        self._told = _Groups()
        self._hidden = _Groups()
        self._at: dict[str, set[int]] = {}
        for which, edition in enumerate(editions):
            for number, mark in enumerate(self.marks(edition.marks, edition.patients)):
                if not mark:
                    continue
                (self._hidden if number in edition.hidden else self._told).add(mark, (which, number))
                if number not in edition.hidden:
                    for place in edition.places[number]:
                        self._at.setdefault(place, set()).add(mark)

    @property
    def patients(self) -> tuple[int, ...]:
        """Whom the bits of the marks of the series stand for."""
        return tuple(self._place)

    def marks(self, marks: Iterable[int | None], patients: Sequence[int]) -> list[int]:
        """Marks with their bits in the order of the series; 0 for nobody and for whom is not known."""
        order = np.array([self._place.setdefault(one, len(self._place)) for one in patients], dtype=np.int64)
        if np.array_equal(order, np.arange(len(order))):
            return [mark or 0 for mark in marks]
        return [_moved(mark, order, len(self._place)) if mark else 0 for mark in marks]

    def known(
        self, quantities: Quantities, marks: Sequence[int], insiders: Iterable[int], threshold: int
    ) -> Known:
        """What the editions say of the quantities of a new report, whose marks are in the order of the series."""
        sites = list(insiders)
        told, changed, bounds = set[int](), set[int](), dict[int, Range]()
        for number, mark in enumerate(marks):
            if not mark:
                continue
            if mark in self._told.where:
                told.add(number)
                continue
            places, close = quantities.places.get(number, ()), set(self._told.close(mark, threshold))
            if close or self._few_others(places, mark, sites, threshold):
                changed.add(number)
            size = mark.bit_count()
            sizes = [one.bit_count() for place in places for one in self._at.get(place, ()) if one in close]
            low = max((one for one in sizes if one <= size), default=0)
            high = min((one for one in sizes if one >= size), default=MOST)
            if sizes and high - low + 1 >= FEWEST_VALUES:  # else nothing that is hidden now would help
                bounds[number] = Range(low, high)
        return Known(frozenset(told), frozenset(changed), bounds)

    def _few_others(self, places: Iterable[str], mark: int, sites: list[int], threshold: int) -> bool:
        """Whether few came or left since it was told at one of its places, but for the patients of some hospital."""
        for earlier in {earlier for place in places for earlier in self._at.get(place, ())}:
            came, left = mark & ~earlier, earlier & ~mark
            for site in sites:
                others = ((came & ~site).bit_count(), (left & ~site).bit_count())
                if 0 < max(others) < threshold:
                    return True
        return False

    def gives_away(
        self, marks: Sequence[int], hidden: set[int], told: frozenset[int], threshold: int
    ) -> set[int]:
        """What may not be told, because beside it a secret of an earlier edition would be narrowed down."""
        bounds: dict[int, dict[int, Range]] = {}
        because: dict[int, set[int]] = {}
        for number, mark in enumerate(marks):
            if not mark or number in hidden or number in told:
                continue
            size = mark.bit_count()
            for earlier in chain([mark], self._hidden.close(mark, threshold)):
                was = earlier.bit_count()
                bound = Range(size if size <= was else 0, size if size >= was else MOST)
                for which, concerned in self._hidden.where.get(earlier, ()):
                    at = bounds.setdefault(which, {})
                    at[concerned] = _both(at.get(concerned, bound), bound)
                    because.setdefault(which, set()).add(number)
        narrowed = [which for which, found in bounds.items() if self._narrowed(which, found)]
        return set(chain.from_iterable(because[which] for which in narrowed))

    def _narrowed(self, which: int, bounds: Mapping[int, Range]) -> bool:
        """Whether a reader of an edition who learns these bounds can narrow down one of its secrets."""
        edition = self.editions[which]
        before = [Range(0, max(edition.values, default=0))] * len(edition.values)
        for number, bound in chain(edition.before.items(), bounds.items()):
            before[number] = _both(before[number], bound)
        audit = Audit(edition.quantities(), [Reader(before, edition.secrets)], edition.threshold)
        return next(audit.narrow(set(edition.hidden), set(bounds)), None) is not None

    def changed_figures(self, figures: Mapping[str, bytes], threshold: int) -> set[bytes]:
        """Figures to which few patients give something else than when one was last told at their place."""
        return {
            now
            for edition in self.editions
            for place, now in figures.items()
            if place in edition.figures and _few_differ(now, edition.figures[place], threshold)
        }


class _Groups:
    """Groups of patients by their marks, found by their size."""

    def __init__(self) -> None:
        self.where: dict[int, list[tuple[int, int]]] = {}
        self._by_size: dict[int, list[int]] = {}

    def add(self, mark: int, where: tuple[int, int]) -> None:
        if mark not in self.where:
            self._by_size.setdefault(mark.bit_count(), []).append(mark)
        self.where.setdefault(mark, []).append(where)

    def close(self, mark: int, threshold: int) -> Iterator[int]:
        """Groups from which fewer than the threshold came to this one, and fewer left, but not the same."""
        size = mark.bit_count()
        for other_size in range(size - threshold + 1, size + threshold):
            for other in self._by_size.get(other_size, ()):
                both = (mark & other).bit_count()
                if size - both < threshold and other_size - both < threshold and mark != other:
                    yield other


def _moved(mark: int, order: NDArray[np.int64], size: int) -> int:
    """The mark with bit i at ``order[i]``."""
    inside = np.frombuffer(mark.to_bytes(-(-len(order) // 8), "little"), dtype=np.uint8)
    there = np.zeros(size, dtype=np.uint8)
    there[order[np.unpackbits(inside, bitorder="little", count=len(order)).view(bool)]] = 1
    return int.from_bytes(np.packbits(there, bitorder="little").tobytes(), "little")


def _both(one: Range, other: Range) -> Range:
    low, high = max(one.lo, other.lo), min(one.hi, other.hi)
    return Range(low, high) if low <= high else one


def _few_differ(one: bytes, other: bytes, threshold: int) -> bool:
    if one == other:
        return False
    now, then = np.frombuffer(one, ITEM), np.frombuffer(other, ITEM)
    came, left = (np.setdiff1d(a, b, assume_unique=True).size for a, b in ((now, then), (then, now)))
    return max(came, left) < threshold
