"""Survival at a day fixed in advance, exactly as far as it may be printed.

Joins the estimate, the interval the size of the group calls for, and the rules for the number at risk, and says it
in one sentence. Nobody is extrapolated: beyond the last day with enough at risk there is no number.
"""

from registry.domain.statistics.beta_product import beta_product_curve
from registry.domain.statistics.kaplan_meier import Curve, kaplan_meier
from registry.domain.statistics.log_log import UNDEFINED
from registry.domain.statistics.printable import (
    DayEstimate,
    basis,
    counts_sentence,
    interval,
    percent,
    verdict_on,
    without_estimate,
)
from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.small_sample import LEAST_AT_RISK, DayVerdict, size_rule
from registry.domain.statistics.tally import Tally


def group_curve(tally: Tally) -> Curve:
    """The curve with the limits the group's size calls for: beta product below 60 patients, log-log above."""
    return kaplan_meier(tally) if size_rule(tally.n).interval == "log-log" else beta_product_curve(tally)


def survival_at(tally: Tally, day: int) -> DayEstimate:
    """Survival at `day`, given survival to the tally's start, under the rules of `small_sample`.

    Where the log-log method defines no limits (nobody had the event yet) they are the beta product ones.
    """
    verdict, risk = verdict_on(tally, day), RiskSet(tally)
    at_risk = risk.on(day)
    if size_rule(tally.n).counts_only:
        return DayEstimate(day, at_risk, None, None, UNDEFINED, None, counts_sentence(tally))
    curve = group_curve(tally)
    survival = curve.survival_at(day)
    if (
        survival == 0.0 and day == tally.last_day
    ):  # all of the last ones at once: the count says more than "0 %"
        verdict = DayVerdict.ENDED_BY_EVENT
    if verdict not in (DayVerdict.SHOWN, DayVerdict.FEW_AT_RISK):
        last = curve.survival_at(risk.last_day_with(LEAST_AT_RISK) or curve.start)
        why = without_estimate(tally, verdict, last)
        return DayEstimate(day, at_risk, verdict, None, UNDEFINED, None, why)
    if curve.limits_at(day) == UNDEFINED:
        curve = beta_product_curve(tally)
    limits, rests = curve.limits_at(day), basis(tally, at_risk, verdict)
    said = f"{percent(survival, tally.n)} ({interval(limits, tally.n)}; {rests})"
    if survival == 1.0 and limits.lower is not None:
        said = f"0 of {tally.n} died by day {day}; upper limit {percent(1 - limits.lower, tally.n)} ({rests})"
    return DayEstimate(day, at_risk, verdict, survival, limits, curve.method, said)
