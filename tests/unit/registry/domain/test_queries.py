"""The life of a query: moves as a table; opened, closed and opened again by the data, never over a person's head."""

from datetime import datetime
from typing import get_args

import pytest

from registry.domain.check import fingerprint
from registry.domain.findings import Finding
from registry.domain.queries import MEANING, MOVES, Known, State, move, reconcile, state_at

STATES = get_args(State)


def finding(rule="Q20", severity="query", message="first wording", pointer="/forms/function/0", **values):
    return Finding(rule, severity, pointer, message, "function", "2026-01-01", values or {"ecog": 3})


def known(of, state="open", last="opened"):
    return Known("id", of.rule, fingerprint(of), state, last)


class TestMoves:
    def test_every_state_has_a_meaning(self):
        assert set(MEANING) == set(STATES)

    def test_every_state_can_be_reached_and_left(self):
        assert set(MOVES.values()) == set(STATES)
        assert {before for before, _ in MOVES} == set(STATES)

    @pytest.mark.parametrize(
        ("state", "action", "after"),
        [
            ("open", "answer", "answered"),
            ("answered", "reopen", "open"),
            ("answered", "close", "closed"),
            ("closed", "answer", None),
            ("closed", "close", None),
            ("open", "reopen", None),
            ("closed", "data_changed", None),
            ("open", "data_again", None),
            ("open", "delete", None),
        ],
    )
    def test_move(self, state, action, after):
        assert move(state, action) == after


class TestReconcile:
    def test_a_new_finding_opens_a_query(self):
        new = finding()
        changes = reconcile([], [new])
        assert changes.opened == ((new, fingerprint(new)),)
        assert changes.moved == ()

    def test_the_same_finding_opens_it_once(self):
        assert len(reconcile([], [finding(), finding(pointer="/forms/function/7")]).opened) == 1

    @pytest.mark.parametrize("state", ["open", "answered"])
    def test_the_same_data_again_change_nothing(self, state):
        """Neither a new place in the message nor a new wording makes it another question."""
        again = finding(message="second wording", pointer="/forms/function/4")
        changes = reconcile([known(finding(), state, "answer")], [again])
        assert (changes.opened, changes.moved) == ((), ())

    def test_other_values_are_another_question(self):
        old, new = finding(ecog=3), finding(ecog=4)
        changes = reconcile([known(old)], [new])
        assert [f for f, _ in changes.opened] == [new]
        assert [(q.fingerprint, action) for q, action, _ in changes.moved] == [
            (fingerprint(old), "data_changed")
        ]

    @pytest.mark.parametrize("state", ["open", "answered"])
    def test_data_that_no_longer_say_so_close_it(self, state):
        (moved,) = reconcile([known(finding(), state)], []).moved
        assert moved[1:] == ("data_changed", None)
        assert move(state, moved[1]) == "closed"

    def test_data_that_say_so_again_open_it_again(self):
        again = finding()
        (moved,) = reconcile([known(finding(), "closed", "data_changed")], [again]).moved
        assert moved[1:] == ("data_again", again)
        assert move("closed", moved[1]) == "open"

    def test_what_a_person_closed_stays_closed(self):
        changes = reconcile([known(finding(), "closed", "close")], [finding()])
        assert (changes.opened, changes.moved) == ((), ())

    def test_what_is_closed_and_gone_stays_as_it_is(self):
        assert reconcile([known(finding(), "closed", "data_changed")], []).moved == ()

    @pytest.mark.parametrize("severity", ["note", "reject"])
    def test_only_a_query_is_asked(self, severity):
        assert reconcile([], [finding(severity=severity)]).opened == ()

    def test_a_second_time_there_is_nothing_to_do(self):
        findings = [finding(ecog=n) for n in range(3)]
        stored = [Known(i, f.rule, fingerprint(f), "open", "opened") for i, f in enumerate(findings)]
        changes = reconcile(stored, findings)
        assert (changes.opened, changes.moved) == ((), ())


class TestStateAt:
    HISTORY = (
        {"action": "opened", "at": "2026-01-01T10:00:00+00:00"},
        {"action": "answer", "at": "2026-01-02T10:00:00+00:00"},
        {"action": "close", "at": "2026-01-03T10:00:00+00:00"},
    )

    @pytest.mark.parametrize(
        ("when", "state"),
        [
            ("2025-12-31T00:00:00+00:00", None),
            ("2026-01-01T10:00:00+00:00", "open"),
            ("2026-01-02T11:00:00+00:00", "answered"),
            ("2026-01-04T00:00:00+00:00", "closed"),
        ],
    )
    def test_replays_the_history(self, when, state):
        assert state_at(self.HISTORY, datetime.fromisoformat(when)) == state
