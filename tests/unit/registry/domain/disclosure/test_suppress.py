"""The golden table: responses of 15 patients of site A and 37 of site B, threshold 5."""

from collections import Counter

from registry.domain.disclosure.audit import Audit
from registry.domain.disclosure.puzzle import Range, feasible_ranges
from registry.domain.disclosure.quantities import Quantities, Relation
from registry.domain.disclosure.readers import readers
from registry.domain.disclosure.suppress import to_hide

COUNTS = {"A": (1, 7, 2, 5, 15), "B": (0, 12, 11, 14, 37), "all": (1, 19, 13, 19, 52)}
CR, PR, PP, IR, TOTAL = range(5)


def printed(values: list[int], relations: list[Relation]) -> Quantities:
    """Quantities of which each is printed once."""
    return Quantities(values, relations, Counter(range(len(values))))


def cross_table(*rows: tuple[int, ...]) -> Quantities:
    """A table with totals in the last row and the last column; cell (r, c) has number r * width + c."""
    made = printed([count for row in rows for count in row], [])
    width, last = len(rows[0]), len(rows) - 1
    for r in range(len(rows)):
        made.relations.append(Relation(r * width + width - 1, tuple(r * width + c for c in range(width - 1))))
    for c in range(width):
        made.relations.append(Relation(last * width + c, tuple(r * width + c for r in range(last))))
    return made


def at(row: int, column: int) -> int:
    return row * 5 + column


def narrow(quantities: Quantities, hidden: set[int]) -> dict[int, Range]:
    """The small quantities of which fewer than three values are left, with what is left."""
    everyone = readers(quantities, 5)
    before = {n: everyone[0].before[n] for n in hidden}
    ranges = feasible_ranges(before, quantities.values, quantities.relations)
    found = {n: ranges[n] for n in Audit(quantities, everyone, 5).narrow(hidden, hidden)}
    assert all(left.values < 3 for left in found.values())
    return found


def hide(quantities: Quantities, threshold: int) -> set[int]:
    return to_hide(quantities, readers(quantities, threshold), threshold)


def test_hiding_only_the_small_cells_gives_them_away() -> None:
    table = cross_table(*COUNTS.values())
    found = narrow(table, {at(0, CR), at(0, PP), at(2, CR)})
    assert found == {at(0, CR): Range(1, 1), at(0, PP): Range(2, 2), at(2, CR): Range(1, 1)}


def test_one_more_hidden_cell_leaves_only_one_or_two() -> None:
    table = cross_table(*COUNTS.values())
    found = narrow(table, {at(0, CR), at(0, PP), at(2, CR), at(2, PP)})
    assert found[at(0, CR)] == Range(1, 2)


def test_what_is_hidden_in_the_end_leaves_room_for_three_values() -> None:
    table = cross_table(*COUNTS.values())
    hidden = hide(table, 5)
    assert {at(0, CR), at(0, PP), at(2, CR)} < hidden
    assert narrow(table, hidden) == {}
    assert at(2, TOTAL) not in hidden


def test_the_collapsed_table_needs_nothing_hidden() -> None:
    assert hide(cross_table((8, 7, 15), (12, 25, 37), (20, 32, 52)), 5) == set()


def test_zero_tells_of_nobody_and_stays() -> None:
    assert hide(cross_table((0, 20, 20), (30, 0, 30), (30, 20, 50)), 11) == set()


def test_a_sum_of_nothing_but_small_numbers_is_hidden_whole() -> None:
    table = printed([4, 1, 1, 1, 1], [Relation(0, (1, 2, 3, 4))])
    assert hide(table, 5) == {0, 1, 2, 3, 4}


def test_a_part_is_hidden_rather_than_a_total() -> None:
    table = printed([40, 3, 12, 25], [Relation(0, (1, 2, 3))])
    assert hide(table, 11) == {1, 2}


def test_what_is_printed_nowhere_costs_nothing_to_hide() -> None:
    # 3 of 40 is hidden; that the others are 37 is not printed, so the 40 may stay.
    table = Quantities([40, 3, 37], [Relation(0, (1, 2))], Counter({0: 1, 1: 1}))
    assert hide(table, 5) == {1, 2}


def test_few_others_are_as_secret_as_few() -> None:
    # 37 of 40 is printed, and with it that 3 are not; the 40 stands in more places.
    table = Quantities([40, 37, 3], [Relation(0, (1, 2))], Counter({0: 5, 1: 1}))
    assert hide(table, 5) == {1, 2}
