"""Median survival with its limits, exactly as far as it may be printed."""

from dataclasses import dataclass

from registry.domain.statistics.day_survival import group_curve
from registry.domain.statistics.follow_up import follow_up
from registry.domain.statistics.quantiles import Quantile, median
from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.small_sample import LEAST_AT_RISK, size_rule
from registry.domain.statistics.tally import Tally


@dataclass(frozen=True, slots=True)
class MedianSurvival:
    """The median in days from the origin; `median` is None when none may be printed."""

    median: Quantile | None
    method: str | None
    follow_up: float | None
    """Median follow-up, days; printed beside a median that was not reached."""
    sentence: str


def median_survival(tally: Tally) -> MedianSurvival:
    """Median survival for groups of 10 and more.

    With late entry it is refused when fewer than 5 were at risk on any day up to it: such a curve may have halved
    on two people who came first.
    """
    watched = median(follow_up(tally)).day
    rule = size_rule(tally.n)
    if not rule.median:
        return MedianSurvival(None, None, watched, "too few patients for a median")
    curve = group_curve(tally)
    found = median(curve)
    if tally.delayed and found.day is not None:
        least = RiskSet(tally).least(int(found.day))
        if least < LEAST_AT_RISK:
            return MedianSurvival(
                None, None, watched, f"no median: only {least} at risk on some day up to it"
            )
    return MedianSurvival(found, curve.method, watched, _sentence(found, watched))


def _sentence(found: Quantile, watched: float | None) -> str:
    if found.day is not None:
        lower = "not defined" if found.lower is None else f"{found.lower}"
        upper = "not reached" if found.upper is None else f"{found.upper}"
        return f"{found.day:g} days ({lower}-{upper})"
    least = "not reached" if found.lower is None else f"{found.lower} days"
    seen = "not reached" if watched is None else f"{watched:g} days"
    return f"not reached (lower limit {least}; median follow-up {seen})"
