import pytest
from scipy.stats import binomtest

from registry.domain.statistics.proportions import clopper_pearson, proportion, wilson

PUBLISHED = [  # x, n, Clopper-Pearson and Wilson limits in percent
    (2, 3, 9.43, 99.16, 20.77, 93.85),
    (3, 3, 29.24, 100, 43.85, 100),
    (0, 3, 0, 70.76, 0, 56.15),
    (7, 12, 27.67, 84.83, 31.95, 80.67),
    (10, 37, 13.79, 44.12, 15.40, 42.98),
    (10, 39, 13.04, 42.13, 14.57, 41.08),
    (262, 432, 55.87, 65.28, 55.97, 65.14),
    (11, 291, 1.90, 6.66, 2.12, 6.64),
]


@pytest.mark.parametrize(("x", "n", "low", "high", "wilson_low", "wilson_high"), PUBLISHED)
def test_published_limits(
    x: int, n: int, low: float, high: float, wilson_low: float, wilson_high: float
) -> None:
    exact, score = clopper_pearson(x, n), wilson(x, n)
    assert [100 * exact.lower, 100 * exact.upper] == pytest.approx([low, high], abs=0.0051)
    assert [100 * score.lower, 100 * score.upper] == pytest.approx([wilson_low, wilson_high], abs=0.0051)


@pytest.mark.parametrize("n", [1, 2, 7, 59, 60, 1000])
def test_another_program_agrees(n: int) -> None:
    for x in range(0, n + 1, max(1, n // 7)):
        for ours, method in ((clopper_pearson(x, n), "exact"), (wilson(x, n), "wilson")):
            theirs = binomtest(x, n).proportion_ci(0.95, method)
            assert (ours.lower, ours.upper) == pytest.approx((theirs.low, theirs.high), abs=1e-10)


def test_nothing_of_14_is_said_with_its_upper_limit() -> None:
    assert clopper_pearson(0, 14).upper == pytest.approx(0.2316, abs=5e-5)


def test_exact_below_60_and_for_safety() -> None:
    assert [proportion(5, n).method for n in (59, 60)] == ["exact", "Wilson"]  # type: ignore[union-attr]
    assert proportion(5, 600, safety=True) == clopper_pearson(5, 600)


def test_of_nobody_there_is_none() -> None:
    assert proportion(0, 0) is None


@pytest.mark.parametrize(("x", "n"), [(4, 3), (-1, 3), (0, 0)])
def test_impossible_counts_are_an_error(x: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a proportion"):
        clopper_pearson(x, n)
