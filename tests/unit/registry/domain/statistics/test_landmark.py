"""Eight made-up patients who all die: credit for living long enough to respond, and its removal."""

import math

import pytest

from registry.domain.statistics.counting import Refusal, count
from registry.domain.statistics.kaplan_meier import kaplan_meier
from registry.domain.statistics.landmark import LeftOut, landmark
from registry.domain.statistics.quantiles import median

DEATH_AND_RESPONSE = [(2, None), (3, None), (4, None), (5, 4), (6, 1), (9, 2), (10, 5), (12, 3)]
PEOPLE = [((None, death, 1), response) for death, response in DEATH_AND_RESPONSE]


def test_ever_against_never_is_the_trap() -> None:
    ever = count([row for row, response in PEOPLE if response is not None]).tally
    never = count([row for row, response in PEOPLE if response is None]).tally
    assert (median(kaplan_meier(ever)).day, median(kaplan_meier(never)).day) == (9, 3)


def test_landmark_at_3() -> None:
    split = landmark(PEOPLE, 3)
    assert [row.day for row in split.responders.days] == [3, 6, 9]  # die 6, 9, 12
    assert [row.day for row in split.non_responders.days] == [1, 2, 7]  # die 4, 5, 10
    assert median(kaplan_meier(split.responders)).day == 6
    assert median(kaplan_meier(split.non_responders)).day == 2
    assert split.left_out == {LeftOut.EVENT: 2}
    assert split.responded_later == 2
    assert split.refused == {}


def test_everybody_is_somewhere() -> None:
    people = [
        *PEOPLE,
        ((None, 2, 0), None),
        ((None, 9, 0), 12),
        ((None, 9, 0), -1),
        ((None, 9, 0), math.nan),
        ((None, None, 1), 2),
        ((5, 4, 1), None),
    ]
    split = landmark(people, 3)
    assert split.left_out == {LeftOut.EVENT: 2, LeftOut.CENSORED: 1, LeftOut.RESPONSE_UNSOUND: 3}
    assert split.refused == {Refusal.EXIT_MISSING: 1, Refusal.ENTRY_AFTER_EXIT: 1}
    counted = split.responders.n + split.non_responders.n
    assert counted + sum(split.left_out.values()) + sum(split.refused.values()) == len(people)


def test_response_on_the_landmark_counts_and_exit_on_it_is_left_out() -> None:
    split = landmark([((None, 9, 1), 3), ((None, 3, 1), 1)], 3)
    assert (split.responders.n, split.non_responders.n, split.left_out) == (1, 0, {LeftOut.EVENT: 1})


def test_who_entered_by_the_landmark_is_observed_from_it() -> None:
    split = landmark([((1, 9, 1), None), ((3, 9, 1), None), ((5, 9, 1), None)], 3)
    assert (split.non_responders.n0, split.non_responders.n) == (2, 3)
    assert [(row.day, row.entries) for row in split.non_responders.days] == [(2, 1), (6, 0)]


def test_causes_are_kept() -> None:
    split = landmark([((None, 9, 2), 1), ((None, 8, 1), 1)], 3, causes=2)
    assert split.responders.events == (1, 1)


def test_a_landmark_before_the_origin_is_an_error() -> None:
    with pytest.raises(ValueError, match="after the origin"):
        landmark(PEOPLE, -1)
