from fractions import Fraction

import pytest
from scipy.stats import chi2 as chi2_distribution

from registry.domain.statistics.counting import count
from registry.domain.statistics.log_rank import log_rank, stratified_log_rank
from registry.domain.statistics.tally import DayCount, Tally

A = count([(None, d, e) for d, e in [(5, 1), (7, 1), (8, 1), (10, 1), (12, 0), (15, 1)]]).tally
B = count([(None, d, e) for d, e in [(2, 1), (3, 1), (4, 1), (4, 0), (6, 1), (8, 0)]]).tally


def test_two_groups_of_six_by_hand() -> None:
    test = log_rank([A, B])
    assert test.observed == (5, 4)
    assert test.expected[0] == pytest.approx(6.7431, abs=5e-5)
    assert test.variance[0][0] == pytest.approx(1.4284, abs=5e-5)
    assert (test.chi2, test.p) == pytest.approx((2.1271, 0.1447), abs=5e-5)
    assert test.df == 1


def test_order_of_groups_does_not_matter() -> None:
    assert log_rank([B, A]).chi2 == pytest.approx(log_rank([A, B]).chi2, rel=1e-14)


def test_p_is_the_upper_tail() -> None:
    test = log_rank([A, B, A + B])
    assert test.df == 2
    assert test.p == pytest.approx(chi2_distribution.sf(test.chi2, 2))


def test_twice_ten_million_people_do_not_overflow() -> None:
    """A library with 64-bit integers gave 16.8 in place of 0.34 at this size."""
    n, days = 10_000_000, 1000
    first = Tally.of(n, [DayCount(d, 0, (9000 + d % 7,), 1000 - d % 7) for d in range(days)])
    second = Tally.of(n, [DayCount(d, 0, (9001 + d % 5,), 999 - d % 5) for d in range(days)])
    excess, variance, sizes = Fraction(0), Fraction(0), [n, n]
    for row, other in zip(first.days, second.days, strict=True):
        d, total = row.events[0] + other.events[0], sum(sizes)
        excess += row.events[0] - Fraction(d * sizes[0], total)
        if total > 1:
            variance += Fraction(d * (total - d) * sizes[0] * sizes[1], total * total * (total - 1))
        sizes = [sizes[0] - row.exits, sizes[1] - other.exits]
    assert log_rank([first, second]).chi2 == pytest.approx(float(excess * excess / variance), rel=1e-9)


def test_one_stratum_changes_nothing_and_equal_strata_add() -> None:
    assert stratified_log_rank([[A, B]]) == log_rank([A, B])
    twice = stratified_log_rank([[A, B], [A, B]])
    assert twice.observed == (10, 8)
    assert twice.chi2 == pytest.approx(2 * (log_rank([A, B]).chi2 or 0))


def test_a_group_without_people_does_not_count() -> None:
    test = log_rank([A, Tally(0), B])
    assert (test.chi2, test.df) == (pytest.approx(log_rank([A, B]).chi2), 1)
    assert stratified_log_rank([[A, B], [A, Tally(0)]]).chi2 == pytest.approx(log_rank([A, B]).chi2)


@pytest.mark.parametrize(
    "groups",
    [
        [Tally(0), Tally(0)],
        [count([(None, 4, 0)]).tally, count([(None, 5, 0)]).tally],  # no event
        [A, Tally(0)],  # one group
        [count([(None, 3, 1)]).tally, count([(3, 9, 1)]).tally],  # never at risk together
    ],
)
def test_nothing_to_compare(groups: list[Tally]) -> None:
    test = log_rank(groups)
    assert (test.chi2, test.p) == (None, None)


def test_late_entry_counts_only_from_entry() -> None:
    late = count([(6, d, e) for d, e in [(8, 1), (9, 1), (12, 0)]]).tally
    test = log_rank([A, late])
    assert test.expected[0] == pytest.approx(1 + 5 / 8 + 2 * 4 / 7 + 3 / 5 + 3 / 4 + 1)
    assert sum(test.expected) == pytest.approx(sum(test.observed))


def test_groups_must_fit_together() -> None:
    with pytest.raises(ValueError, match="two or more"):
        log_rank([A])
    with pytest.raises(ValueError, match="the same in every stratum"):
        stratified_log_rank([[A, B], [A, B, A]])
    with pytest.raises(ValueError, match="different days"):
        log_rank([A, B.given_alive_at(2)])
    with pytest.raises(ValueError, match="two or more"):
        stratified_log_rank([])


def test_a_tiny_first_group_is_not_taken_for_singular() -> None:
    """The two large groups are then almost each other's negative, and the test still exists in any order."""
    large = [count([(None, 1 + i % 50, i % 7 % 2) for i in range(k, 1000 + k)]).tally for k in (0, 3)]
    tiny = count([(None, 20, 1), (None, 45, 0)]).tally
    first, last = log_rank([tiny, *large]), log_rank([*large, tiny])
    assert first.chi2 == pytest.approx(last.chi2, rel=1e-9)
    assert first.chi2 is not None
