"""The interval audit: which secrets a reader could narrow down too far, with the proof of those he cannot.

A possible set of numbers stays possible when more is hidden, and also when what it leaves as it is gets shown; so most
questions are answered by what was found before, for this reader or another.
"""

from collections.abc import Iterable, Iterator, Sequence

from registry.domain.disclosure.exchange import Exchange
from registry.domain.disclosure.puzzle import Puzzle
from registry.domain.disclosure.quantities import Quantities, Relation
from registry.domain.disclosure.readers import Reader, few
from registry.domain.disclosure.sums import Sums

FEWEST_VALUES = 3
"""A secret must be able to be any of this many, as far as a reader can tell."""


class Audit:
    """Finds secret quantities that a reader could narrow down too far, and remembers how each could be otherwise."""

    def __init__(self, quantities: Quantities, readers: Sequence[Reader], threshold: int) -> None:
        self._values, self._readers = quantities.values, readers
        self.secrets = few(self._values, threshold).union(*(reader.secrets for reader in readers))
        self.unprinted = {number for number in range(len(self._values)) if not quantities.uses[number]}
        self.sums = Sums(quantities.relations)
        self._fewest = min(FEWEST_VALUES, threshold - 1)
        self._possible: dict[int, list[_Otherwise]] = {}
        self._proofs: dict[tuple[Reader, int], int] = {}

    def narrow(self, hidden: set[int], changed: set[int]) -> Iterator[int]:
        """Secrets a reader could narrow down too far, among those bound to what has changed."""
        parts = [(members, sums) for members, sums in self.sums.parts(hidden, changed) if sums]
        found: set[int] = set()
        shown = ~_bits(hidden)
        for reader in self._readers:
            exchange = Exchange(self.sums, hidden, reader.before, self._values)
            for number in self._narrow_for(reader, parts, exchange, shown):
                if number not in found:
                    found.add(number)
                    yield number

    def given_up(self, hidden: set[int]) -> set[int]:
        """All hidden quantities bound to a secret that is not proven wide."""
        shown = ~_bits(hidden)
        unproven = {
            number
            for reader in self._readers
            for number in reader.secrets & hidden
            if self.sums.of(number) and not self._seen_wide(number, reader, shown)
        }
        return {number for members, _ in self.sums.parts(hidden, unproven) for number in members}

    def stays_wide_without(self, number: int, hidden: set[int]) -> bool:
        """Whether the secrets proven wide are so, too, with this one number shown, as far as is seen without the solver."""
        bit, fewer = 1 << number, hidden - {number}
        kept = {key: proof for key, proof in self._proofs.items() if proof & bit}
        shown = ~_bits(fewer) if kept else 0
        for reader, secret in kept:
            if secret not in fewer or self._seen_wide(secret, reader, shown):
                continue
            self._try(Exchange(self.sums, fewer, reader.before, self._values), secret)
            if not self._seen_wide(secret, reader, shown):
                self._proofs.update(kept)
                return False
        return True

    def _try(self, exchange: Exchange, number: int) -> None:
        for move in exchange.three_values(number) or ():
            self._note({n: self._values[n] + by for n, by in move.items() if by})

    def _narrow_for(
        self, reader: Reader, parts: list[tuple[list[int], list[Relation]]], exchange: Exchange, shown: int
    ) -> Iterator[int]:
        for members, sums in parts:
            unproven = [n for n in members if n in reader.secrets and not self._seen_wide(n, reader, shown)]
            for number in unproven:
                self._try(exchange, number)
            unproven = [n for n in unproven if not self._seen_wide(n, reader, shown)]
            if not unproven:
                continue
            puzzle = Puzzle(members, sums, reader.before, self._values)
            outer = puzzle.outer()
            for number in sorted(unproven, key=lambda n: (outer[n].values, n)):
                if outer[number].values < self._fewest or not self._could_be_wide(
                    puzzle, number, reader, shown
                ):
                    yield number

    def _seen_wide(self, number: int, reader: Reader, shown: int) -> bool:
        """Whether what was found possible before proves the secret wide enough, for this reader and what is shown now."""
        proof = self._proofs.get((reader, number))
        if proof is not None and not proof & shown:
            return True
        low = high = self._values[number]
        proof = 0
        for otherwise in reversed(self._possible.get(number, ())):
            value = otherwise.values[number]
            if low <= value <= high or otherwise.changed & shown or not otherwise.possible_for(reader):
                continue
            low, high, proof = min(low, value), max(high, value), proof | otherwise.changed
            if high - low + 1 >= self._fewest:
                self._proofs[reader, number] = proof
                return True
        return False

    def _could_be_wide(self, puzzle: Puzzle, number: int, reader: Reader, shown: int) -> bool:
        for sign in (1, -1):
            if not self._seen_wide(number, reader, shown):
                solution = puzzle.extreme(number, sign)
                self._note({n: value for n, value in solution.items() if value != self._values[n]})
        return self._seen_wide(number, reader, shown)

    def _note(self, values: dict[int, int]) -> None:
        otherwise = _Otherwise(values)
        for number in self.secrets.intersection(values):
            self._possible.setdefault(number, []).append(otherwise)


class _Otherwise:
    """Other numbers that agree with all sums: those that differ from the true ones, and for whom they are possible."""

    def __init__(self, values: dict[int, int]) -> None:
        self.values, self.changed = values, _bits(values)
        self._possible: dict[Reader, bool] = {}

    def possible_for(self, reader: Reader) -> bool:
        known = self._possible.get(reader)
        if known is None:
            known = self._possible[reader] = reader.takes_for_possible(self.values)
        return known


def _bits(numbers: Iterable[int]) -> int:
    """A set of numbers as the bits of one, of which two are compared at once."""
    found = bytearray((max(numbers, default=0) >> 3) + 1)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")
