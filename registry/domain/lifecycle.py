"""The states of a submission, as a table: what each means and which moves there are."""

from typing import Literal

State = Literal["received", "accepted", "rejected", "failed"]

MEANING: dict[State, str] = {
    "received": "stored; the verdict is still to come",
    "accepted": "its records are part of the case",
    "rejected": "sent back with reasons; nothing of it entered the case",
    "failed": "a dead letter: it could not be decided for a reason that is not in the data; an operator replays it",
}

FINAL: frozenset[State] = frozenset({"accepted", "rejected"})

MOVES: frozenset[tuple[State, State]] = frozenset(
    {
        ("received", "accepted"),
        ("received", "rejected"),
        ("received", "failed"),
        ("failed", "received"),  # replay
    }
)


def may_move(before: State, after: State) -> bool:
    """True when a submission may go from one state to the other."""
    return (before, after) in MOVES
