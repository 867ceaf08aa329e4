import numpy as np
import pytest

from registry.domain.statistics.counting import Counted, Refusal, count
from registry.domain.statistics.counting_arrays import FROM_ORIGIN, count_arrays
from registry.domain.statistics.tally import Tally


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.int16])
@pytest.mark.parametrize("late", [True, False])
def test_the_same_as_row_by_row(dtype: type, late: bool) -> None:
    rng = np.random.default_rng(7)
    exits = rng.integers(-2, 300, 5000).astype(dtype)
    causes = rng.integers(-1, 4, 5000).astype(dtype)
    entries = (rng.integers(-3, 320, 5000) if late else np.full(5000, FROM_ORIGIN)).astype(dtype)
    rows = [
        (None if entry == FROM_ORIGIN else entry, day, cause)
        for entry, day, cause in zip(entries.tolist(), exits.tolist(), causes.tolist(), strict=True)
    ]
    by_row = count(rows, causes=2)
    assert count_arrays(exits, causes, entries, causes=2) == by_row
    assert set(by_row.refused) >= {Refusal.CAUSE_UNKNOWN, Refusal.EXIT_BEFORE_ORIGIN}
    if not late:
        assert count_arrays(exits, causes, causes=2) == by_row


def test_numbers_are_python_integers_that_do_not_overflow() -> None:
    tally = count_arrays(np.array([3, 4], dtype=np.int8), np.array([1, 0], dtype=np.int8)).tally
    assert type(tally.n0) is int
    assert all(type(number) is int for row in tally.days for number in (row.day, row.entries, row.censored))


def test_nobody() -> None:
    nothing = np.array([], dtype=np.int64)
    assert count_arrays(nothing, nothing) == Counted(Tally(0))


def test_floats_and_unequal_columns_are_an_error() -> None:
    days = np.array([1, 2])
    with pytest.raises(TypeError, match="integer columns"):
        count_arrays(np.array([1.0, np.nan]), days)
    with pytest.raises(TypeError, match="equal length"):
        count_arrays(days, np.array([1]))
