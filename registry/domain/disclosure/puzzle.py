"""What a reader could work out about each hidden number, exactly.

The reader knows every published number, all sums, that a number hidden for being small lies between 1 and the threshold
less one, and that nobody counts more patients than the largest published group. The least and the greatest whole number
that agree with all of it are found by integer programming (HiGHS), separately for each set of quantities bound together.
After the cell suppression problem as posed by Fischetti & Salazar, Manage Sci 2001;47:1008.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from registry.domain.disclosure.quantities import Relation
from registry.domain.disclosure.sums import Sums

ROUNDS = 20
"""Rounds of tightening before the solver is asked; more of them seldom help."""
NEARLY_WHOLE = 1e-6
"""How far from a whole number the solver's whole numbers may be (its own tolerance)."""


class Range(NamedTuple):
    """The least and the greatest number a reader must take for possible."""

    lo: int
    hi: int

    @property
    def values(self) -> int:
        return self.hi - self.lo + 1


def feasible_ranges(
    hidden: Mapping[int, Range], values: Sequence[int], relations: Iterable[Relation]
) -> dict[int, Range]:
    """The feasible range of each hidden quantity.

    hidden     what the reader knows of each hidden quantity beforehand
    values     the true values, of which only those not hidden are used
    relations  the sums

    A quantity that no sum binds keeps the range it had.
    """
    found = dict(hidden)
    for members, sums in Sums(relations).parts(hidden.keys()):
        if sums:
            puzzle = Puzzle(members, sums, hidden, values)
            for number in members:
                least, most = (puzzle.extreme(number, sign)[number] for sign in (1, -1))
                found[number] = Range(least, most)
    return found


class Puzzle:
    """Hidden quantities bound together, as a reader sees them: equations and bounds."""

    def __init__(
        self,
        members: Sequence[int],
        sums: Sequence[Relation],
        before: Mapping[int, Range] | Sequence[Range],
        values: Sequence[int],
    ) -> None:
        self._column = {number: i for i, number in enumerate(members)}
        self._equations: list[tuple[int, list[tuple[int, int]]]] = []
        self._before = {number: before[number] for number in members}
        for relation in sums:
            terms, right = [], 0
            for number, sign in ((relation.total, -1), *((part, 1) for part in relation.parts)):
                if number in self._column:
                    terms.append((number, sign))
                else:
                    right -= sign * values[number]
            self._equations.append((right, terms))

    def outer(self) -> dict[int, Range]:
        """Bounds that follow from one sum at a time: never narrower than the feasible range, and found at once."""
        lo = {number: known.lo for number, known in self._before.items()}
        hi = {number: known.hi for number, known in self._before.items()}
        equations_of: dict[int, list[int]] = {number: [] for number in self._column}
        for place, (_, terms) in enumerate(self._equations):
            for n, _ in terms:
                equations_of[n].append(place)
        waiting = list(range(len(self._equations)))
        for _ in range(ROUNDS):
            changed: set[int] = set()
            for place in waiting:
                right, terms = self._equations[place]
                least = most = -right
                for n, sign in terms:
                    least += lo[n] if sign > 0 else -hi[n]
                    most += hi[n] if sign > 0 else -lo[n]
                for n, sign in terms:
                    own_lo, own_hi = (lo[n], hi[n]) if sign > 0 else (-hi[n], -lo[n])
                    low, high = max(own_lo, own_hi - most), min(own_hi, own_lo - least)
                    if low > own_lo or high < own_hi:
                        least, most = least - own_lo + low, most - own_hi + high
                        lo[n], hi[n] = (low, high) if sign > 0 else (-high, -low)
                        changed.update(equations_of[n])
            if not changed:
                break
            waiting = sorted(changed)  # the others say what they said
        return {number: Range(lo[number], hi[number]) for number in self._column}

    @cached_property
    def _constraints(self) -> LinearConstraint:
        right = [one for one, _ in self._equations]
        entries = [
            (sign, line, self._column[number])
            for line, (_, terms) in enumerate(self._equations)
            for number, sign in terms
        ]
        signs, lines, columns = zip(*entries, strict=True) if entries else ((), (), ())
        shape = (len(right), len(self._column))
        return LinearConstraint(
            coo_array((signs, (lines, columns)), shape, dtype=float).tocsc(), right, right
        )

    @cached_property
    def _bounds(self) -> Bounds:
        low, high = zip(*self._before.values(), strict=True)
        return Bounds(np.array(low, dtype=float), np.array(high, dtype=float))

    def extreme(self, number: int, sign: int) -> dict[int, int]:
        """A solution in which the quantity is as small (sign 1) or as large (sign -1) as it can be.

        Raises ArithmeticError when there is no solution: the true values always are one.
        """
        objective = np.zeros(len(self._column))
        objective[self._column[number]] = sign
        # Without asking for whole numbers it is found sooner, and is whole 49 times of 50.
        for whole in (0, 1):
            answer = milp(
                objective,
                constraints=self._constraints,
                bounds=self._bounds,
                integrality=np.full(len(objective), whole),
            )
            if answer.x is None:
                raise ArithmeticError(
                    f"the audit of {len(objective)} hidden numbers found no answer: {answer.message}"
                )
            rounded = np.rint(answer.x)
            if np.allclose(answer.x, rounded, rtol=0, atol=NEARLY_WHOLE):
                break
        return {n: int(value) for n, value in zip(self._column, rounded, strict=True)}
