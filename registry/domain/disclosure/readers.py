"""Who reads a public report, what he knows beforehand, and what he must not find out.

The public knows the report and all that were published before. A hospital also knows its own patients, and so the number
of the others in every group: where that is small it is a secret towards this hospital.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from registry.domain.disclosure.puzzle import Range
from registry.domain.disclosure.quantities import Quantities


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """One kind of reader.

    before   what he would know of each quantity, were it hidden, before any sum is looked at
    secrets  the quantities he must not narrow down
    """

    before: Sequence[Range]
    secrets: frozenset[int]

    def takes_for_possible(self, numbers: Mapping[int, int]) -> bool:
        """Whether these numbers agree with what he knew beforehand."""
        return all(self.before[n].lo <= value <= self.before[n].hi for n, value in numbers.items())


class Known(NamedTuple):
    """What earlier reports say of the quantities of this one.

    told      quantities that were published before, of the same patients: they can not be hidden any more
    changed   quantities that few patients changed since they were published: secret, whatever their size
    bounds    what a reader takes for granted of a changed one: that it only grew, or only shrank
    """

    told: frozenset[int]
    changed: frozenset[int]
    bounds: Mapping[int, Range]


NOTHING = Known(frozenset(), frozenset(), {})


def readers(
    quantities: Quantities, threshold: int, known: Known = NOTHING, insiders: Mapping[str, int] | None = None
) -> list[Reader]:
    """The public, then each hospital that has patients in the report.

    insiders  the mark of each hospital's patients
    """
    values = quantities.values
    before = _before(quantities, threshold, known)
    public = Reader(before, frozenset(few(values, threshold)) | known.changed)
    found = [public]
    for mark in (insiders or {}).values():
        own = [0 if group is None else (group & mark).bit_count() for group in quantities.marks]
        others = [value - mine for value, mine in zip(values, own, strict=False)]
        bounds = [
            Range(max(one.lo, mine), one.hi) if mine else one for one, mine in zip(before, own, strict=False)
        ]
        changed = {n for n in known.changed if others[n]}
        found.append(Reader(bounds, frozenset(few(others, threshold)) | changed))
    return found


def few(values: Sequence[int], threshold: int) -> set[int]:
    """The quantities of a few patients."""
    return {number for number, value in enumerate(values) if 0 < value < threshold}


def _before(quantities: Quantities, threshold: int, known: Known) -> list[Range]:
    """Of a small printed number it is taken as known that it is small, although nothing says so."""
    most = max(quantities.values, default=0)
    found = [
        Range(1, threshold - 1)
        if 0 < value < threshold and quantities.uses[number]
        else Range(threshold if number in quantities.many else 0, most)
        for number, value in enumerate(quantities.values)
    ]
    for number, bound in known.bounds.items():
        low, high = max(found[number].lo, bound.lo), min(found[number].hi, bound.hi)
        if low <= quantities.values[number] <= high:
            found[number] = Range(low, high)
    return found
