import random

import pytest

from registry.domain.statistics.counting import count
from registry.domain.statistics.tally import DayCount, Tally

# two observed from the origin, three who enter on days 0, 2 and 2; two causes
ROWS = [(None, 0, 1), (None, 5, 0), (0, 3, 2), (2, 5, 1), (2, 9, 1)]
TALLY = count(ROWS, causes=2).tally


def test_rows_of_days() -> None:
    expected = Tally(
        n0=2,
        days=(
            DayCount(0, 1, (1, 0), 0),
            DayCount(2, 2, (0, 0), 0),
            DayCount(3, 0, (0, 1), 0),
            DayCount(5, 0, (1, 0), 1),
            DayCount(9, 0, (1, 0), 0),
        ),
        causes=2,
    )
    assert expected == TALLY


def test_totals() -> None:
    assert (TALLY.n, TALLY.n0, TALLY.events, TALLY.censored) == (5, 2, (3, 1), 1)
    assert TALLY.delayed
    assert TALLY.last_day == 9
    assert TALLY.person_days == 0 + 5 + 3 + 3 + 7


def test_at_risk_is_entry_before_the_day_and_exit_not_before_it() -> None:
    assert [(row.day, at_risk) for row, at_risk in TALLY.risk_sets()] == [(0, 2), (3, 4), (5, 3), (9, 1)]


def test_parts_merge_in_any_order() -> None:
    parts = [count([row], causes=2).tally for row in ROWS]
    for seed in range(20):
        random.Random(seed).shuffle(parts)
        assert Tally.merged(parts, causes=2) == TALLY
        assert sum(parts[1:], start=parts[0]) == TALLY
    assert Tally.merged([], causes=2) == Tally(0, (), 2)


def test_tallies_of_different_kinds_do_not_add() -> None:
    with pytest.raises(ValueError, match="do not add"):
        TALLY + Tally(0)
    with pytest.raises(ValueError, match="do not add"):
        Tally.merged([TALLY, TALLY.given_alive_at(2)])


def test_counts_in_any_shape_are_put_in_order() -> None:
    loose = [
        DayCount(7, 0, (1,), 0),
        DayCount(3, 0, (0,), 1),
        DayCount(7, 0, (0,), 1),
        DayCount(4, 0, (0,), 0),
    ]
    assert Tally.of(3, loose).days == (DayCount(3, 0, (0,), 1), DayCount(7, 0, (1,), 1))


def test_one_cause_with_the_others_censored() -> None:
    responses = TALLY.only(1)
    assert (responses.events, responses.censored, responses.n) == ((3,), 2, 5)
    assert TALLY.only(2).events == (1,)
    with pytest.raises(ValueError, match="no cause 0"):
        TALLY.only(0)


def test_reversed_exchanges_events_and_censoring() -> None:
    assert (TALLY.reversed().events, TALLY.reversed().censored) == ((1,), 4)


def test_given_alive_at_keeps_who_leaves_later() -> None:
    later = TALLY.given_alive_at(3)
    assert (later.start, later.n0, later.n) == (3, 3, 3)
    assert [row.day for row in later.days] == [5, 9]
    assert later.person_days == 2 + 2 + 6
    assert TALLY.given_alive_at(1).n0 == 2  # the one from the origin and the one who entered on day 0
    assert TALLY.given_alive_at(0) is TALLY
    assert later.given_alive_at(5) == TALLY.given_alive_at(5)
    with pytest.raises(ValueError, match="conditioned on day 3 already"):
        later.given_alive_at(2)


@pytest.mark.parametrize(
    ("n0", "days", "what"),
    [
        (1, (DayCount(4, 0, (2,), 0),), "2 left on day 4 with 1 at risk"),
        (0, (DayCount(4, 1, (1,), 0),), "1 left on day 4 with 0 at risk"),
        (2, (DayCount(4, 0, (1,), 0),), "1 entered and never left"),
        (1, (DayCount(4, 0, (1, 0), 0),), "2 causes"),
        (1, (DayCount(4, 0, (2,), -1),), "negative"),
        (1, (DayCount(4, 0, (0,), 0),), "no count"),
        (2, (DayCount(4, 0, (1,), 0), DayCount(4, 0, (1,), 0)), "not after day 4"),
        (1, (DayCount(-1, 0, (1,), 0),), "not after"),
        (-1, (), "impossible"),
    ],
)
def test_contradictory_counts_are_an_error(n0: int, days: tuple[DayCount, ...], what: str) -> None:
    with pytest.raises(ValueError, match=what):
        Tally(n0, days)
