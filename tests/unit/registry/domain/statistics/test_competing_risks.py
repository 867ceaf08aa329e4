import pytest

from registry.domain.statistics.competing_risks import aalen_johansen
from registry.domain.statistics.counting import count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_log import UNDEFINED
from registry.domain.statistics.tally import Tally

# cause 1 = response, 2 = death first, 0 = censored: values derived by hand
TWELVE = [(2, 1), (2, 1), (3, 2), (4, 1), (4, 1), (5, 0), (6, 2), (6, 1), (8, 2), (8, 1), (10, 0), (12, 2)]
TALLY = count([(None, day, cause) for day, cause in TWELVE], causes=2).tally


def test_twelve_patients() -> None:
    response, death = aalen_johansen(TALLY)
    assert [response.incidence_at(day) for day in (1, 2, 4, 6, 8, 12)] == pytest.approx(
        [0, 0.1667, 0.3333, 0.4306, 0.5278, 0.5278], abs=5e-5
    )
    assert [death.incidence_at(day) for day in (2, 3, 6, 8, 12)] == pytest.approx(
        [0, 0.0833, 0.1806, 0.2778, 0.4722], abs=5e-5
    )
    free = kaplan_meier(TALLY)
    assert [free.survival_at(day) for day in (2, 3, 4, 6, 8, 12)] == pytest.approx(
        [0.8333, 0.7500, 0.5833, 0.3889, 0.1944, 0], abs=5e-5
    )


def test_one_minus_kaplan_meier_of_one_cause_is_too_high() -> None:
    naive = 1 - kaplan_meier(TALLY.only(1)).survival_at(8)
    assert naive == pytest.approx(0.5949, abs=5e-5)
    assert naive > aalen_johansen(TALLY)[0].incidence_at(8)


def test_without_competitors_it_is_one_minus_kaplan_meier() -> None:
    tally = TALLY.only(1)
    (incidence,) = aalen_johansen(tally)
    for step, curve in zip(incidence.steps, kaplan_meier(tally).steps, strict=True):
        assert step.incidence == pytest.approx(1 - curve.survival)
        assert step.se == pytest.approx(curve.se or 0.0)


def test_limits_when_the_last_row_is_an_event() -> None:
    """2 of 6 with the event, everybody followed to the end: the limits are not the estimate."""
    rows = [(None, 1, 1), (None, 2, 2), (None, 3, 2), (None, 4, 1), (None, 5, 2), (None, 6, 2)]
    step = aalen_johansen(count(rows, causes=2).tally)[0].steps[-1]
    assert step.incidence == pytest.approx(1 / 3)
    assert step.se == pytest.approx((2 / 6 * 4 / 6 / 6) ** 0.5)
    assert step.limits == pytest.approx((0.0461, 0.6756), abs=5e-5)


def test_no_limits_at_0_and_1() -> None:
    response, death = aalen_johansen(count([(None, 3, 2), (None, 5, 2)], causes=2).tally)
    assert [step.limits for step in response.steps] == [UNDEFINED] * 2
    assert death.steps[-1].incidence == 1
    assert death.steps[-1].limits == UNDEFINED


def test_nobody_and_before_the_first_step() -> None:
    assert aalen_johansen(Tally(0, causes=3))[2].steps == ()
    response, _ = aalen_johansen(TALLY)
    assert (response.cause, response.start, response.step_at(1)) == (1, 0, None)
