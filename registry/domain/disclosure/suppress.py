"""Which quantities may not be published: the small ones, and those that would give them away.

Primary: 1 up to the threshold less one. Secondary: as long as a reader could narrow a hidden number down to fewer than
three values, one more number bound to it is hidden (CMS cell size policy; width rule: registry decision). Totals are
spared as long as a part will do, and zeros, which tell of nobody, as long as anything else will.
"""

from collections.abc import Container, Iterable

from registry.domain.disclosure.audit import Range, components, feasible_ranges
from registry.domain.disclosure.quantities import Quantities, Relation

FEWEST_VALUES = 3
"""A hidden number must be able to be any of this many, as far as a reader can tell."""


def to_hide(quantities: Quantities, threshold: int) -> set[int]:
    """Numbers of the quantities to hide."""
    hidden = {number for number, value in enumerate(quantities.values) if 0 < value < threshold}
    unsettled = set(hidden)
    while unsettled:
        narrow = _narrow(quantities, hidden, unsettled, threshold)
        unsettled = set()
        for number in narrow:
            if not unsettled & _bound_to(quantities, {number}):
                companion = _companion(quantities, hidden, number)
                if companion is not None:
                    hidden.add(companion)
                    unsettled.add(companion)
    return hidden


def what_a_reader_knows(quantities: Quantities, hidden: set[int], threshold: int) -> dict[int, Range]:
    """What is known of each hidden quantity before any sum is looked at."""
    most = max(quantities.values, default=0)
    return {
        number: Range(1, threshold - 1) if 0 < quantities.values[number] < threshold else Range(0, most)
        for number in sorted(hidden)
    }


def too_narrow(ranges: dict[int, Range], threshold: int) -> list[int]:
    """Hidden quantities that a reader could narrow down too far."""
    fewest = min(FEWEST_VALUES, threshold - 1)
    return [number for number, found in ranges.items() if found.values < fewest]


def _narrow(quantities: Quantities, hidden: set[int], changed: set[int], threshold: int) -> list[int]:
    """The quantities too narrow among those bound to one that has just been hidden."""
    known = what_a_reader_knows(quantities, hidden, threshold)
    again = {
        number: known[number]
        for members, _ in components(known, quantities.relations)
        if not changed.isdisjoint(members)
        for number in members
    }
    ranges = feasible_ranges(again, quantities.values, _touching(quantities, again), enough=FEWEST_VALUES)
    return too_narrow(ranges, threshold)


def _companion(quantities: Quantities, hidden: set[int], narrow: int) -> int | None:
    """One more quantity to hide: bound to the narrow one by a sum of its own, else to one that is bound to it.

    None when everything bound to it is hidden already: then no published number says anything about it.
    """
    near = {narrow}
    while True:
        bound = _bound_to(quantities, near)
        shown = bound - hidden
        if shown:
            heads = _times_total(quantities, shown)
            return min(shown, key=lambda n: (quantities.values[n] == 0, heads[n], quantities.values[n], n))
        if bound <= near:
            return None
        near |= bound


def _bound_to(quantities: Quantities, numbers: set[int]) -> set[int]:
    return {n for r in _touching(quantities, numbers) for n in (r.total, *r.parts)}


def _touching(quantities: Quantities, numbers: Container[int]) -> list[Relation]:
    return [r for r in quantities.relations if r.total in numbers or any(part in numbers for part in r.parts)]


def _times_total(quantities: Quantities, numbers: Iterable[int]) -> dict[int, int]:
    """In how many sums each number is the total: hiding it there costs more than hiding a part."""
    times = dict.fromkeys(numbers, 0)
    for relation in quantities.relations:
        if relation.total in times:
            times[relation.total] += 1
    return times
