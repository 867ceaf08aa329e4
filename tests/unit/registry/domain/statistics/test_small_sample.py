import pytest

from registry.domain.statistics.counting import count
from registry.domain.statistics.proportions import EXACT_BELOW
from registry.domain.statistics.small_sample import (
    SIZE_RULES,
    Comparison,
    DayVerdict,
    at_risk_rule,
    comparison_of,
    restricted_mean_until,
    size_rule,
)
from registry.domain.statistics.tally import Tally


def group(events: int, censored: int = 0) -> Tally:
    rows = [(None, 10 + i, 1) for i in range(events)] + [(None, 100 + i, 0) for i in range(censored)]
    return count(rows).tally


@pytest.mark.parametrize(
    ("patients", "interval", "median", "restricted_mean", "curve"),
    [
        (0, None, False, False, None),
        (4, None, False, False, None),
        (5, "beta product", False, False, None),
        (9, "beta product", False, False, None),
        (10, "beta product", True, False, 5),
        (29, "beta product", True, False, 5),
        (30, "beta product", True, True, 5),
        (59, "beta product", True, True, 5),
        (60, "log-log", True, True, 10),
        (5000, "log-log", True, True, 10),
    ],
)
def test_by_patients_in_the_group(
    patients: int, interval: str | None, median: bool, restricted_mean: bool, curve: int | None
) -> None:
    rule = size_rule(patients)
    assert (rule.interval, rule.median, rule.restricted_mean) == (interval, median, restricted_mean)
    assert rule.curve_until_at_risk == curve
    assert rule.counts_only == (patients < 5)
    assert rule.days == (patients >= 5)
    assert rule.swimmer_plot == (5 <= patients < 10)


def test_rules_go_up_and_the_intervals_change_together() -> None:
    sizes = [rule.at_least for rule in SIZE_RULES]
    assert sizes == sorted(set(sizes))
    assert next(rule.at_least for rule in SIZE_RULES if rule.interval == "log-log") == EXACT_BELOW


@pytest.mark.parametrize(
    ("at_risk", "verdict"),
    [
        (10, DayVerdict.SHOWN),
        (9, DayVerdict.FEW_AT_RISK),
        (5, DayVerdict.FEW_AT_RISK),
        (4, DayVerdict.TOO_FEW),
        (1, DayVerdict.TOO_FEW),
        (0, DayVerdict.ENDED_ALIVE),
    ],
)
def test_by_patients_at_risk(at_risk: int, verdict: DayVerdict) -> None:
    assert at_risk_rule(at_risk) is verdict


def test_nobody_at_risk_after_an_event() -> None:
    assert at_risk_rule(0, ended_by_event=True) is DayVerdict.ENDED_BY_EVENT


@pytest.mark.parametrize(
    ("groups", "comparison"),
    [
        ([group(2), group(2)], Comparison.NONE),
        ([group(4), group(4)], Comparison.SIDE_BY_SIDE),
        ([group(14), group(14)], Comparison.DESCRIPTIVE),
        ([group(15), group(15)], Comparison.LOG_RANK),
        ([group(9), group(50)], Comparison.DESCRIPTIVE),
        ([group(9), group(500)], Comparison.DESCRIPTIVE),
        ([group(4, 20), group(60)], Comparison.DESCRIPTIVE),
        ([group(5, 20), group(60)], Comparison.LOG_RANK),
    ],
)
def test_comparison_needs_people_and_events_in_each_group(
    groups: list[Tally], comparison: Comparison
) -> None:
    assert comparison_of(groups) is comparison


def test_restricted_mean_runs_to_the_last_day_all_groups_support() -> None:
    assert restricted_mean_until([group(10), group(20)]) == 15  # day 15 is the last with 5 of the 10 at risk
    assert restricted_mean_until([group(10), group(4)]) is None
    assert restricted_mean_until([]) is None
