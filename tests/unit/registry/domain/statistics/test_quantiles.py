import pytest

from registry.domain.statistics.beta_product import beta_product_curve
from registry.domain.statistics.counting import Row, count
from registry.domain.statistics.kaplan_meier import Curve, Step, kaplan_meier
from registry.domain.statistics.log_log import Limits
from registry.domain.statistics.quantiles import Quantile, median, quantile, quartiles
from registry.domain.statistics.tally import Tally

# twelve made-up patients (months): days, events, entries
TIMES = [2, 3, 4, 4, 5, 6, 7, 8, 8, 10, 12, 15]
EVENTS = [1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1]
ENTRIES = [1, 1, 0, 2, 1, 3, 0, 4, 1, 2, 6, 5]
NAIVE = count([(None, day, event) for day, event in zip(TIMES, EVENTS, strict=True)]).tally
DELAYED = count(list(zip(ENTRIES, TIMES, EVENTS, strict=True))).tally


def curve(*rows: Row) -> Curve:
    return kaplan_meier(count(rows).tally)


def test_twelve_patients() -> None:
    assert median(kaplan_meier(NAIVE)) == Quantile(7, 3, None)
    assert median(kaplan_meier(DELAYED)) == Quantile(6, 2, 10)


def test_three_published_cases() -> None:
    assert median(curve((None, 7, 1), (None, 8, 1), (None, 9, 0))) == Quantile(8, 7, None)


def test_flat_at_one_half_gives_the_midpoint() -> None:
    assert median(curve(*[(None, day, 1) for day in (1, 2, 3, 4)])).day == 2.5


def test_a_flat_that_never_ends_runs_to_the_last_day() -> None:
    assert median(curve((None, 1, 1), (None, 2, 1), (None, 4, 0), (None, 4, 0))).day == 3


def test_one_half_reached_through_another_product_still_counts_as_flat() -> None:
    """(7/8)(6/7)(5/6)(4/5) is not 1/2 to the last bit on every machine."""
    found = kaplan_meier(count([(None, day, 1) for day in (1, 2, 3, 4, 9, 9, 9, 9)]).tally)
    assert median(found).day == 6.5
    steps = tuple(Step(d, 9, 1, 0, s, 0.1, Limits(0.1, 0.9)) for d, s in ((1, 0.5 - 1e-8), (5, 0.4)))
    assert median(Curve(0, steps, "log-log")).day == 3
    steps = tuple(Step(d, 9, 1, 0, s, 0.1, Limits(0.1, 0.9)) for d, s in ((1, 0.5 - 1e-7), (5, 0.4)))
    assert median(Curve(0, steps, "log-log")).day == 1


def test_not_reached_is_none_and_never_the_last_day() -> None:
    assert median(curve((None, 3, 1), (None, 5, 0), (None, 9, 0))) == Quantile(None, 3, None)
    assert median(curve((None, 3, 0), (None, 5, 0))) == Quantile(None, None, None)
    assert median(kaplan_meier(Tally(0))) == Quantile(None, None, None)


def test_one_person_who_dies_has_a_median_and_no_limits() -> None:
    assert median(curve((None, 9, 1))) == Quantile(9, None, None)


def test_quartiles_are_in_order() -> None:
    found = quartiles(kaplan_meier(NAIVE))
    assert [q.day for q in found] == [4.5, 7, 12.5]
    assert found[0] == quantile(kaplan_meier(NAIVE), 0.75)
    with pytest.raises(ValueError, match="level 1"):
        quantile(kaplan_meier(NAIVE), 1)


def test_limits_that_are_not_monotone() -> None:
    """The upper limit dips below 1/2 and comes back: reached only from where it stays below."""
    bands = (
        (1, 0.8, 0.6, 0.9),
        (2, 0.6, 0.4, 0.45),
        (3, 0.55, 0.52, 0.7),
        (4, 0.4, 0.3, 0.49),
        (5, 0.3, 0.2, 0.4),
    )
    steps = tuple(Step(d, 9, 1, 0, s, 0.1, Limits(low, high)) for d, s, low, high in bands)
    assert median(Curve(0, steps, "log-log")) == Quantile(4, 2, 4)


def test_limits_of_many_people_on_few_days() -> None:
    """1,400 people on four days: limits exist although no event day lies inside the interval."""
    found = median(curve(*[(None, day, 1) for day in (1, 2, 3, 4) for _ in range(350)], (None, 2, 1)))
    assert found == Quantile(2, 2, 3)


def test_beta_product_limits_can_be_inverted_too() -> None:
    few = beta_product_curve(count([(None, day, 1) for day in (3, 5, 8)]).tally)
    assert median(few) == Quantile(5, 0, None)  # three people do not exclude that half die at once
    later = count([(None, day, 1) for day in (13, 15, 18)]).tally.given_alive_at(10)
    assert median(beta_product_curve(later)) == Quantile(15, 10, None)
