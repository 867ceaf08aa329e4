"""Cumulative incidence of one cause at a day fixed in advance, exactly as far as it may be printed.

The rules are those of survival. There is no beta product interval for an incidence: the log-log one serves groups
of every size (it covers 0.95 from 10 patients on) and does not exist before the first event.
"""

from registry.domain.statistics.competing_risks import aalen_johansen
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


def incidence_at(tally: Tally, cause: int, day: int, happened: str = "had the event") -> DayEstimate:
    """Probability of having had `cause` (1 to k) by `day`, the other causes competing.

    happened  the words for it: "responded", "died without response"
    """
    verdict, risk = verdict_on(tally, day), RiskSet(tally)
    at_risk = risk.on(day)
    if size_rule(tally.n).counts_only:
        counts = counts_sentence(tally.only(cause), happened)
        return DayEstimate(day, at_risk, None, None, UNDEFINED, None, counts)
    curve = aalen_johansen(tally)[cause - 1]
    if verdict is DayVerdict.ENDED_BY_EVENT:  # several causes end follow-up; none of them alone made it end
        verdict = DayVerdict.ENDED_ALIVE
    if verdict not in (DayVerdict.SHOWN, DayVerdict.FEW_AT_RISK):
        last = curve.incidence_at(risk.last_day_with(LEAST_AT_RISK) or curve.start)
        why = without_estimate(tally, verdict, last)
        return DayEstimate(day, at_risk, verdict, None, UNDEFINED, None, why)
    step = curve.step_at(day)
    limits = step.limits if step else UNDEFINED
    value, rests = curve.incidence_at(day), basis(tally, at_risk, verdict)
    said = f"{percent(value, tally.n)} ({interval(limits, tally.n)}; {rests})"
    if value == 0.0:
        said = f"0 of {tally.n} {happened} by day {day} ({rests})"
    return DayEstimate(day, at_risk, verdict, value, limits, "log-log", said)
