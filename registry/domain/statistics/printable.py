"""The verdict for one day of one group, and how the numbers are worded."""

from dataclasses import dataclass

from registry.domain.statistics.log_log import Limits
from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.small_sample import LEAST_AT_RISK, DayVerdict, at_risk_rule
from registry.domain.statistics.tally import Tally


@dataclass(frozen=True, slots=True)
class DayEstimate:
    """What a report says about one day."""

    day: int
    at_risk: int
    verdict: DayVerdict | None
    """None when the group is too small for any estimate."""
    value: float | None
    """Probability; None when no estimate may be printed."""
    limits: Limits
    method: str | None
    sentence: str


def verdict_on(tally: Tally, day: int) -> DayVerdict:
    """What may be said of `day`.

    The least number at risk from the start to the day decides, so that nothing is said beyond a bottleneck, which
    late entry can make. Raises ValueError for a day before the start of the tally.
    """
    if day < tally.start:
        raise ValueError(f"day {day} is before the start, day {tally.start}")
    last = tally.days[-1] if tally.days else None
    if last is None or day > last.day:
        return at_risk_rule(0, ended_by_event=last is not None and not last.censored)
    return at_risk_rule(max(RiskSet(tally).least(day), 1))


def percent(value: float, patients: int) -> str:
    """A probability in percent: whole numbers below 100 patients, one decimal from there on."""
    return f"{100 * value:.{0 if patients < 100 else 1}f} %"


def interval(limits: Limits, patients: int) -> str:
    """Limits in percent, as "41-93 %"; "no interval" where the method defines none."""
    if limits.lower is None or limits.upper is None:
        return "no interval"
    return f"{percent(limits.lower, patients).removesuffix(' %')}-{percent(limits.upper, patients)}"


def basis(tally: Tally, at_risk: int, verdict: DayVerdict) -> str:
    """What an estimate rests on: "7 at risk, few at risk, given alive at day 30"."""
    parts = [f"{at_risk} at risk"]
    if verdict is DayVerdict.FEW_AT_RISK:
        parts.append("few at risk")
    if tally.start:
        parts.append(f"given alive at day {tally.start}")
    return ", ".join(parts)


def counts_sentence(tally: Tally, happened: str = "died") -> str:
    """All that is said of a group too small for estimates: "2 of 4 died, followed 31-410 days"."""
    exits = [row.day for row in tally.days if row.exits]
    if not exits:
        return "no patients"
    days = f"{exits[0]}" if len(exits) == 1 else f"{exits[0]}-{exits[-1]}"
    return f"{sum(tally.events)} of {tally.n} {happened}, followed {days} days"


def without_estimate(tally: Tally, verdict: DayVerdict, last_value: float, happened: str = "died") -> str:
    """Why there is no number: `last_value` is the estimate on the last day with enough at risk."""
    if verdict is DayVerdict.ENDED_ALIVE:
        return f"follow-up ends on day {tally.last_day}"
    if verdict is DayVerdict.ENDED_BY_EVENT:
        return f"all {tally.n} {happened} or were lost by day {tally.last_day}"
    last = RiskSet(tally).last_day_with(LEAST_AT_RISK)
    if last is None:
        return f"fewer than {LEAST_AT_RISK} at risk from the start"
    known = percent(last_value, tally.n)
    return f"fewer than {LEAST_AT_RISK} at risk; last estimate {known} on day {last}"
