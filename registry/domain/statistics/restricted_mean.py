"""Restricted mean survival time: mean days free of the event from the start up to a fixed day tau.

    mean  = integral of S from the start to tau
    se^2  = sum over event days u <= tau of (integral of S from u to tau)^2 d_u / (n_u (n_u - d_u))

Irwin, J Hygiene 1949;47:188; Klein & Moeschberger, Survival Analysis, 2003, section 4.5. tau is fixed in advance.
The interval mean +- z se covers 0.84 at 5 people, 0.92 at 20, 0.94 at 60 (simulation), so it is for groups of 30
and more.
"""

import math
from itertools import pairwise
from typing import NamedTuple

from registry.domain.statistics.kaplan_meier import Curve
from registry.domain.statistics.log_log import Z


class RestrictedMean(NamedTuple):
    """Days from the start of the curve; limits are mean +- z se."""

    tau: int
    mean: float
    se: float
    lower: float
    upper: float


def restricted_mean(curve: Curve, tau: int) -> RestrictedMean | None:
    """Mean days up to day `tau`, counted from the start of the curve.

    None when tau lies beyond the last exit and the curve has not reached 0: the rest is not known. Whether enough
    are at risk at tau in every group compared is for `small_sample.restricted_mean_until`.
    """
    if tau <= curve.start:
        raise ValueError(f"day {tau} is not after the start, day {curve.start}")
    steps = [step for step in curve.steps if step.day <= tau]
    if curve.survival_at(tau) > 0 and (not curve.steps or curve.steps[-1].day < tau):
        return None
    edges = [curve.start, *(step.day for step in steps), tau]
    heights = [1.0, *(step.survival for step in steps)]
    areas = [height * (b - a) for height, (a, b) in zip(heights, pairwise(edges), strict=True)]
    variance, beyond = [], 0.0
    for step, area in zip(reversed(steps), reversed(areas), strict=False):
        beyond += area
        if step.events < step.at_risk:
            variance.append(beyond**2 * (step.events / (step.at_risk * (step.at_risk - step.events))))
    mean, se = math.fsum(areas), math.sqrt(math.fsum(variance))
    return RestrictedMean(tau, mean, se, mean - Z * se, mean + Z * se)
