"""The sums of a report, found by the numbers they bind: looked at once and asked many times."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from registry.domain.disclosure.quantities import Relation


class Sums:
    """Sums by the numbers in them.

    terms   of each sum its numbers with their signs, which add up to nothing; those of fewest sums first
    totals  in how many sums each number is the total
    """

    def __init__(self, relations: Iterable[Relation]) -> None:
        self.relations = tuple(relations)
        self.totals = Counter(relation.total for relation in self.relations)
        self._of: dict[int, list[int]] = {}
        for place, relation in enumerate(self.relations):
            for number in dict.fromkeys((relation.total, *relation.parts)):
                self._of.setdefault(number, []).append(place)
        self.terms: list[list[tuple[int, int]]] = [
            sorted(
                [(relation.total, -1), *((part, 1) for part in relation.parts)],
                key=lambda term: len(self._of[term[0]]),
            )
            for relation in self.relations
        ]

    def of(self, number: int) -> Sequence[int]:
        """The places of the sums the number is in."""
        return self._of.get(number, ())

    def bound_to(self, numbers: Iterable[int]) -> set[int]:
        """All numbers of the sums these numbers are in."""
        return {other for number in numbers for place in self.of(number) for other, _ in self.terms[place]}

    def parts(
        self, hidden: AbstractSet[int], start: Iterable[int] | None = None
    ) -> Iterator[tuple[list[int], list[Relation]]]:
        """Hidden numbers bound to each other, directly or through others, with their sums.

        start  only those parts are given that have one of these numbers; all when None
        """
        seen = set[int]()
        for first in sorted(hidden if start is None else hidden & set(start)):
            if first in seen:
                continue
            members, places = [first], set[int]()
            seen.add(first)
            for number in members:  # grows as it is gone through
                for place in self.of(number):
                    if place in places:
                        continue
                    places.add(place)
                    for other, _ in self.terms[place]:
                        if other in hidden and other not in seen:
                            seen.add(other)
                            members.append(other)
            yield sorted(members), [self.relations[place] for place in sorted(places)]
