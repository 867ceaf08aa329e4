"""Kaplan-Meier: the probability of being free of the event after each day.

    S(t) = product over event days u <= t of (n_u - d_u) / n_u          Kaplan & Meier, JASA 1958;53:457
    se S = S sqrt(G),  G = sum of d_u / (n_u (n_u - d_u))               Greenwood 1926

n_u counts those with entry < u <= exit. With late entry this is the product-limit estimate for left-truncated
data (Tsai, Jewell & Wang, Biometrika 1987;74:883): unbiased only for survival beyond a day at which enough people
are under observation, so a start day is fixed in advance (`Tally.given_alive_at`) and the curve is read as "given
alive at day s". Choosing the start from the data is biased, and ignoring late entry overstates survival.

If the risk set empties early by an event, S is 0 for good; `risk_set.least_at_risk` tells the report to refuse it.
Of the limits there is none at S = 1 and at S = 0, and no standard error at S = 0, as in R.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass

from registry.domain.statistics.log_log import UNDEFINED, Limits, log_log_limits
from registry.domain.statistics.tally import Tally


@dataclass(frozen=True, slots=True)
class Step:
    """The curve from one day with an exit to the next. Days; probabilities from 0 to 1."""

    day: int
    at_risk: int
    events: int
    censored: int
    survival: float
    se: float | None
    limits: Limits


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve: 1 from `start` to the first step; beyond the last step nothing is known."""

    start: int
    steps: tuple[Step, ...]
    method: str
    """Name of the interval method: "log-log" or "beta product"."""
    first: Limits = UNDEFINED
    """Limits before the first step."""

    def step_at(self, day: int) -> Step | None:
        """The step in force on a day; None before the first."""
        position = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[position - 1] if position else None

    def survival_at(self, day: int) -> float:
        """S on a day, events of that day included; the last value for days beyond the last step."""
        step = self.step_at(day)
        return step.survival if step else 1.0

    def limits_at(self, day: int) -> Limits:
        """The limits in force on a day."""
        step = self.step_at(day)
        return step.limits if step else self.first


def kaplan_meier(tally: Tally) -> Curve:
    """Survival curve with Greenwood errors and log-log limits; one step per day with an exit.

    Every cause of exit is an event: a tally of several causes gives event-free survival. `tally.only(k)` gives
    the curve of one cause, which for a cause with competitors is not one minus its incidence; see
    `competing_risks`.
    """
    survival, greenwood = 1.0, 0.0
    steps = []
    for row, at_risk in tally.risk_sets():
        events = sum(row.events)
        survival *= (at_risk - events) / at_risk
        if events < at_risk:
            greenwood += events / (at_risk * (at_risk - events))
        se = survival * math.sqrt(greenwood) if survival else None
        limits = UNDEFINED if se is None else log_log_limits(survival, se)
        steps.append(Step(row.day, at_risk, events, row.censored, survival, se, limits))
    return Curve(tally.start, tuple(steps), "log-log")
