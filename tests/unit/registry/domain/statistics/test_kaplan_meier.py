"""Twelve made-up patients (months), with and without late entry: values derived by hand."""

import pytest

from registry.domain.statistics.counting import count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.log_log import UNDEFINED
from registry.domain.statistics.tally import Tally

TIMES = [2, 3, 4, 4, 5, 6, 7, 8, 8, 10, 12, 15]
EVENTS = [1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1]
ENTRIES = [1, 1, 0, 2, 1, 3, 0, 4, 1, 2, 6, 5]
NAIVE = count([(None, day, event) for day, event in zip(TIMES, EVENTS, strict=True)]).tally
DELAYED = count(list(zip(ENTRIES, TIMES, EVENTS, strict=True))).tally


def test_twelve_from_the_origin() -> None:
    table = {
        2: (12, 0.9167, 0.0798, 0.5390, 0.9878),
        3: (11, 0.8333, 0.1076, 0.4817, 0.9555),
        4: (10, 0.7500, 0.1250, 0.4084, 0.9117),
        5: (8, 0.6562, 0.1402, 0.3204, 0.8557),
        6: (7, 0.5625, 0.1482, 0.2437, 0.7910),
        7: (6, 0.4688, 0.1503, 0.1762, 0.7185),
        8: (5, 0.3750, 0.1466, 0.1174, 0.6382),
        10: (3, 0.2500, 0.1413, 0.0458, 0.5361),
    }
    curve = kaplan_meier(NAIVE)
    for day, expected in table.items():
        step = curve.step_at(day)
        assert step is not None
        assert (step.at_risk, step.survival, step.se, *step.limits) == pytest.approx(expected, abs=5.1e-5)
    last = curve.steps[-1]
    assert (last.day, last.at_risk, last.survival, last.se, last.limits) == (15, 1, 0.0, None, UNDEFINED)


def test_twelve_with_late_entry() -> None:
    table = {
        2: (6, 0.8333, 0.2731, 0.9747),
        3: (7, 0.7143, 0.2582, 0.9198),
        4: (7, 0.6122, 0.2168, 0.8543),
        5: (6, 0.5102, 0.1651, 0.7777),
        6: (6, 0.4252, 0.1271, 0.7015),
        7: (6, 0.3543, 0.0985, 0.6284),
        8: (5, 0.2834, 0.0699, 0.5503),
        10: (3, 0.1890, 0.0302, 0.4522),
    }
    curve = kaplan_meier(DELAYED)
    for day, expected in table.items():
        step = curve.step_at(day)
        assert step is not None
        assert (step.at_risk, step.survival, *step.limits) == pytest.approx(expected, abs=5.1e-5)
    assert curve.survival_at(15) == 0.0


def test_three_published_cases_as_a_curve() -> None:
    curve = kaplan_meier(count([(None, 7, 1), (None, 8, 1), (None, 9, 0)]).tally)
    assert curve.survival_at(7) == pytest.approx(0.6667, abs=5e-5)
    assert curve.limits_at(7) == pytest.approx((0.0541, 0.9452), abs=5e-5)
    assert curve.survival_at(8) == pytest.approx(0.3333, abs=5e-5)
    assert curve.limits_at(8) == pytest.approx((0.0090, 0.7741), abs=5e-5)


def test_between_and_before_steps() -> None:
    curve = kaplan_meier(NAIVE)
    assert (curve.step_at(1), curve.survival_at(1), curve.limits_at(1)) == (None, 1.0, UNDEFINED)
    assert curve.survival_at(9) == curve.survival_at(8)


def test_censored_that_day_are_at_risk_that_day() -> None:
    curve = kaplan_meier(count([(None, 4, 1), (None, 4, 0)]).tally)
    assert curve.survival_at(4) == 0.5


def test_all_censored() -> None:
    curve = kaplan_meier(count([(None, 3, 0), (None, 5, 0)]).tally)
    assert [(step.survival, step.se, step.limits) for step in curve.steps] == [(1.0, 0.0, UNDEFINED)] * 2


def test_one_person_who_dies() -> None:
    (step,) = kaplan_meier(count([(None, 9, 1)]).tally).steps
    assert (step.day, step.survival, step.se, step.limits) == (9, 0.0, None, UNDEFINED)


def test_death_on_day_0() -> None:
    assert kaplan_meier(count([(None, 0, 1), (None, 5, 0)]).tally).survival_at(0) == 0.5


def test_nobody() -> None:
    assert kaplan_meier(Tally(0)).steps == ()


def test_an_early_empty_risk_set_leaves_0_for_good() -> None:
    curve = kaplan_meier(count([(0, 2, 1)] + [(5, 9 + i, i % 2) for i in range(20)]).tally)
    assert {step.survival for step in curve.steps} == {0.0}


def test_given_alive_at_a_day_starts_again_at_1() -> None:
    whole, later = kaplan_meier(NAIVE), kaplan_meier(NAIVE.given_alive_at(4))
    assert later.start == 4
    assert later.survival_at(4) == 1.0
    assert later.survival_at(8) == pytest.approx(whole.survival_at(8) / whole.survival_at(4))


def test_every_cause_is_an_event_unless_one_is_chosen() -> None:
    tally = count([(None, 1, 1), (None, 2, 2), (None, 3, 0), (None, 4, 0)], causes=2).tally
    assert kaplan_meier(tally).survival_at(4) == 0.5
    assert kaplan_meier(tally.only(1)).survival_at(4) == 0.75
