"""Chunks under faults: the bad one ends alone as a dead letter, and faults of the machinery are nobody's fault."""

import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from registry.pipeline.chunk import run_chunk
from registry.pipeline.dead_letters import dead, replay, waiting
from tests.factories import a_submission, many
from tests.integration.conftest import SECONDS
from tests.waiting import until

POISON = """
    CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.pseudonym LIKE 'BAD%' THEN RAISE EXCEPTION 'cannot store %', NEW.pseudonym; END IF; RETURN NEW;
    END $$;
    CREATE TRIGGER poison BEFORE INSERT ON "case" FOR EACH ROW EXECUTE FUNCTION poison();
"""
"""A fault that is neither in the data nor in the connection, and that the code does not know."""


@pytest.fixture
def poisoned(registry):
    """Cases whose name begins with BAD break the database's write; the function given ends that."""
    with registry.work() as work:
        work.session.execute(text(POISON))

    def cure():
        with registry.work() as work:
            work.session.execute(text("DROP FUNCTION IF EXISTS poison CASCADE"))

    yield cure
    cure()


@pytest.fixture
def run(registry):
    return lambda ids: run_chunk(registry.work, registry.settings, ids)


class TestPoison:
    def test_takes_none_of_its_neighbours_with_it(self, poisoned, receive, run, rows):
        documents = many(9)
        documents.insert(3, a_submission("BAD-1"))
        documents.insert(7, a_submission("BAD-2"))
        assert run(receive(*documents)) == 9
        found = rows(
            "SELECT pseudonym, state, attempts, error, ring_at > now() AS later FROM submission ORDER BY id"
        )
        for row in found:
            if row.pseudonym.startswith("BAD"):
                assert (row.state, row.attempts, row.later) == ("received", 1, True)
            else:
                assert (row.state, row.attempts, row.error) == ("accepted", 0, None)
        assert rows("SELECT 1 FROM attempt") == []

    def test_the_reason_names_kind_and_place_and_no_data(self, poisoned, receive, run, rows):
        run(receive(a_submission("BAD-1")))
        (row,) = rows("SELECT error FROM submission")
        assert row.error.startswith("RaiseException in registry.store.") or " in registry.store." in row.error
        assert "BAD" not in row.error

    def test_ends_as_a_dead_letter_after_its_tries(self, poisoned, receive, run, rows, registry):
        (bad,) = receive(a_submission("BAD-1"))
        for _ in range(registry.settings.max_attempts):
            assert run([bad]) == 0
        (row,) = rows("SELECT state, attempts, decided_at FROM submission")
        assert (row.state, row.attempts) == ("failed", 3)
        assert row.decided_at is not None
        assert run([bad]) == 0
        with registry.work() as work:
            (letter,) = dead(work)
            assert waiting(work) == {"waiting": 0, "failed": 1}
        assert (letter["id"], letter["site"], letter["attempts"]) == (bad, "KND", 3)
        assert letter["age_seconds"] >= 0

    def test_is_replayed_once_and_then_accepted(self, poisoned, receive, run, rows, state, registry):
        (bad,) = receive(a_submission("BAD-1"))
        for _ in range(registry.settings.max_attempts):
            run([bad])
        poisoned()
        effects = []
        for _ in range(2):
            with registry.work() as work:
                effects.append(replay(work, ids=[bad], actor="test"))
        assert effects == [1, 0]
        assert run([bad]) == 1
        assert state(bad) == "accepted"
        assert [
            row.action
            for row in rows("SELECT action FROM event WHERE subject = :id ORDER BY id", id=str(bad))
        ] == [
            "submission.failed",
            "submission.replayed",
            "submission.accepted",
        ]

    def test_dead_letters_are_found_by_their_reason(self, poisoned, receive, run, registry):
        (bad,) = receive(a_submission("BAD-1"))
        for _ in range(registry.settings.max_attempts):
            run([bad])
        with registry.work() as work:
            assert [one["id"] for one in dead(work, reason="registry.store")] == [bad]
            assert dead(work, reason="the worker died") == []
            assert dead(work, reason="100%") == []


class TestMachinery:
    def test_a_cut_connection_counts_no_try_and_loses_nothing(self, receive, run, rows, state, registry):
        """The chunk waits for a case that another holds; there its connection is cut."""
        ids, caught = receive(*many(3)), []

        def work():
            try:
                run(ids)
            except OperationalError as error:
                caught.append(error)

        with registry.engine.connect() as other:
            other.execute(text('LOCK TABLE "case" IN ACCESS EXCLUSIVE MODE'))
            thread = threading.Thread(target=work)
            thread.start()
            (pid,) = until(
                lambda: rows(
                    "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
            )
            rows("SELECT pg_terminate_backend(:pid)", pid=pid.pid)
            other.rollback()
        thread.join(SECONDS)
        assert len(caught) == 1
        found = rows("SELECT state, attempts FROM submission")
        assert {(row.state, row.attempts) for row in found} == {("received", 0)}
        assert rows("SELECT 1 FROM attempt") == []
        assert run(ids) == 3
        assert {state(one) for one in ids} == {"accepted"}
