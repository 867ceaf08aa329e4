"""Aalen-Johansen: the probability of having had each event, where one event prevents the other.

    F_k(t) = sum over days u <= t of S(u-) d_ku / n_u,    S(t) + F_1(t) + ... + F_m(t) = 1

Aalen & Johansen, Scand J Stat 1978;5:141. One minus Kaplan-Meier of one cause, with the other causes censored, is
always too high and is never used. Late entry and ties as in `tally`.

The variance is the Greenwood-type one: on each day the numbers of exits are multinomial given the risk set
(Andersen, Borgan, Gill & Keiding, Statistical Models Based on Counting Processes, 1993, section IV.4.1). Without
late entry it equals the infinitesimal jackknife of R's `survfit`. With q = d / n and q_k = d_k / n on a day:

    var S'     = (1-q)^2 var S + S^2 q (1-q) / n
    cov S' F'  = (1-q) (cov SF + q_k var S) - S^2 q_k (1-q) / n
    var F'     = var F + 2 q_k cov SF + q_k^2 var S + S^2 q_k (1-q_k) / n

which needs no division by S and therefore stays defined at the last event.
"""

import math
from bisect import bisect_right
from dataclasses import dataclass

from registry.domain.statistics.log_log import Limits, log_log_limits
from registry.domain.statistics.tally import Tally


@dataclass(frozen=True, slots=True)
class IncidenceStep:
    """The cumulative incidence of one cause from one day with an exit to the next."""

    day: int
    at_risk: int
    events: int
    incidence: float
    se: float
    limits: Limits


@dataclass(frozen=True, slots=True)
class Incidence:
    """Cumulative incidence of one cause: 0 from `start` to the first step."""

    cause: int
    start: int
    steps: tuple[IncidenceStep, ...]

    def step_at(self, day: int) -> IncidenceStep | None:
        """The step in force on a day; None before the first."""
        position = bisect_right(self.steps, day, key=lambda step: step.day)
        return self.steps[position - 1] if position else None

    def incidence_at(self, day: int) -> float:
        """F on a day, events of that day included; the last value for days beyond the last step."""
        step = self.step_at(day)
        return step.incidence if step else 0.0


def aalen_johansen(tally: Tally) -> tuple[Incidence, ...]:
    """Cumulative incidence of every cause of the tally, cause 1 first, with log-log limits."""
    return tuple(_incidence(tally, cause) for cause in range(1, tally.causes + 1))


def _incidence(tally: Tally, cause: int) -> Incidence:
    survival, incidence = 1.0, 0.0
    var_s = cov = var_f = 0.0
    steps = []
    for row, at_risk in tally.risk_sets():
        events, mine = sum(row.events), row.events[cause - 1]
        if events:
            q, qk, stay = events / at_risk, mine / at_risk, (at_risk - events) / at_risk
            spread = survival * survival / at_risk
            var_f += qk * (2 * cov + qk * var_s) + spread * qk * ((at_risk - mine) / at_risk)
            cov = stay * (cov + qk * var_s - spread * qk)
            var_s = stay * (stay * var_s + spread * q)
            incidence += survival * qk
            survival *= stay
        se = math.sqrt(max(var_f, 0.0))
        steps.append(IncidenceStep(row.day, at_risk, mine, incidence, se, log_log_limits(incidence, se)))
    return Incidence(cause, tally.start, tuple(steps))
