import math

import pytest

from registry.domain.statistics.log_log import UNDEFINED, Z, log_log_limits


def test_level_is_not_the_rounded_1_96() -> None:
    assert pytest.approx(1.959963984540054, abs=1e-15) == Z


def test_limits_are_symmetric_on_the_log_log_scale() -> None:
    low, high = log_log_limits(0.3, 0.1)
    assert low is not None
    assert high is not None
    middle = math.log(-math.log(0.3))
    assert math.log(-math.log(low)) - middle == pytest.approx(middle - math.log(-math.log(high)))
    assert 0 < low < 0.3 < high < 1


@pytest.mark.parametrize("probability", [0.0, 1.0, 1 - 1e-15])
def test_none_at_0_and_1(probability: float) -> None:
    assert log_log_limits(probability, 0.1) == UNDEFINED
