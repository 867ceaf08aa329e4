"""Which quantities may not be published: the secret ones, and those that would give them away.

Primary: 1 up to the threshold less one, and what differs by so few from what was published before. Secondary: as long as
a reader could narrow one of these down to fewer than three values, one more number bound to it is hidden (CMS cell size
policy; width rule: registry decision). What is hidden for the sake of a secret is large and no secret of its own. Numbers
on which many cells rest are spared as long as another will do, then totals, and zeros, which tell of nobody, before all.
"""

from collections.abc import Container, Iterable, Iterator, Sequence

from registry.domain.disclosure.audit import Puzzle, components
from registry.domain.disclosure.exchange import Exchange
from registry.domain.disclosure.quantities import Quantities, Relation
from registry.domain.disclosure.readers import Reader, few

FEWEST_VALUES = 3
"""A secret must be able to be any of this many, as far as a reader can tell."""


def to_hide(
    quantities: Quantities,
    readers: Sequence[Reader],
    threshold: int,
    told: frozenset[int] = frozenset(),
    also: frozenset[int] = frozenset(),
) -> set[int]:
    """Numbers of the quantities to hide; what is printed nowhere is among them.

    told  known from what was published before, and so of no use as a companion; a secret is hidden all the same
    also  to be hidden whatever follows from them
    """
    audit = Audit(quantities, readers, threshold)
    secrets = audit.secrets | also
    hidden = secrets | (audit.unprinted - told)
    hidden |= _companions(quantities, hidden, hidden & secrets, told, audit)
    return _without_needless(quantities, hidden, secrets, audit)


def _companions(
    quantities: Quantities, hidden: set[int], changed: set[int], told: frozenset[int], audit: "Audit"
) -> set[int]:
    """What has to be hidden, too, so that nothing is narrow."""
    found = set[int]()
    while changed:
        narrow, changed = list(audit.narrow(hidden | found, changed)), set()
        for number in narrow:
            if not changed & _bound_to(quantities, {number}):
                companion = _companion(quantities, hidden | found, number, told)
                if companion is not None:
                    found.add(companion)
                    changed.add(companion)
    return found


