"""What may be printed: by patients in the group, and by patients at risk on the day.

The thresholds come from simulation of interval coverage (20,000 data sets a setting: the log-log interval covers 0.3
to 0.9 below 20 patients, the restricted mean 0.84 at 5) and have a plain meaning: with k at risk one event moves
the curve by 1/k of its height, 20 % at 5 and 10 % at 10. Registry decision; the tables are the whole of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from registry.domain.statistics.risk_set import RiskSet
from registry.domain.statistics.tally import Tally


class Comparison(StrEnum):
    """How groups may be set against each other."""

    NONE = "none"
    SIDE_BY_SIDE = "counts side by side"
    DESCRIPTIVE = "descriptive; a p-value only by permutation, and only if the protocol asks for it"
    LOG_RANK = "landmark and log-rank"


@dataclass(frozen=True, slots=True)
class SizeRule:
    """What a group of `at_least` patients or more may show, up to the next rule."""

    at_least: int
    counts_only: bool
    days: bool
    """Survival at days fixed in advance, where `AT_RISK_RULES` allow."""
    median: bool
    restricted_mean: bool
    interval: Literal["beta product", "log-log"] | None
    swimmer_plot: bool
    """One line per patient, if disclosure rules allow."""
    curve_until_at_risk: int | None
    """The curve is drawn while this many are at risk; None is no curve."""
    comparison: Comparison


SIZE_RULES = (
    SizeRule(0, True, False, False, False, None, False, None, Comparison.NONE),
    SizeRule(5, False, True, False, False, "beta product", True, None, Comparison.SIDE_BY_SIDE),
    SizeRule(10, False, True, True, False, "beta product", False, 5, Comparison.DESCRIPTIVE),
    SizeRule(30, False, True, True, True, "beta product", False, 5, Comparison.LOG_RANK),
    SizeRule(60, False, True, True, True, "log-log", False, 10, Comparison.LOG_RANK),
)

LEAST_AT_RISK = 5
"""Below this an estimate is not printed, nor a restricted mean, nor anything beyond a bottleneck."""

COMPARED_GROUP = 10
"""Patients needed in each group compared by log-rank."""

COMPARED_EVENTS = 5
"""Events needed in each group before a p-value is given."""


def size_rule(patients: int) -> SizeRule:
    """The rule for a group of this many patients."""
    return next(rule for rule in reversed(SIZE_RULES) if rule.at_least <= max(patients, 0))


class DayVerdict(StrEnum):
    """What may be said of one day."""

    SHOWN = "estimate, interval, number at risk"
    FEW_AT_RISK = "the same, marked: few at risk"
    TOO_FEW = "no estimate: fewer than 5 at risk"
    ENDED_ALIVE = "no estimate: follow-up ends before"
    ENDED_BY_EVENT = "no estimate: nobody left, the last by the event"


AT_RISK_RULES = ((10, DayVerdict.SHOWN), (LEAST_AT_RISK, DayVerdict.FEW_AT_RISK), (1, DayVerdict.TOO_FEW))
"""At risk at least this many: what may be said. With nobody at risk the way the last one left decides."""


def at_risk_rule(at_risk: int, *, ended_by_event: bool = False) -> DayVerdict:
    """The verdict for this many at risk; `ended_by_event` says how it came to nobody."""
    for least, verdict in AT_RISK_RULES:
        if at_risk >= least:
            return verdict
    return DayVerdict.ENDED_BY_EVENT if ended_by_event else DayVerdict.ENDED_ALIVE


def comparison_of(groups: Sequence[Tally]) -> Comparison:
    """How these groups may be compared: their patients together choose the rule, the smallest may lower it."""
    rule = size_rule(sum(tally.n for tally in groups)).comparison
    enough = all(t.n >= COMPARED_GROUP and sum(t.events) >= COMPARED_EVENTS for t in groups)
    return Comparison.DESCRIPTIVE if rule is Comparison.LOG_RANK and not enough else rule


def restricted_mean_until(groups: Sequence[Tally]) -> int | None:
    """The last day to which a restricted mean may run: 5 at risk all along in every group compared."""
    days = [RiskSet(tally).last_day_with(LEAST_AT_RISK) for tally in groups]
    return None if None in days or not days else min(day for day in days if day is not None)
