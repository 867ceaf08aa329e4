"""The states of a submission: a verdict is final, a dead letter can be replayed, every state can be reached."""

from itertools import product
from typing import get_args

from registry.domain.lifecycle import FINAL, MEANING, MOVES, State, may_move

STATES = set(get_args(State))


def test_every_state_has_a_meaning():
    assert set(MEANING) == STATES
    assert all(MEANING.values())


def test_moves_are_between_known_states():
    assert {state for move in MOVES for state in move} <= STATES


def test_no_path_leaves_a_final_state():
    assert FINAL <= STATES
    assert not [move for move in MOVES if move[0] in FINAL]


def test_every_state_can_be_reached_from_the_first():
    reached, before = {"received"}, set[str]()
    while reached != before:
        before = set(reached)
        reached |= {after for start, after in MOVES if start in reached}
    assert reached == STATES


def test_a_final_state_can_be_reached_from_every_state():
    """Nothing accepted for decision waits for ever: from each state there is a way to a verdict."""
    ending, before = set(FINAL), set[str]()
    while ending != before:
        before = set(ending)
        ending |= {start for start, after in MOVES if after in ending}
    assert ending == STATES


def test_may_move_says_what_the_table_says():
    assert {(a, b) for a, b in product(STATES, STATES) if may_move(a, b)} == MOVES
