import pytest

from registry.domain.statistics.counting import count
from registry.domain.statistics.stored_tally import COLUMNS, stored_rows, tallies_of
from registry.domain.statistics.tally import Tally

A = count([(None, 3, 1), (1, 5, 2), (1, 5, 0)], causes=2).tally
B = count([(None, 4, 1)], causes=2).tally


def test_rows_and_back() -> None:
    rows = stored_rows({"A": A, "B": B})
    assert rows == [
        ("A", 1, 2, 0, 0, 0, 1),
        ("A", 3, 0, 1, 0, 0, 1),
        ("A", 5, 0, 0, 1, 1, 1),
        ("B", 4, 0, 1, 0, 0, 1),
    ]
    assert len(rows[0]) == len(COLUMNS)
    assert tallies_of(reversed(rows)) == {"A": A, "B": B}


def test_one_cause_has_no_competing_exits() -> None:
    assert stored_rows({"": count([(None, 4, 1), (None, 4, 0)]).tally}) == [("", 4, 0, 1, 0, 1, 2)]


def test_only_what_was_counted_is_stored() -> None:
    with pytest.raises(ValueError, match="one or two causes"):
        stored_rows({"A": Tally(0, (), 3)})
    with pytest.raises(ValueError, match="from the origin"):
        stored_rows({"A": A.given_alive_at(3)})


def test_rows_that_contradict_each_other() -> None:
    with pytest.raises(ValueError, match="A: n0 is 1 on one row and 2 on another"):
        tallies_of([("A", 4, 0, 1, 0, 0, 1), ("A", 5, 0, 1, 0, 0, 2)])
    with pytest.raises(ValueError, match="never left"):
        tallies_of([("A", 4, 0, 1, 0, 0, 2)])
