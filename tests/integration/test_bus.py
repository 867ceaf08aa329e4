"""The bus: rung after the commit, forgotten on a rollback, into one queue, with the correlation id and nothing else."""

import base64
import subprocess
import sys

import orjson
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from registry.bus import CORRELATION_HEADER, PRIORITY, QUEUES, Task, publish


def messages(registry):
    """What lies in the queues, as the broker holds it."""
    redis = registry.redis()
    return {queue: [orjson.loads(one) for one in redis.lrange(queue, 0, -1)] for queue in PRIORITY}


@pytest.mark.parametrize("task", Task)
def test_a_ring_goes_into_the_queue_of_its_task_and_no_other(registry, task):
    publish(task, ([1],))
    found = {queue: len(held) for queue, held in messages(registry).items() if held}
    assert found == {QUEUES[task]: 1}


def test_nothing_is_rung_before_the_commit(registry):
    with registry.work() as work:
        work.ring(Task.SWEEP)
        assert not any(messages(registry).values())
    assert len(messages(registry)["upkeep"]) == 1


def ring_and(registry, then):
    with registry.work() as work:
        work.ring(Task.SWEEP)
        then(work)


def test_a_rollback_forgets_the_rings(registry):
    with pytest.raises(ZeroDivisionError):
        ring_and(registry, lambda work: 1 / 0)
    assert not any(messages(registry).values())


def test_a_commit_that_fails_rings_nothing(registry):
    """A constraint that is checked only at the commit."""
    with registry.work() as work:
        work.session.execute(text("CREATE TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
    try:
        with pytest.raises(IntegrityError):
            ring_and(registry, lambda work: work.session.execute(text("INSERT INTO late VALUES (1), (1)")))
        assert not any(messages(registry).values())
    finally:
        with registry.work() as work:
            work.session.execute(text("DROP TABLE late"))


def test_the_correlation_id_travels_in_the_header_and_ids_in_the_body(registry):
    with structlog.contextvars.bound_contextvars(correlation_id="hospital-4711"):
        publish(Task.PROCESS, (["018f0000-0000-7000-8000-000000000000"],))
    (message,) = messages(registry)["intake"]
    assert message["headers"][CORRELATION_HEADER] == "hospital-4711"
    arguments, keywords, _ = orjson.loads(base64.b64decode(message["body"]))
    assert (arguments, keywords) == ([["018f0000-0000-7000-8000-000000000000"]], {})


AWAY_AND_BACK = """
import sys, time
from registry.bus import Task, configure, publish
from registry.settings import Settings
from registry.store.database import Work, create_engine
from sqlmodel import Session

configure(Settings(), sys.argv[1])
began = time.monotonic()
with Work(Session(create_engine(sys.argv[2])), publish) as work:
    for _ in range(1_000):
        work.ring(Task.PROCESS, ["id"])
assert time.monotonic() - began < 1, "a request must not wait for the broker"
assert not publish(Task.PROCESS, (["id"],))
print("away", flush=True)
sys.stdin.readline()
for _ in range(3):
    assert publish(Task.PROCESS, (["id"],))
print("back", flush=True)
"""


def test_a_broker_that_is_away_costs_no_time_and_is_found_again(registry, tmp_path):
    """In a process of its own: this one's connections lead to a broker that is there. The way there is made later."""
    url, way = registry.servers.redis_url, tmp_path / "valkey.sock"
    if not url.startswith("unix://"):
        pytest.skip("the way to the queue can be made and unmade only where it is a socket")
    broker = f"redis+socket://{way}?virtual_host={url.partition('db=')[2]}"
    command = (sys.executable, "-c", AWAY_AND_BACK, broker, registry.servers.database_url)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(3)]
        assert [("ring_failed" in line) for line in said] == [True, True, False]
        assert said[2] == "away\n"
        way.symlink_to(url.removeprefix("unix://").partition("?")[0])
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert process.stdout.readline() == "back\n"
    assert process.returncode == 0
    assert len(messages(registry)["intake"]) == 3
