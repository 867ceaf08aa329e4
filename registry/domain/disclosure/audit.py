"""The interval audit: what a reader could work out about each hidden number, exactly.

The reader knows every published number, all sums, that a number hidden for being small lies between 1 and the threshold
less one, and that nobody counts more patients than the largest published group. The least and the greatest whole number
that agree with all of it are found by integer programming (HiGHS), separately for each set of quantities bound together.
After the cell suppression problem as posed by Fischetti & Salazar, Manage Sci 2001;47:1008.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from registry.domain.disclosure.quantities import Relation


class Range(NamedTuple):
    """The least and the greatest number a reader must take for possible."""

    lo: int
    hi: int

    @property
    def values(self) -> int:
        return self.hi - self.lo + 1


def feasible_ranges(
    hidden: Mapping[int, Range],
    values: Sequence[int],
    relations: Iterable[Relation],
    *,
    enough: int | None = None,
) -> dict[int, Range]:
    """The feasible range of each hidden quantity.

    hidden     what the reader knows of each hidden quantity beforehand
    values     the true values, of which only those not hidden are used
    relations  the sums
    enough     stop looking at a quantity once this many values are known to be in its range; its range is then a
               part of the whole one

    A quantity that no sum binds keeps the range it had.
    """
    found = dict(hidden)
    for component, equations in components(hidden, relations):
        if equations:
            found.update(_solve(component, equations, hidden, values, enough))
    return found


def components(
    hidden: Iterable[int], relations: Iterable[Relation]
) -> list[tuple[list[int], list[Relation]]]:
    """Hidden quantities bound to each other by sums, directly or through others, with those sums."""
    leader = {number: number for number in hidden}

    def top(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    touching = []
    for relation in relations:
        unknown = [number for number in (relation.total, *relation.parts) if number in leader]
        if unknown:
            touching.append((unknown[0], relation))
            for number in unknown[1:]:
                leader[top(number)] = top(unknown[0])
    members: dict[int, list[int]] = {}
    for number in leader:
        members.setdefault(top(number), []).append(number)
    sums: dict[int, list[Relation]] = {head: [] for head in members}
    for number, relation in touching:
        sums[top(number)].append(relation)
    return [(members[head], sums[head]) for head in members]


def _solve(
    component: list[int],
    equations: list[Relation],
    hidden: Mapping[int, Range],
    values: Sequence[int],
    enough: int | None,
) -> dict[int, Range]:
    column = {number: i for i, number in enumerate(component)}
    matrix = np.zeros((len(equations), len(component)))
    right = np.zeros(len(equations))
    for line, relation in enumerate(equations):
        for number, sign in ((relation.total, -1), *((part, 1) for part in relation.parts)):
            if number in column:
                matrix[line, column[number]] += sign
            else:
                right[line] -= sign * values[number]
    lower = np.array([hidden[number].lo for number in component], dtype=float)
    upper = np.array([hidden[number].hi for number in component], dtype=float)
    sums, limits = LinearConstraint(matrix, right, right), Bounds(lower, upper)
    truth = np.array([values[number] for number in component])
    least, most = truth.copy(), truth.copy()  # the true values are possible, whatever else is

    def look(objective: np.ndarray) -> None:
        answer = milp(
            objective, constraints=sums, bounds=limits, integrality=np.ones(len(component), dtype=int)
        )
        if answer.x is None:
            raise ArithmeticError(
                f"the audit of {len(component)} hidden numbers found no answer: {answer.message}"
            )
        point = np.rint(answer.x).astype(int)
        np.minimum(least, point, out=least)
        np.maximum(most, point, out=most)

    if enough is not None:  # two looks that move everything at once settle most quantities
        look(np.ones(len(component)))
        look(-np.ones(len(component)))
    for i in range(len(component)):
        for sign in (1, -1):
            if enough is None or most[i] - least[i] + 1 < enough:
                objective = np.zeros(len(component))
                objective[i] = sign
                look(objective)
    return {number: Range(int(least[i]), int(most[i])) for number, i in column.items()}
