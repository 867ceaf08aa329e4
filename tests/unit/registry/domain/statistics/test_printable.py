import pytest

from registry.domain.statistics.counting import Row, count
from registry.domain.statistics.log_log import UNDEFINED, Limits
from registry.domain.statistics.printable import (
    basis,
    counts_sentence,
    interval,
    percent,
    verdict_on,
    without_estimate,
)
from registry.domain.statistics.small_sample import DayVerdict
from registry.domain.statistics.tally import Tally


def tally(*rows: Row) -> Tally:
    return count(rows).tally


TWENTY = tally(*[(None, 10 * (i + 1), i % 2) for i in range(20)])  # the last, on day 200, by an event


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (0, DayVerdict.SHOWN),
        (110, DayVerdict.SHOWN),
        (111, DayVerdict.FEW_AT_RISK),
        (160, DayVerdict.FEW_AT_RISK),
        (161, DayVerdict.TOO_FEW),
        (200, DayVerdict.TOO_FEW),
        (201, DayVerdict.ENDED_BY_EVENT),
    ],
)
def test_verdict_by_the_number_at_risk(day: int, verdict: DayVerdict) -> None:
    assert verdict_on(TWENTY, day) is verdict


def test_follow_up_that_ends_with_somebody_alive() -> None:
    assert verdict_on(tally((None, 3, 1), (None, 8, 1), (None, 8, 0)), 9) is DayVerdict.ENDED_ALIVE
    assert verdict_on(Tally(0), 9) is DayVerdict.ENDED_ALIVE


def test_nothing_is_said_beyond_a_bottleneck() -> None:
    late = tally((0, 3, 1), *[(5, 20 + i, 1) for i in range(30)])
    assert verdict_on(late, 10) is DayVerdict.TOO_FEW
    assert verdict_on(late, 4) is DayVerdict.TOO_FEW  # nobody at risk, but follow-up has not ended
    assert verdict_on(late.given_alive_at(5), 10) is DayVerdict.SHOWN
    with pytest.raises(ValueError, match="before the start"):
        verdict_on(late.given_alive_at(5), 4)


def test_percent_has_a_decimal_from_100_patients_on() -> None:
    assert (percent(0.23456, 99), percent(0.23456, 100), percent(1, 5)) == ("23 %", "23.5 %", "100 %")


def test_interval_in_percent() -> None:
    assert interval(Limits(0.412, 0.934), 40) == "41-93 %"
    assert interval(UNDEFINED, 40) == "no interval"


def test_basis_names_few_at_risk_and_the_condition() -> None:
    assert basis(TWENTY, 12, DayVerdict.SHOWN) == "12 at risk"
    conditional = TWENTY.given_alive_at(30)
    assert basis(conditional, 7, DayVerdict.FEW_AT_RISK) == "7 at risk, few at risk, given alive at day 30"


def test_counts_only() -> None:
    assert counts_sentence(tally((None, 31, 1), (None, 50, 0), (None, 90, 1), (None, 410, 0))) == (
        "2 of 4 died, followed 31-410 days"
    )
    assert counts_sentence(tally((None, 31, 1))) == "1 of 1 died, followed 31 days"
    assert counts_sentence(tally((None, 31, 0)), "responded") == "0 of 1 responded, followed 31 days"
    assert counts_sentence(Tally(0)) == "no patients"


def test_why_there_is_no_number() -> None:
    assert without_estimate(TWENTY, DayVerdict.TOO_FEW, 0.41) == (
        "fewer than 5 at risk; last estimate 41 % on day 160"
    )
    assert without_estimate(TWENTY, DayVerdict.ENDED_ALIVE, 0.4) == "follow-up ends on day 200"
    assert without_estimate(TWENTY, DayVerdict.ENDED_BY_EVENT, 0.4) == "all 20 died or were lost by day 200"
    few = tally((0, 9, 1), (2, 9, 0))
    assert without_estimate(few, DayVerdict.TOO_FEW, 1) == "fewer than 5 at risk from the start"
