"""The 95 % level and the log-log interval of a survival or incidence probability."""

import math
from statistics import NormalDist
from typing import NamedTuple

LEVEL = 0.95
"""Two-sided confidence level of every interval of the registry."""

Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
"""1.959963984540054; the rounded 1.96 differs from R in the fifth digit."""


class Limits(NamedTuple):
    """Lower and upper confidence limit; None where a method defines none."""

    lower: float | None
    upper: float | None


UNDEFINED = Limits(None, None)


def log_log_limits(probability: float, se: float) -> Limits:
    """Interval symmetric on the scale log(-log p): p^exp(+-z se / (p |log p|)).

    It never leaves (0, 1). At p = 0 and p = 1 it does not exist; no substitute is invented here. Kalbfleisch &
    Prentice, The Statistical Analysis of Failure Time Data, 1980; for incidences Choudhury, Stat Med 2002;21:1129.
    A sum that misses 1 by rounding only counts as 1.
    """
    if not 0.0 < probability < 1.0 - 1e-12:
        return UNDEFINED
    width = Z * se / (probability * -math.log(probability))
    return Limits(probability ** math.exp(width), probability ** math.exp(-width))
