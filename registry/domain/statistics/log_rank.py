"""Log-rank test: do groups share one hazard?

On each event day, given n at risk and d events in all, the events of a group of n_g are hypergeometric:

    E_g  = sum of d n_g / n
    V_gh = sum of d (n - d) n_g (n [g = h] - n_h) / (n^2 (n - 1))          0 when n = 1
    chi2 = (O - E)' V^- (O - E)   on (groups with somebody at risk at an event) - 1 degrees of freedom

Mantel, Cancer Chemother Rep 1966;50:163; Peto & Peto, JRSS A 1972;135:185. Strata add their O, E and V. Late entry
as in `tally`; two-sided; every cause of exit is an event. Python's integers do not overflow, and each quotient is
rounded once.

The chi-square is liberal in small groups (7 % instead of 5 % for 3 against 12, 6.2 % for 10 against 10); who may be
compared is decided by `small_sample.comparison_of`. Groups by what happened later (response) need `landmark`.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scipy.special import chdtrc

from registry.domain.statistics.tally import Tally


@dataclass(frozen=True, slots=True)
class LogRank:
    """Events observed and expected by group, their covariance, and the test.

    `chi2` and `p` are None when nothing can be compared: no event with two groups at risk.
    """

    observed: tuple[int, ...]
    expected: tuple[float, ...]
    variance: tuple[tuple[float, ...], ...]
    df: int
    chi2: float | None
    p: float | None


def log_rank(groups: Sequence[Tally]) -> LogRank:
    """Test of two or more groups, without strata."""
    return stratified_log_rank([groups])


def stratified_log_rank(strata: Sequence[Sequence[Tally]]) -> LogRank:
    """Test of two or more groups within strata: one list of tallies per stratum, groups in the same order.

    A group without anybody in a stratum is an empty tally. Raises ValueError for fewer than two groups, for
    strata that differ in their number of groups, and for groups of a stratum that start on different days.
    """
    k = len(strata[0]) if strata else 0
    if k < 2 or any(len(groups) != k for groups in strata):
        raise ValueError("two or more groups are needed, the same in every stratum")
    if any(tally.start != groups[0].start for groups in strata for tally in groups):
        raise ValueError("groups that start on different days can not be compared")
    observed = [0] * k
    expected: list[list[float]] = [[] for _ in range(k)]
    terms: list[list[list[float]]] = [[[] for _ in range(k)] for _ in range(k)]
    for groups in strata:
        for events, sizes in _event_days(groups):
            d, n = sum(events), sum(sizes)
            for g in range(k):
                observed[g] += events[g]
                expected[g].append(d * sizes[g] / n)
                for h in range(k):
                    share = d * (n - d) * sizes[g] * (n * (g == h) - sizes[h])
                    terms[g][h].append(share / (n * n * (n - 1)) if n > 1 else 0.0)
    sums = tuple(math.fsum(group) for group in expected)
    variance = tuple(tuple(math.fsum(cell) for cell in row) for row in terms)
    chi2, df = _chi2([o - e for o, e in zip(observed, sums, strict=True)], sums, variance)
    p = None if chi2 is None else float(chdtrc(df, chi2))
    return LogRank(tuple(observed), sums, variance, df, chi2, p)


def _event_days(groups: Sequence[Tally]) -> Iterator[tuple[list[int], list[int]]]:
    """Events and numbers at risk by group, for each day on which anybody has an event."""
    changes: dict[int, list[tuple[int, int, int]]] = {}
    for g, tally in enumerate(groups):
        for row in tally.days:
            changes.setdefault(row.day, []).append((g, sum(row.events), row.entries - row.exits))
    at_risk = [tally.n0 for tally in groups]
    for day in sorted(changes):
        events = [0] * len(groups)
        for g, count, _ in changes[day]:
            events[g] = count
        if any(events):
            yield events, at_risk.copy()
        for g, _, change in changes[day]:
            at_risk[g] += change


def _chi2(
    excess: Sequence[float], expected: Sequence[float], variance: Sequence[Sequence[float]]
) -> tuple[float | None, int]:
    """Quadratic form over the groups ever at risk at an event, less one, which the others determine."""
    seen = [g for g, e in enumerate(expected) if e > 0][1:]
    matrix = [[variance[g][h] for h in seen] for g in seen]
    solution = _solve(matrix, [excess[g] for g in seen]) if seen else None
    if solution is None:
        return None, len(seen)
    return math.fsum(x * excess[g] for x, g in zip(solution, seen, strict=True)), len(seen)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """Gaussian elimination of a positive definite system; None when it is singular.

    In plain Python, because the last bits of a linear algebra library differ between machines.
    """
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for i in range(size):
        if rows[i][i] <= 1e-12 * matrix[i][i]:
            return None
        for j in range(i + 1, size):
            factor = rows[j][i] / rows[i][i]
            rows[j] = [b - factor * a for a, b in zip(rows[i], rows[j], strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        rest = math.fsum(rows[i][j] * solution[j] for j in range(i + 1, size))
        solution[i] = (rows[i][size] - rest) / rows[i][i]
    return solution
