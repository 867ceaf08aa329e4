from registry.domain.disclosure.exchange import Exchange
from registry.domain.disclosure.quantities import Relation
from registry.domain.disclosure.sums import Sums


def test_one_more_here_is_one_less_there() -> None:
    found = Exchange(Sums([Relation(0, (1, 2))]), {1, 2}, [(0, 9)] * 3, [9, 4, 5]).three_values(1)
    assert found == [{1: -1, 2: 1}, {1: 1, 2: -1}]


def test_a_number_at_its_bound_moves_twice_to_the_other_side() -> None:
    found = Exchange(Sums([Relation(0, (1, 2))]), {1, 2}, [(0, 9), (1, 9), (0, 9)], [9, 1, 8]).three_values(1)
    assert found == [{1: 1, 2: -1}, {1: 2, 2: -2}]


def test_the_round_goes_through_all_sums() -> None:
    # a 2 x 2 table with all margins told: one more in a corner changes the three others
    sums = [Relation(4, (0, 1)), Relation(5, (2, 3)), Relation(6, (0, 2)), Relation(7, (1, 3))]
    found = Exchange(Sums(sums), {0, 1, 2, 3}, [(0, 9)] * 8, [3, 3, 3, 3, 6, 6, 6, 6]).three_values(0)
    assert found == [{0: -1, 1: 1, 3: -1, 2: 1}, {0: 1, 1: -1, 3: 1, 2: -1}]


def test_one_unknown_in_a_sum_has_no_round() -> None:
    assert Exchange(Sums([Relation(0, (1, 2))]), {1}, [(0, 9)] * 3, [9, 4, 5]).three_values(1) is None
