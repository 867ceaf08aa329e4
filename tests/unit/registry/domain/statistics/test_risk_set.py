import pytest

from registry.domain.statistics.counting import count
from registry.domain.statistics.risk_set import RiskRow, RiskSet, risk_table
from registry.domain.statistics.tally import Tally

FROM_ORIGIN = count(
    [(None, day, event) for day, event in [(0, 1), (2, 1), (2, 0), (5, 1), (9, 0), (9, 1)]]
).tally
# two on days 1-3, alone one on 4-5, then five more: a bottleneck
LATE = count([(0, 3, 1), (0, 5, 0)] + [(5, 10 + i, i % 2) for i in range(5)]).tally


def test_at_risk_on_a_day() -> None:
    risk = RiskSet(FROM_ORIGIN)
    assert [risk.on(day) for day in (0, 1, 2, 3, 5, 6, 9, 10, 99)] == [6, 5, 5, 3, 3, 2, 2, 0, 0]


def test_who_enters_late_is_at_risk_from_the_next_day() -> None:
    assert [RiskSet(LATE).on(day) for day in (0, 1, 3, 4, 5, 6, 10, 11)] == [0, 2, 2, 1, 1, 5, 5, 4]


def test_least_at_risk_sees_the_bottleneck() -> None:
    risk = RiskSet(LATE)
    assert risk.on(8) == 5
    assert risk.least(8) == 1
    assert RiskSet(LATE.given_alive_at(5)).least(10) == 5
    assert RiskSet(FROM_ORIGIN).least(5) == 3
    assert RiskSet(FROM_ORIGIN).least(0) == 6


def test_last_day_with_enough_at_risk_all_along() -> None:
    risk = RiskSet(FROM_ORIGIN)
    assert [risk.last_day_with(k) for k in (6, 5, 4, 3, 2, 1)] == [0, 2, 2, 5, 9, 9]
    assert risk.last_day_with(7) is None
    assert RiskSet(LATE).last_day_with(2) == 3
    assert RiskSet(LATE).last_day_with(5) is None
    assert RiskSet(LATE.given_alive_at(5)).last_day_with(5) == 10
    with pytest.raises(ValueError, match="at least one"):
        risk.last_day_with(0)


def test_nobody() -> None:
    assert RiskSet(Tally(0)).on(5) == 0
    assert RiskSet(Tally(0)).last_day_with(1) is None


def test_table_under_a_curve() -> None:
    assert risk_table(FROM_ORIGIN, [0, 2, 6, 9, 20]) == (
        RiskRow(0, 6, 1, 0),
        RiskRow(2, 5, 2, 1),
        RiskRow(6, 2, 3, 1),
        RiskRow(9, 2, 4, 2),
        RiskRow(20, 0, 4, 2),
    )
