"""Intervals for a proportion x of n.

Clopper-Pearson (Biometrika 1934;26:404) never covers less than its level; Wilson (JASA 1927;22:209) covers 0.95 on
average but as little as 0.83 at 5 people. So the exact one is used below 60 people and wherever safety is the
question, Wilson's above; a report prints one of them and says which. The interval x/n +- 1.96 se is never used: at
5 people it covers 0.05 in the worst case.
"""

import math
from typing import NamedTuple

from scipy.special import betaincinv

from registry.domain.statistics.log_log import LEVEL, Z

EXACT_BELOW = 60
"""Number of people from which on Wilson's interval is used, safety aside."""


class Proportion(NamedTuple):
    """x of n with its two-sided 95 % limits; `method` is "exact" or "Wilson"."""

    x: int
    n: int
    value: float
    lower: float
    upper: float
    method: str


def clopper_pearson(x: int, n: int) -> Proportion:
    """The exact interval; [0, 1] belongs to it when nothing or everything happened."""
    _check(x, n)
    tail = (1 - LEVEL) / 2
    lower = float(betaincinv(x, n - x + 1, tail)) if x else 0.0
    upper = float(betaincinv(x + 1, n - x, 1 - tail)) if x < n else 1.0
    return Proportion(x, n, x / n, lower, upper, "exact")


def wilson(x: int, n: int) -> Proportion:
    """The score interval, without continuity correction."""
    _check(x, n)
    centre = (x + Z * Z / 2) / (n + Z * Z)
    half = Z / (n + Z * Z) * math.sqrt(x * (n - x) / n + Z * Z / 4)
    lower = centre - half if x else 0.0
    upper = centre + half if x < n else 1.0
    return Proportion(x, n, x / n, lower, upper, "Wilson")


def proportion(x: int, n: int, *, safety: bool = False) -> Proportion | None:
    """The interval a report prints; None of nobody."""
    if n == 0 and x == 0:
        return None
    return clopper_pearson(x, n) if safety or n < EXACT_BELOW else wilson(x, n)


def _check(x: int, n: int) -> None:
    if not 0 <= x <= n or n == 0:
        raise ValueError(f"{x} of {n} is not a proportion")
