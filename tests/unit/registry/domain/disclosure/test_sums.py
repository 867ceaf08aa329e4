from registry.domain.disclosure.quantities import Relation
from registry.domain.disclosure.sums import Sums

RELATIONS = [Relation(9, (0, 1)), Relation(8, (2, 7)), Relation(8, (7, 6))]


def test_numbers_without_a_common_sum_are_apart() -> None:
    found = list(Sums(RELATIONS).parts({0, 1, 2, 3}))
    assert found == [([0, 1], RELATIONS[:1]), ([2], RELATIONS[1:2]), ([3], [])]


def test_parts_are_found_from_where_one_starts() -> None:
    assert list(Sums(RELATIONS).parts({0, 1, 2, 7, 6}, {6, 9})) == [([2, 6, 7], RELATIONS[1:])]


def test_bound_are_all_numbers_of_a_common_sum() -> None:
    assert Sums(RELATIONS).bound_to({7}) == {2, 6, 7, 8}
    assert Sums(RELATIONS).bound_to({3}) == set()
