import numpy as np
import pytest

from registry.domain.statistics.beta_product import beta_product_curve
from registry.domain.statistics.counting import count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_log import Limits
from registry.domain.statistics.proportions import clopper_pearson
from registry.domain.statistics.tally import Tally


@pytest.mark.parametrize("n", [1, 3, 14, 60, 400])
def test_without_censoring_it_is_clopper_pearson(n: int) -> None:
    curve = beta_product_curve(count([(None, day // 2 + 1, 1) for day in range(n)]).tally)
    assert curve.first == pytest.approx(clopper_pearson(n, n)[3:5], abs=1e-12)
    left = n
    for step in curve.steps:
        left -= step.events
        assert step.limits == pytest.approx(clopper_pearson(left, n)[3:5], abs=1e-10)


def test_nobody_died_yet_still_has_a_lower_limit() -> None:
    """0 of 14 deaths: the upper limit of mortality is 23 %."""
    curve = beta_product_curve(count([(None, 90, 0)] * 14).tally)
    assert curve.first.lower == pytest.approx(1 - 0.2316, abs=5e-5)
    assert curve.limits_at(30) == Limits(curve.first.lower, 1.0)
    assert curve.limits_at(90) == Limits(0.0, 1.0)  # nobody is left to tell


def test_moments_stand_for_the_true_product() -> None:
    """The 2.5 % and 97.5 % points of a million draws of the products, at day 13 of Freireich's 6-MP group."""
    relapses = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    rows = [(None, day, 1) for day in relapses] + [(None, day, 0) for day in censored]
    curve = beta_product_curve(count(rows).tally)
    rng = np.random.default_rng(20130723)
    low = high = np.ones(1_000_000)
    for n, d in ((21, 3), (17, 1), (15, 1), (12, 1)):
        high = high * rng.beta(n - d + 1, d, high.size)
    low = high * rng.beta(11, 1, high.size)
    drawn = (np.quantile(low, 0.025), np.quantile(high, 0.975))
    assert curve.limits_at(13) == pytest.approx(drawn, abs=0.002)


def test_limits_hold_the_estimate_and_never_rise() -> None:
    tally = count([(None, 3 + 7 * i % 41, i % 3 % 2) for i in range(40)]).tally
    curve = beta_product_curve(tally)
    assert [(s.day, s.survival, s.se) for s in curve.steps] == [
        (s.day, s.survival, s.se) for s in kaplan_meier(tally).steps
    ]
    assert curve.method == "beta product"
    before = curve.first
    for step in curve.steps:
        assert step.limits.lower is not None
        assert step.limits.upper is not None
        assert step.limits.lower <= step.survival <= step.limits.upper
        assert step.limits.lower <= (before.lower or 0.0)
        assert step.limits.upper <= (before.upper or 0.0)
        before = step.limits


def test_late_entry_may_raise_the_lower_limit() -> None:
    """Nobody at risk at first: the limit starts at 0 and recovers when people enter."""
    curve = beta_product_curve(count([(2, 40 + i, i % 2) for i in range(20)] + [(0, 3, 0)]).tally)
    first, later = curve.first.lower, curve.limits_at(3).lower
    assert first == pytest.approx(0.025)
    assert later == pytest.approx(0.025 ** (1 / 20))


def test_large_groups_keep_their_digits() -> None:
    """With a million people the interval is the normal one; differences of plain moments would be noise."""
    n, d = 1_000_000, 250_000
    tally = Tally.of(n, [*count([(None, 5, 1)]).tally.days * d, *count([(None, 9, 0)]).tally.days * (n - d)])
    low, high = beta_product_curve(tally).limits_at(5)
    se = (0.75 * 0.25 / n) ** 0.5
    assert (low, high) == pytest.approx((0.75 - 1.96 * se, 0.75 + 1.96 * se), abs=2e-6)


def test_nobody() -> None:
    assert beta_product_curve(Tally(0)).steps == ()