class Audit:
    """Finds secret quantities that a reader could narrow down too far, and remembers how each could be otherwise.

    A possible set of numbers stays possible when more is hidden, and also when what it leaves as it is gets shown; so
    most questions are answered by what was found before, for this reader or another.
    """

    def __init__(self, quantities: Quantities, readers: Sequence[Reader], threshold: int) -> None:
        values = quantities.values
        self.secrets = few(values, threshold).union(*(reader.secrets for reader in readers))
        self.unprinted = {number for number in range(len(values)) if not quantities.uses[number]}
        self._quantities, self._readers = quantities, readers
        self._fewest = min(FEWEST_VALUES, threshold - 1)
        self._possible: dict[int, list[_Otherwise]] = {}

    def narrow(self, hidden: set[int], changed: set[int]) -> Iterator[int]:
        """Secrets a reader could narrow down too far, among those bound to what has changed."""
        parts = self._parts(hidden, changed)
        found: set[int] = set()
        for reader in self._readers:
            for number in self._narrow_for(reader, parts, hidden):
                if number not in found:
                    found.add(number)
                    yield number

    def surely_wide(self, hidden: set[int], changed: set[int]) -> bool:
        """Whether no reader could narrow down a secret bound to what has changed, as far as is seen without the solver.

        Those next to the change are looked at first: where one is narrow it is most often one of them.
        """
        shown = ~_bits(hidden)
        for members, sums in self._parts(hidden, changed):
            nearest = sorted(self.secrets.intersection(members), key=lambda n: (n not in changed, n))
            for reader in self._readers:
                exchange = None
                for number in nearest:
                    if number not in reader.secrets or self._seen_wide(number, reader, shown):
                        continue
                    exchange = exchange or Exchange(members, sums, reader.before, self._quantities.values)
                    self._try(exchange, number)
                    if not self._seen_wide(number, reader, shown):
                        return False
        return True

    def _parts(self, hidden: set[int], changed: set[int]) -> list[tuple[list[int], list[Relation]]]:
        """What is hidden and bound together, with something changed among it."""
        found = components(hidden, self._quantities.relations)
        return [(members, sums) for members, sums in found if sums and not changed.isdisjoint(members)]

    def _try(self, exchange: Exchange, number: int) -> None:
        values = self._quantities.values
        for move in exchange.three_values(number) or ():
            self._note({n: values[n] + by for n, by in move.items() if by})

    def _narrow_for(
        self, reader: Reader, parts: list[tuple[list[int], list[Relation]]], hidden: set[int]
    ) -> Iterator[int]:
        values, shown = self._quantities.values, ~_bits(hidden)
        for members, sums in parts:
            unproven = [n for n in members if n in reader.secrets and not self._seen_wide(n, reader, shown)]
            if not unproven:
                continue
            exchange = Exchange(members, sums, reader.before, values)
            for number in unproven:
                self._try(exchange, number)
            unproven = [n for n in unproven if not self._seen_wide(n, reader, shown)]
            if not unproven:
                continue
            puzzle = Puzzle(members, sums, reader.before, values)
            outer = puzzle.outer()
            for number in sorted(unproven, key=lambda n: (outer[n].values, n)):
                if outer[number].values < self._fewest or not self._could_be_wide(
                    puzzle, number, reader, shown
                ):
                    yield number

    def _seen_wide(self, number: int, reader: Reader, shown: int) -> bool:
        """Whether what was found possible before proves the secret wide enough, for this reader and what is shown now."""
        low = high = self._quantities.values[number]
        for otherwise in reversed(self._possible.get(number, ())):
            value = otherwise.values[number]
            if low <= value <= high or otherwise.changed & shown or not otherwise.possible_for(reader):
                continue
            low, high = min(low, value), max(high, value)
            if high - low + 1 >= self._fewest:
                return True
        return False

    def _could_be_wide(self, puzzle: Puzzle, number: int, reader: Reader, shown: int) -> bool:
        for sign in (1, -1):
            if not self._seen_wide(number, reader, shown):
                solution = puzzle.extreme(number, sign)
                self._note({n: value for n, value in solution.items() if value != self._quantities.values[n]})
        return self._seen_wide(number, reader, shown)

    def _note(self, values: dict[int, int]) -> None:
        otherwise = _Otherwise(values)
        for number in self.secrets.intersection(values):
            self._possible.setdefault(number, []).append(otherwise)


class _Otherwise:
    """Other numbers that agree with all sums: those that differ from the true ones, and for whom they are possible."""

    def __init__(self, values: dict[int, int]) -> None:
        self.values, self.changed = values, _bits(values)
        self._possible: dict[int, bool] = {}

    def possible_for(self, reader: Reader) -> bool:
        known = self._possible.get(id(reader))
        if known is None:
            known = self._possible[id(reader)] = reader.takes_for_possible(self.values)
        return known


def _bits(numbers: Iterable[int]) -> int:
    """A set of numbers as the bits of one, of which two are compared at once."""
    found = bytearray((max(numbers, default=0) >> 3) + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def _companion(quantities: Quantities, hidden: set[int], narrow: int, told: frozenset[int]) -> int | None:
    """One more quantity to hide: bound to the narrow one by a sum of its own, else to one that is bound to it.

    None when everything bound to it is hidden already, or was told before: then no number that is published now says
    anything about it.
    """
    near, values = {narrow}, quantities.values
    while True:
        bound = _bound_to(quantities, near)
        shown = bound - hidden - told
        if shown:
            heads = _times_total(quantities, shown)
            return min(shown, key=lambda n: (values[n] == 0, quantities.uses[n], heads[n], values[n], n))
        further = (bound & hidden) - near
        if not further:
            return None
        near |= further


def _without_needless(quantities: Quantities, hidden: set[int], secrets: set[int], audit: Audit) -> set[int]:
    """The same without what is easily seen not to need hiding after all, the most used first.

    The solver, asked about each, takes minutes and finds one more in a hundred.
    """
    secondary = hidden - secrets - audit.unprinted
    for number in sorted(secondary, key=lambda n: (-quantities.uses[n], n)):
        fewer = hidden - {number}
        if audit.surely_wide(fewer, _bound_to(quantities, {number}) & fewer):
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
