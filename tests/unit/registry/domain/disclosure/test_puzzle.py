import pytest

from registry.domain.disclosure.puzzle import Range, feasible_ranges
from registry.domain.disclosure.quantities import Relation


def test_a_number_in_no_sum_keeps_what_was_known() -> None:
    assert feasible_ranges({0: Range(1, 4)}, [2], []) == {0: Range(1, 4)}


def test_one_unknown_in_a_sum_is_no_secret() -> None:
    assert feasible_ranges({1: Range(0, 10)}, [10, 3, 7], [Relation(0, (1, 2))]) == {1: Range(3, 3)}


def test_bounds_travel_through_a_chain_of_sums() -> None:
    # 20 = a + b and b = c + d with c, d small: b is 2 to 8, so a is 12 to 18.
    values, sums = [20, 17, 3, 1, 2], [Relation(0, (1, 2)), Relation(2, (3, 4))]
    known = {1: Range(0, 20), 2: Range(1, 20), 3: Range(1, 4), 4: Range(1, 4)}
    assert feasible_ranges(known, values, sums) == {
        1: Range(12, 18),
        2: Range(2, 8),
        3: Range(1, 4),
        4: Range(1, 4),
    }


def test_whole_numbers_are_narrower_than_fractions() -> None:
    # a + b = b + c = a + c = 5 has the single solution 2.5, so 2a = 5 is impossible; with 6 all are 3.
    sums = [Relation(3, (0, 1)), Relation(4, (1, 2)), Relation(5, (0, 2))]
    found = feasible_ranges(dict.fromkeys((0, 1, 2), Range(0, 9)), [3, 3, 3, 6, 6, 6], sums)
    assert found == dict.fromkeys((0, 1, 2), Range(3, 3))


def test_values_that_contradict_a_sum_are_a_fault() -> None:
    with pytest.raises(ArithmeticError, match="no answer"):
        feasible_ranges({1: Range(0, 2)}, [10, 1, 1], [Relation(0, (1, 2))])
