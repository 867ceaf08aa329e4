import math
import random

import pytest

from registry.domain.statistics.counting import Counted, Refusal, count
from registry.domain.statistics.tally import Tally


def test_censored_is_cause_zero() -> None:
    counted = count([(None, 4, 0), (None, 4, 1), (None, 6, 1)])
    assert counted.refused == {}
    assert (counted.tally.events, counted.tally.censored) == ((2,), 1)


def test_nobody() -> None:
    assert count([]) == Counted(Tally(0))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ((None, None, 1), Refusal.EXIT_MISSING),
        ((None, 5, None), Refusal.CAUSE_MISSING),
        ((None, 5, 2), Refusal.CAUSE_UNKNOWN),
        ((None, 5, -1), Refusal.CAUSE_UNKNOWN),
        ((None, -1, 1), Refusal.EXIT_BEFORE_ORIGIN),
        ((-1, 5, 1), Refusal.ENTRY_BEFORE_ORIGIN),
        ((6, 5, 1), Refusal.ENTRY_AFTER_EXIT),
        ((5, 5, 1), Refusal.NO_TIME_AT_RISK),
        ((0, 0, 1), Refusal.NO_TIME_AT_RISK),
        ((None, math.nan, 1), Refusal.NOT_A_DAY),
        ((None, 5, math.nan), Refusal.NOT_A_DAY),
        ((None, 5.5, 1), Refusal.NOT_A_DAY),
        ((None, 5.0, 1), Refusal.NOT_A_DAY),
        ((math.nan, 5, 1), Refusal.NOT_A_DAY),
        ((None, True, 1), Refusal.NOT_A_DAY),
        ((None, 5, True), Refusal.NOT_A_DAY),
    ],
)
def test_bad_rows_are_refused_by_reason_and_change_nothing(
    row: tuple[int, int, int], reason: Refusal
) -> None:
    good = [(None, 3, 1), (1, 8, 0)]
    counted = count([good[0], row, good[1], row])
    assert counted.refused == {reason: 2}
    assert counted.n_refused == 2
    assert counted.tally == count(good).tally


def test_death_on_day_0_counts_when_observed_from_the_origin() -> None:
    assert count([(None, 0, 1)]).tally.n == 1


def test_parts_add_up_with_their_refusals() -> None:
    rows = [(None, i % 7 - 1, i % 3) for i in range(60)]
    whole = count(rows)
    random.Random(1).shuffle(rows)
    parts = [count(rows[i::4]) for i in range(4)]
    merged = parts[2] + parts[0] + parts[3] + parts[1]
    assert merged == whole
    assert list(merged.refused) == [Refusal.CAUSE_UNKNOWN, Refusal.EXIT_BEFORE_ORIGIN]
