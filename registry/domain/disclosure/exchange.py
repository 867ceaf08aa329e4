"""Other numbers that agree with all that is told, found by moving patients from one hidden number to the next.

One patient more here is one less there, and so on along the sums until all are right again: where such a round exists
the true numbers are not the only possible ones. Most hidden numbers have one that is short, so the solver is asked about
the others only.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from registry.domain.disclosure.sums import Sums

Move = dict[int, int]

MOST_STEPS = 60
"""Numbers looked at before the search is given up."""
TIMES = ((-1, 1), (1, 2), (-2, -1))
"""How often a round may be gone so that with the truth there are three values."""


class Exchange:
    """The rounds among hidden numbers that are bound together."""

    def __init__(
        self, sums: Sums, hidden: AbstractSet[int], bounds: Sequence[tuple[int, int]], values: Sequence[int]
    ) -> None:
        self._sums, self._hidden, self._bounds, self._values = sums, hidden, bounds, values

    def three_values(self, number: int) -> list[Move] | None:
        """Changes of the numbers after which this one has two other values, three in a row with its own; None if none."""
        for times in TIMES:
            self._steps, self._times = MOST_STEPS, times
            move: Move = {}
            if self._may_be(number, 1) and self._round(move, number, 1) and self._right(move):
                return [{n: by * often for n, by in move.items()} for often in times]
        return None

    def _right(self, move: Move) -> bool:
        places = {place for number in move for place in self._sums.of(number)}
        return not any(sum(sign * move.get(n, 0) for n, sign in self._sums.terms[place]) for place in places)

    def _may_be(self, number: int, by: int) -> bool:
        low, high = self._bounds[number]
        return all(low <= self._values[number] + by * often <= high for often in self._times)

    def _round(self, move: Move, number: int, by: int) -> bool:
        """Change the number and whatever must change with it; leaves the move as it was when it cannot be done."""
        self._steps -= 1
        if self._steps < 0:
            return False
        move[number] = by
        for place in self._sums.of(number):
            terms = self._sums.terms[place]
            off = sum(sign * move[n] for n, sign in terms if n in move)
            if not off:
                continue
            kept = dict(move)
            for other, sign in terms:
                change = -off * sign
                if other not in self._hidden or other in move or not self._may_be(other, change):
                    continue
                if self._round(move, other, change):
                    break
                move.clear()
                move.update(kept)
            else:
                del move[number]
                return False
        return True
