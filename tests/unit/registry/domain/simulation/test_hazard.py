"""The hazard: survival by hand, its inverse, and what is no hazard."""

import math

import pytest

from registry.domain.dates import DAYS_PER_MONTH
from registry.domain.simulation.hazard import Hazard

TWO = Hazard(((0, 0.1), (6, 0.0), (12, 0.2)))


@pytest.mark.parametrize(
    ("months", "cumulative"), [(0, 0), (3, 0.3), (6, 0.6), (9, 0.6), (12, 0.6), (14, 1.0), (22, 2.6)]
)
def test_cumulative_hazard_by_hand(months, cumulative):
    assert math.isclose(TWO.cumulative(months * DAYS_PER_MONTH), cumulative)
    assert math.isclose(TWO.survival(months * DAYS_PER_MONTH), math.exp(-cumulative))


@pytest.mark.parametrize("cumulative", [0.001, 0.1, 0.59, 0.61, 1.0, 7.5])
def test_day_of_is_the_inverse(cumulative):
    assert math.isclose(TWO.cumulative(TWO.day_of(cumulative)), cumulative)


def test_nobody_dies_where_the_hazard_is_zero():
    assert TWO.day_of(0.6 + 1e-9) >= 12 * DAYS_PER_MONTH


@pytest.mark.parametrize("months", [0.5, 8, 60])
def test_the_median_of_a_constant_hazard_is_the_one_asked_for(months):
    assert math.isclose(Hazard.exponential(months).median_days, months * DAYS_PER_MONTH)


@pytest.mark.parametrize(
    "pieces",
    [(), ((1, 0.1),), ((0, 0.1), (0, 0.2)), ((0, 0.1), (6, 0.2), (3, 0.1)), ((0, -0.1),), ((0, 0.0),)],
)
def test_what_is_no_hazard_is_refused(pieces):
    with pytest.raises(ValueError, match="hazard"):
        Hazard(pieces)
