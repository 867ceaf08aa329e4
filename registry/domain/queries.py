"""The life of a data query: a finding the hospital must answer.

A query is known by case, rule and the fingerprint of the data that triggered it, so that a resubmission neither loses
an answer nor opens the same query twice. A query never changes data by itself.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from registry.domain.check import fingerprint
from registry.domain.findings import Finding

State = Literal["open", "answered", "closed"]

MEANING: dict[State, str] = {
    "open": "the hospital has not answered",
    "answered": "the hospital has answered; the registry has not read it yet",
    "closed": "settled: the data changed, or the answer was accepted",
}

MOVES: dict[tuple[State, str], State] = {
    ("open", "answer"): "answered",
    ("answered", "answer"): "answered",  # a second answer adds to the first
    ("open", "close"): "closed",  # by an admin, with a reason
    ("answered", "close"): "closed",
    ("answered", "reopen"): "open",
    ("closed", "reopen"): "open",
    ("open", "data_changed"): "closed",
    ("answered", "data_changed"): "closed",
    ("closed", "data_again"): "open",  # only where the data, not a person, had closed it
}


def move(state: State, action: str) -> State | None:
    """The state after the action, or None when it is not possible from there."""
    return MOVES.get((state, action))


def state_at(history: Sequence[Mapping[str, str]], when: datetime) -> State | None:
    """The state a query had at a time, from its history; None before it was opened."""
    state: State | None = None
    for entry in history:
        if datetime.fromisoformat(entry["at"]) > when:
            break
        state = "open" if state is None else MOVES.get((state, entry["action"]), state)
    return state


@dataclass(frozen=True, slots=True)
class Known:
    """A query as it is stored: its id, what it is about, and the last action in its history."""

    id: Any
    rule: str
    fingerprint: str
    state: State
    last_action: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be done with the queries of a case so that they say what its data say."""

    opened: tuple[tuple[Finding, str], ...]
    moved: tuple[tuple[Known, str, Finding | None], ...]


def reconcile(known: Iterable[Known], findings: Iterable[Finding]) -> Changes:
    """Compare the queries of a case with the findings its data now give."""
    stored = {(q.rule, q.fingerprint): q for q in known}
    asked = {(f.rule, fingerprint(f)): f for f in findings if f.severity == "query"}
    opened = tuple((f, key[1]) for key, f in asked.items() if key not in stored)
    moved: list[tuple[Known, str, Finding | None]] = []
    for key, query in stored.items():
        finding = asked.get(key)
        if finding is None and query.state != "closed":
            moved.append((query, "data_changed", None))
        elif finding is not None and query.state == "closed" and query.last_action == "data_changed":
            moved.append((query, "data_again", finding))
    return Changes(opened, tuple(moved))
