import pytest

from registry.domain.statistics.beta_product import beta_product_curve
from registry.domain.statistics.counting import count
from registry.domain.statistics.day_survival import group_curve, survival_at
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_log import UNDEFINED
from registry.domain.statistics.small_sample import DayVerdict
from registry.domain.statistics.tally import Tally


def group(n: int, *, first: int = 10) -> Tally:
    """n people, one leaving every day from `first` on, by turns with the event and without."""
    return count([(None, first + i, (i + 1) % 2) for i in range(n)]).tally


@pytest.mark.parametrize("n", [1, 4])
def test_counts_only_below_five(n: int) -> None:
    found = survival_at(group(n), 10)
    assert (found.verdict, found.value, found.limits) == (None, None, UNDEFINED)
    assert found.sentence.startswith(f"{(n + 1) // 2} of {n} died, followed 10")


def test_nobody() -> None:
    assert survival_at(Tally(0), 30).sentence == "no patients"


def test_beta_product_limits_below_60_and_log_log_from_60_on() -> None:
    small, large = group(59), group(60)
    assert survival_at(small, 30).limits == beta_product_curve(small).limits_at(30)
    assert survival_at(large, 30).limits == kaplan_meier(large).limits_at(30)
    assert (survival_at(small, 30).method, survival_at(large, 30).method) == ("beta product", "log-log")
    assert group_curve(large).method == "log-log"


def test_a_shown_estimate() -> None:
    found = survival_at(group(20), 12)
    assert (found.verdict, found.at_risk) == (DayVerdict.SHOWN, 18)
    assert found.value == pytest.approx(19 / 20 * 17 / 18)
    assert found.sentence == "90 % (67-99 %; 18 at risk)"


def test_few_at_risk_is_said() -> None:
    found = survival_at(group(20), 24)
    assert (found.verdict, found.at_risk) == (DayVerdict.FEW_AT_RISK, 6)
    assert found.sentence.endswith("6 at risk, few at risk)")


def test_nobody_died_yet() -> None:
    assert survival_at(count([(None, 95, 0)] * 14).tally, 90).sentence == (
        "0 of 14 died by day 90; upper limit 23 % (14 at risk)"
    )
    large = survival_at(count([(None, 95, 0)] * 140).tally, 90)
    assert large.sentence == "0 of 140 died by day 90; upper limit 2.6 % (140 at risk)"
    assert large.method == "beta product"  # the log-log method has no limits at S = 1


def test_fewer_than_five_at_risk() -> None:
    found = survival_at(group(20), 27)
    assert (found.verdict, found.value, found.at_risk) == (DayVerdict.TOO_FEW, None, 3)
    assert found.sentence == "fewer than 5 at risk; last estimate 47 % on day 25"


def test_nobody_is_extrapolated() -> None:
    assert survival_at(group(20), 400).sentence == "follow-up ends on day 29"
    assert survival_at(group(21), 400).sentence == "all 21 died or were lost by day 30"


def test_all_of_the_last_ones_at_once() -> None:
    """Six at risk on the last day, all die: the count is said, not "0 %"."""
    found = survival_at(count([(None, 5, 0)] * 6 + [(None, 9, 1)] * 6).tally, 9)
    assert found.verdict is DayVerdict.ENDED_BY_EVENT
    assert found.sentence == "all 12 died or were lost by day 9"


def test_given_alive_at_a_start_day() -> None:
    found = survival_at(group(30).given_alive_at(14), 20)
    assert found.sentence.endswith("20 at risk, given alive at day 14)")
    with pytest.raises(ValueError, match="before the start"):
        survival_at(group(30).given_alive_at(14), 10)


def test_an_early_empty_risk_set_is_refused_however_many_follow() -> None:
    late = count([(0, 2, 1)] + [(5, 50 + i, i % 2) for i in range(80)]).tally
    assert kaplan_meier(late).survival_at(60) == 0.0
    found = survival_at(late, 60)
    assert (found.verdict, found.value) == (DayVerdict.TOO_FEW, None)
    assert found.sentence == "fewer than 5 at risk from the start"
    assert (survival_at(late.given_alive_at(5), 60).value or 0) > 0.8
