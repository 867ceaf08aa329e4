"""Which quantities may not be published: the small ones, and those that would give them away.

Primary: 1 up to the threshold less one. Secondary: as long as a reader could narrow one of these down to fewer than
three values, one more number bound to it is hidden (CMS cell size policy; width rule: registry decision). What is hidden
for the sake of a small number is large and no secret of its own. Numbers on which many cells rest are spared as long as
another will do, then totals, and zeros, which tell of nobody, before all.
"""

from collections.abc import Container, Iterable, Iterator

from registry.domain.disclosure.audit import Puzzle, Range, components
from registry.domain.disclosure.quantities import Quantities, Relation

FEWEST_VALUES = 3
"""A small number must be able to be any of this many, as far as a reader can tell."""


def to_hide(quantities: Quantities, threshold: int) -> set[int]:
    """Numbers of the quantities to hide; what is printed nowhere is among them."""
    audit = Audit(quantities, threshold)
    hidden = set(audit.small | audit.unprinted)
    changed = set(audit.small)
    while changed:
        narrow, changed = list(audit.narrow(hidden, changed)), set()
        for number in narrow:
            if not changed & _bound_to(quantities, {number}):
                companion = _companion(quantities, hidden, number)
                if companion is not None:
                    hidden.add(companion)
                    changed.add(companion)
    return _without_needless(quantities, hidden, audit)


def what_a_reader_knows(quantities: Quantities, threshold: int) -> dict[int, Range]:
    """What would be known of each quantity, were it hidden, before any sum is looked at.

    Of a small printed one it is taken as known that it is small, although nothing says so.
    """
    most = max(quantities.values, default=0)
    return {
        number: Range(1, threshold - 1)
        if 0 < value < threshold and quantities.uses[number]
        else Range(0, most)
        for number, value in enumerate(quantities.values)
    }


class Audit:
    """Finds small quantities that a reader could narrow down too far, and remembers how each could be otherwise.

    A possible set of numbers stays possible when more is hidden, and also when what it leaves as it is gets shown; so
    most questions are answered by what was found before.
    """

    def __init__(self, quantities: Quantities, threshold: int) -> None:
        values = quantities.values
        self.small = {number for number, value in enumerate(values) if 0 < value < threshold}
        self.unprinted = {number for number in range(len(values)) if not quantities.uses[number]}
        self._quantities = quantities
        self._known = what_a_reader_knows(quantities, threshold)
        self._fewest = min(FEWEST_VALUES, threshold - 1)
        self._possible: list[dict[int, int]] = []

    def narrow(self, hidden: set[int], changed: set[int]) -> Iterator[int]:
        """Small quantities a reader could narrow down too far, among those bound to what has changed."""
        values = self._quantities.values
        seen = {number: {values[number]} for number in self.small}
        for others in self._possible:
            if others.keys() <= hidden:
                self._note(others, seen)
        for members, sums in components(hidden, self._quantities.relations):
            if not sums or changed.isdisjoint(members):
                continue
            puzzle = Puzzle(members, sums, self._known, values)
            unproven = [n for n in members if n in self.small and not self._wide(seen[n])]
            outer = puzzle.outer() if unproven else {}
            for number in sorted(unproven, key=lambda n: (outer[n].values, n)):
                if outer[number].values < self._fewest or not self._could_be_wide(puzzle, number, seen):
                    yield number

    def _wide(self, seen: set[int]) -> bool:
        return max(seen) - min(seen) + 1 >= self._fewest

    def _could_be_wide(self, puzzle: Puzzle, number: int, seen: dict[int, set[int]]) -> bool:
        for sign in (1, -1):
            if not self._wide(seen[number]):
                solution = puzzle.extreme(number, sign)
                others = {n: value for n, value in solution.items() if value != self._quantities.values[n]}
                self._possible.append(others)
                self._note(others, seen)
        return self._wide(seen[number])

    @staticmethod
    def _note(others: dict[int, int], seen: dict[int, set[int]]) -> None:
        for number, value in others.items():
            if number in seen:
                seen[number].add(value)


def _companion(quantities: Quantities, hidden: set[int], narrow: int) -> int | None:
    """One more quantity to hide: bound to the narrow one by a sum of its own, else to one that is bound to it.

    None when everything bound to it is hidden already: then no published number says anything about it.
    """
    near, values = {narrow}, quantities.values
    while True:
        bound = _bound_to(quantities, near)
        shown = bound - hidden
        if shown:
            heads = _times_total(quantities, shown)
            return min(shown, key=lambda n: (values[n] == 0, quantities.uses[n], heads[n], values[n], n))
        if bound <= near:
            return None
        near |= bound


def _without_needless(quantities: Quantities, hidden: set[int], audit: Audit) -> set[int]:
    """The same without what need not be hidden after all, the most used first."""
    secondary = hidden - audit.small - audit.unprinted
    for number in sorted(secondary, key=lambda n: (-quantities.uses[n], n)):
        fewer = hidden - {number}
        if next(audit.narrow(fewer, _bound_to(quantities, {number}) & fewer), None) is None:
            hidden = fewer
    return hidden


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
