"""The sweeper rings for what has not moved, counts the tries of dead workers, and leaves the rest alone."""

import base64
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text

from registry.bus import PRIORITY
from registry.pipeline.chunk import run_chunk
from registry.pipeline.sweep import CROWD, sweep
from registry.store import attempts
from tests.factories import many


@pytest.fixture
def swept(registry):
    """Sweep; gives how many were rung for."""

    def now():
        with registry.work() as work:
            return sweep(work, registry.settings)

    return now


@pytest.fixture
def rung(registry):
    """The ids in the messages of each queue, which is emptied."""

    def take():
        redis = registry.redis()
        found = {}
        for queue in PRIORITY:
            messages = redis.lrange(queue, 0, -1)
            redis.delete(queue)
            if messages:
                found[queue] = [ids_in(message) for message in messages[::-1]]
        return found

    take()
    return take


def ids_in(message):
    """The ids that a message carries, and nothing else but ids."""
    arguments, keywords, _ = orjson.loads(base64.b64decode(orjson.loads(message)["body"]))
    assert keywords == {}
    return arguments[0]


@pytest.fixture
def pass_time(registry):
    """Make everything in the database older."""

    def by(seconds):
        with registry.work() as work:
            for table, column in (("submission", "ring_at"), ("attempt", "begun_at")):
                change = f"UPDATE {table} SET {column} = {column} - CAST(:age AS interval)"
                work.session.execute(text(change), {"age": timedelta(seconds=seconds)})

    return by


def test_a_submission_rings_once_it_is_committed(receive, rung):
    (one,) = receive(*many(1))
    assert rung() == {"intake": [[str(one)]]}


def test_what_is_young_is_left_alone(receive, swept, rung):
    receive(*many(2))
    rung()
    assert swept() == 0
    assert rung() == {}


def test_what_has_not_moved_is_rung_again_and_then_waits(receive, swept, rung, pass_time, registry):
    ids = receive(*many(3))
    rung()
    pass_time(registry.settings.sweep_after_seconds + 1)
    assert swept() == 3
    assert rung() == {"bulk": [[str(one) for one in ids]]}
    assert swept() == 0
    pass_time(registry.settings.sweep_after_seconds + 1)
    assert swept() == 3


def test_what_lies_in_the_queue_is_not_rung_for_again_for_long(receive, registry, pass_time):
    """Else a backlog that takes longer than the sweeper's patience would fill the queue faster than it is worked off."""
    receive(*many(3))
    pass_time(2 * registry.settings.sweep_after_seconds)
    for queued, rung in ((CROWD + 1, 0), (CROWD, 3)):
        with registry.work() as work:
            assert sweep(work, registry.settings, queued=queued) == rung
    pass_time(20 * registry.settings.sweep_after_seconds)
    with registry.work() as work:
        assert sweep(work, registry.settings, queued=CROWD + 1) == 3


def test_the_next_try_waits_for_no_backlog(receive, registry, rows):
    receive(*many(3))
    rows("UPDATE submission SET attempts = 1, ring_at = now() RETURNING 1")
    with registry.work() as work:
        assert sweep(work, registry.settings, queued=CROWD + 1) == 3


def test_what_is_decided_is_never_rung(receive, swept, registry, pass_time):
    run_chunk(registry.work, registry.settings, receive(*many(3)))
    pass_time(1_000)
    assert swept() == 0


class TestDeadWorker:
    @pytest.fixture
    def abandoned(self, receive, registry, rung, pass_time):
        """Submissions that a worker began and never ended; begun long ago."""
        ids = receive(*many(3))
        rung()

        def again():
            with registry.work() as work:
                attempts.begin(work.session, ids)
            pass_time(1_000)
            return ids

        again.ids = ids
        return again

    def test_is_counted_and_each_is_rung_alone(self, abandoned, swept, rung, rows):
        ids = abandoned()
        assert swept() == 3
        assert {row.attempts for row in rows("SELECT attempts FROM submission")} == {1}
        assert rung() == {"intake": [[str(one)] for one in ids]}
        assert rows("SELECT 1 FROM attempt") == []

    def test_too_often_is_a_dead_letter(self, abandoned, swept, rows, registry):
        for _ in range(registry.settings.max_attempts):
            abandoned()
            swept()
        found = rows("SELECT state, error FROM submission")
        assert {row.state for row in found} == {"failed"}
        assert {row.error for row in found} == {"the worker died while it was working on it"}
        assert swept() == 0

    def test_does_not_touch_what_was_decided_meanwhile(self, abandoned, swept, rows, registry):
        ids = abandoned()
        run_chunk(registry.work, registry.settings, ids)
        assert swept() == 0
        assert {(row.state, row.attempts) for row in rows("SELECT state, attempts FROM submission")} == {
            ("accepted", 0)
        }

    def test_one_that_only_began_is_not_dead_yet(self, receive, swept, rows, registry):
        ids = receive(*many(1))
        with registry.work() as work:
            attempts.begin(work.session, ids)
        swept()
        assert len(rows("SELECT 1 FROM attempt")) == 1
        assert [row.attempts for row in rows("SELECT attempts FROM submission")] == [0]

    def test_one_that_lives_is_neither_counted_nor_waited_for(self, abandoned, swept, rows, registry):
        """However long it takes: it holds the mark of its attempt."""
        abandoned()
        with registry.engine.connect() as worker:
            worker.execute(text("SELECT 1 FROM attempt FOR UPDATE"))
            worker.execute(text("SELECT 1 FROM submission FOR UPDATE"))
            assert swept() == 0
            worker.rollback()
        assert [row.attempts for row in rows("SELECT attempts FROM submission")] == [0, 0, 0]
        assert swept() == 3

    def test_a_clock_that_was_set_back_hides_nothing(self, abandoned, swept, rows, registry, pass_time):
        abandoned()
        pass_time(-4_000)  # as seen from an hour before
        assert swept() == 3
        assert {row.attempts for row in rows("SELECT attempts FROM submission")} == {1}
