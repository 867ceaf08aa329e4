import pytest

from registry.domain.statistics.counting import count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_log import Z
from registry.domain.statistics.restricted_mean import restricted_mean

FOUR = count([(None, 2, 1), (None, 4, 0), (None, 6, 1), (None, 10, 0)]).tally


def test_area_by_hand() -> None:
    """S is 1 to day 2, 3/4 to day 6, 3/8 from there on."""
    found = restricted_mean(kaplan_meier(FOUR), 8)
    assert found is not None
    assert found.mean == pytest.approx(2 * 1 + 4 * 0.75 + 2 * 0.375)
    beyond_2, beyond_6 = 4 * 0.75 + 2 * 0.375, 2 * 0.375
    assert found.se**2 == pytest.approx(beyond_2**2 / (4 * 3) + beyond_6**2 / (2 * 1))
    assert (found.lower, found.upper) == pytest.approx((found.mean - Z * found.se, found.mean + Z * found.se))


def test_without_censoring_it_is_the_mean_and_its_error() -> None:
    days = [3, 5, 8, 13, 21]
    found = restricted_mean(kaplan_meier(count([(None, day, 1) for day in days]).tally), 30)
    assert found is not None
    mean = sum(days) / 5
    assert found.mean == pytest.approx(mean)
    assert found.se**2 == pytest.approx(sum((day - mean) ** 2 for day in days) / 25)


def test_nothing_is_extrapolated() -> None:
    curve = kaplan_meier(FOUR)
    assert restricted_mean(curve, 11) is None
    assert restricted_mean(curve, 10) is not None


def test_before_the_first_event() -> None:
    found = restricted_mean(kaplan_meier(FOUR), 1)
    assert found is not None
    assert (found.mean, found.se) == (1, 0)


def test_from_a_start_day_on() -> None:
    found = restricted_mean(kaplan_meier(FOUR.given_alive_at(3)), 8)
    assert found is not None
    assert found.mean == pytest.approx(3 + 2 * 0.5)
    with pytest.raises(ValueError, match="not after the start"):
        restricted_mean(kaplan_meier(FOUR.given_alive_at(3)), 3)
