"""The faults: each is done to a registry at work and says whether there was anything to do it to."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import redis
from kombu.exceptions import OperationalError

from registry.bus import PRIORITY, Task
from registry.embedded.master_key import master_key_file
from tests.chaos.field import Field
from tests.e2e.running import descendants, surroundings

Fault = Callable[[Field, random.Random], bool]

AWAY = (ProcessLookupError, redis.exceptions.RedisError, psycopg.OperationalError, OSError)
"""What a fault meets while another one is at work."""


def _signal(pids: list[int], number: int) -> bool:
    sent = False
    for pid in filter(None, pids):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
            sent = True
    return sent


def _pause(pids: list[int], seconds: float) -> bool:
    """Stop processes and let them go on: a slow consumer, a machine that hangs."""
    stopped = _signal(pids, signal.SIGSTOP)
    time.sleep(seconds)
    _signal(pids, signal.SIGCONT)
    return stopped


# --- processes -----------------------------------------------------------------------------------------------


def kill_a_child(field: Field, chance: random.Random) -> bool:
    """kill -9 of one process that works on chunks."""
    return _signal(chance.choices(field.pids("worker")[1:] or [0]), signal.SIGKILL)


def kill_the_children(field: Field, _: random.Random) -> bool:
    """kill -9 of all of them at once."""
    return _signal(field.pids("worker")[1:], signal.SIGKILL)


def kill_the_worker(field: Field, _: random.Random) -> bool:
    """kill -9 of the parent of the worker."""
    return _signal(field.pids("worker")[:1], signal.SIGKILL)


def kill_all_of_the_worker(field: Field, _: random.Random) -> bool:
    """kill -9 of parent and children."""
    return _signal(field.pids("worker"), signal.SIGKILL)


def kill_the_api(field: Field, _: random.Random) -> bool:
    """kill -9 of the API, and with it of the rings that it has gathered."""
    return _signal(field.pids("api"), signal.SIGKILL)


def kill_beat(field: Field, _: random.Random) -> bool:
    """kill -9 of beat."""
    return _signal(field.pids("beat"), signal.SIGKILL)


def stop_the_worker(field: Field, _: random.Random) -> bool:
    """SIGTERM to the worker: it drains."""
    return _signal(field.pids("worker")[:1], signal.SIGTERM)


def stop_the_worker_cold(field: Field, _: random.Random) -> bool:
    """SIGQUIT to the worker: it ends in mid-chunk."""
    return _signal(field.pids("worker")[:1], signal.SIGQUIT)


def stop_the_api(field: Field, _: random.Random) -> bool:
    """SIGTERM to the API."""
    return _signal(field.pids("api"), signal.SIGTERM)


def renew_everything(field: Field, _: random.Random) -> bool:
    """A rolling restart of API, worker and beat."""
    return _signal([field.up.process.pid], signal.SIGUSR2)


def slow_child(field: Field, chance: random.Random) -> bool:
    """One process of the worker stands still in mid-work."""
    return _pause(field.pids("worker")[1:2], chance.uniform(1, 6))


def slow_worker(field: Field, chance: random.Random) -> bool:
    """The whole worker stands still."""
    return _pause(field.pids("worker"), chance.uniform(1, 4))


def slow_api(field: Field, chance: random.Random) -> bool:
    """The API stands still."""
    return _pause(field.pids("api"), chance.uniform(0.5, 3))


def second_beat(field: Field, chance: random.Random) -> bool:
    """Two beats at once."""
    found = field.pids("beat")
    if not found:
        return False
    servers = field.up.registry.servers
    environment = surroundings() | {
        "MPS_DATABASE_URL": servers.database_url,
        "MPS_REDIS_URL": servers.redis_url,
        "MPS_MASTER_KEY_FILE": str(master_key_file(field.up.registry.settings.data)),
        "MPS_SWEEP_EVERY_SECONDS": "0.5",
    }
    command = (sys.executable, "-m", "celery", "--quiet", "-A", "workers.app", "beat", "--pidfile", "")
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as beat:
        time.sleep(chance.uniform(4, 8))
        beat.kill()
    return True


def jumping_clocks(field: Field, chance: random.Random) -> bool:
    """The wall clock of each process is wrong by up to two hours, each by another amount."""
    if field.clock is None:
        return False
    field.set_clocks(chance, 2.0)
    return True


# --- queue ---------------------------------------------------------------------------------------------------


def kill_the_queue(field: Field, _: random.Random) -> bool:
    """kill -9 of Redis, which comes back empty."""
    return _signal(field.pids("queue"), signal.SIGKILL)


def flush_the_queue(field: Field, _: random.Random) -> bool:
    """FLUSHALL."""
    with field.queue() as queue:
        return bool(queue.flushall())


def slow_queue(field: Field, chance: random.Random) -> bool:
    """Redis stands still."""
    return _pause(field.pids("queue"), chance.uniform(1, 5))


def full_queue(field: Field, chance: random.Random) -> bool:
    """Redis has no memory left and refuses what is new."""
    with field.queue() as queue:
        queue.config_set("maxmemory", 1)
    time.sleep(chance.uniform(1, 4))
    for _ in range(50):
        with suppress(*AWAY), field.queue() as queue:
            queue.config_set("maxmemory", "256mb")
            return True
        time.sleep(0.2)
    return False


def cut_the_queues_clients(field: Field, _: random.Random) -> bool:
    """CLIENT KILL."""
    with field.queue() as queue:
        return bool(queue.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))


@contextmanager
def crowded(field: Field) -> Iterator[tuple[Any, list[str]]]:
    """The workers stand still until messages wait: (a client of the queue, the lists that hold some)."""
    stopped = field.pids("worker")
    _signal(stopped, signal.SIGSTOP)
    try:
        with field.queue() as queue:
            deadline = time.monotonic() + CROWD_WITHIN
            while (
                not (lists := [name for name in PRIORITY if queue.llen(name)]) and time.monotonic() < deadline
            ):
                time.sleep(0.05)
            yield queue, lists
    finally:
        _signal(stopped, signal.SIGCONT)


CROWD_WITHIN = 4.0


def lose_messages(field: Field, chance: random.Random) -> bool:
    """Some messages are gone."""
    with crowded(field) as (queue, lists):
        return sum(bool(queue.rpop(name, chance.randint(1, 5))) for name in lists) > 0


def double_messages(field: Field, _: random.Random) -> bool:
    """Every message that waits is there twice."""
    with crowded(field) as (queue, lists):
        return sum(bool(queue.rpush(name, *queue.lrange(name, 0, -1))) for name in lists) > 0


def reorder_messages(field: Field, chance: random.Random) -> bool:
    """The messages that wait are shuffled."""
    done = False
    with crowded(field) as (queue, lists):
        for name in lists:
            if held := queue.rpop(name, 1_000):
                queue.rpush(name, *chance.sample(held, len(held)))
                done = True
    return done


def delay_messages(field: Field, chance: random.Random) -> bool:
    """Messages come after what they ring for was decided, or long after."""
    with crowded(field) as (queue, lists):
        kept = {name: queue.rpop(name, chance.randint(1, 20)) for name in lists}
    time.sleep(chance.uniform(3, 15))
    with field.queue() as queue:
        return sum(bool(queue.lpush(name, *held)) for name, held in kept.items() if held) > 0


def ring_for_everything_again(field: Field, _: random.Random) -> bool:
    """Messages about submissions that were decided long ago, by every kind of ring."""
    with field.admin() as connection:
        ids = [
            str(row[0]) for row in connection.execute("SELECT id FROM submission ORDER BY random() LIMIT 50")
        ]
    if not ids:
        return False
    with suppress(OperationalError):  # of a queue that is away or full
        for task in (Task.PROCESS, Task.PROCESS_BULK):
            field.up.ring(task, ids)
        return True
    return False


# --- database ------------------------------------------------------------------------------------------------


def restart_the_database_fast(field: Field, _: random.Random) -> bool:
    """Open transactions are rolled back."""
    return _signal(field.pids("database")[:1], signal.SIGINT)


def restart_the_database_at_once(field: Field, _: random.Random) -> bool:
    """As if it crashed."""
    return _signal(field.pids("database")[:1], signal.SIGQUIT)


def crash_a_backend(field: Field, chance: random.Random) -> bool:
    """kill -9 of one of its processes: it starts all anew and replays its log."""
    with field.admin() as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'mps' AND pid <> pg_backend_pid()"
        ).fetchall()
    return bool(found) and _signal([chance.choice(found)[0]], signal.SIGKILL)


def cut_connections(field: Field, _: random.Random) -> bool:
    """pg_terminate_backend of every connection."""
    with field.admin() as connection:
        done = connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'mps'"
        )
        return bool(done.fetchall())


def slow_database(field: Field, chance: random.Random) -> bool:
    """All of PostgreSQL stands still."""
    (root, *_) = field.pids("database") or [0]
    return bool(root) and _pause([root, *descendants(root)], chance.uniform(1, 4))


def locked_table(field: Field, chance: random.Random) -> bool:
    """Somebody holds a table that everything needs."""
    with field.admin() as connection, connection.transaction():
        connection.execute("SET LOCAL lock_timeout = '5s'")
        connection.execute("LOCK TABLE record IN EXCLUSIVE MODE")
        time.sleep(chance.uniform(1, 3))
    return True


def deadlock(field: Field, _: random.Random) -> bool:
    """Somebody takes the tables in the other order; the worker is the one that the server sends away."""
    with field.admin() as connection:
        before = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = 'mps'").fetchone()
        with suppress(psycopg.errors.LockNotAvailable), connection.transaction():
            connection.execute("SET LOCAL deadlock_timeout = '1h'")
            connection.execute("SET LOCAL lock_timeout = '4s'")
            connection.execute("LOCK TABLE record IN EXCLUSIVE MODE")
            time.sleep(1.5)
            connection.execute("LOCK TABLE submission IN EXCLUSIVE MODE")
        time.sleep(0.5)  # the statistics follow
        after = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = 'mps'").fetchone()
    return after != before


def full_disk(field: Field, chance: random.Random) -> bool:
    """Nothing more can be written where the database is, as the database itself says."""
    if field.disk is None:
        return False
    refused = False
    with filled(field):
        try:
            with field.admin() as connection:
                connection.execute(
                    "CREATE TEMP TABLE more AS SELECT repeat('x', 1000) FROM generate_series(1, 2000)"
                )
        except psycopg.errors.DiskFull:
            refused = True
        time.sleep(chance.uniform(1, 4))
    return refused


@contextmanager
def filled(field: Field) -> Any:
    """The disk of the data is full for the length of a block."""
    assert field.disk is not None
    filler = field.disk / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while file.write(bytes(size)) == size:
                        pass
        yield
    finally:
        filler.unlink(missing_ok=True)


def jump_of_the_databases_clock(field: Field, chance: random.Random) -> bool:
    """The clock of the database is set: to every row it is as if that many seconds had passed, or had been given back."""
    by = f"{chance.choice((-7200, -1800, 900, 7200))} seconds"
    with field.admin() as connection:
        for table, column in (("submission", "ring_at"), ("attempt", "begun_at"), ("parcel", "rung_at")):
            where = "WHERE state = 'received'" if table == "submission" else ""
            connection.execute(f"UPDATE {table} SET {column} = {column} + %s::interval {where}", (by,))  # type: ignore[arg-type]
    return True


# --- poison --------------------------------------------------------------------------------------------------


def poison(kind: str) -> Fault:
    """A submission that breaks the process that reads it."""

    def sent(field: Field, chance: random.Random) -> bool:
        field.send_poison(f"POISON-{kind}-{chance.getrandbits(40)}")
        return True

    sent.__name__ = f"poison_that_{'is_deaf' if kind == 'DEAF' else kind.lower() + 's'}"
    return sent


FAULTS: dict[Fault, int] = {
    kill_a_child: 8, kill_the_children: 5, kill_the_worker: 6, kill_all_of_the_worker: 4, kill_the_api: 8, kill_beat: 4,
    stop_the_worker: 4, stop_the_worker_cold: 2, stop_the_api: 3, renew_everything: 3, slow_child: 5, slow_worker: 3, slow_api: 3, second_beat: 3,
    jumping_clocks: 5,
    kill_the_queue: 5, flush_the_queue: 6, slow_queue: 4, full_queue: 3, cut_the_queues_clients: 4, lose_messages: 8,
    double_messages: 6, reorder_messages: 5, delay_messages: 6, ring_for_everything_again: 4,
    restart_the_database_fast: 4, restart_the_database_at_once: 4, crash_a_backend: 4, cut_connections: 6, slow_database: 3,
    locked_table: 3, deadlock: 4, full_disk: 4, jump_of_the_databases_clock: 4,
    poison("RAISE"): 2, poison("HANG"): 1, poison("DEAF"): 1, poison("KILL"): 2, poison("EXIT"): 1,
}  # fmt: skip
"""Every fault, and how often it is drawn beside the others."""

WORST: tuple[Fault, ...] = (
    kill_the_children, kill_all_of_the_worker, kill_the_api, second_beat, jumping_clocks, kill_the_queue, flush_the_queue,
    lose_messages, double_messages, reorder_messages, restart_the_database_fast, restart_the_database_at_once,
    cut_connections, deadlock, full_disk,
)  # fmt: skip
"""Those that every run of the tests can afford."""
