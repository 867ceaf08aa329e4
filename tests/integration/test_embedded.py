"""The embedded servers: real starts, real kills. Every wait has a deadline."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
import redis
import sqlalchemy
from kombu.connection import Connection

from registry import embedded
from tests.waiting import until

OWNER = """
import pathlib, signal, sys
from registry import embedded
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job would ignore it
with embedded.start(pathlib.Path(sys.argv[1])):
    print("started", flush=True)
    signal.pause()
"""

FORKING_OWNER = OWNER.replace(
    "    signal.pause()",
    """
    import os
    if fork := os.fork():
        print(fork, flush=True)
    signal.pause()
""",
)

ATTACHER = """
import pathlib, sys
from registry import embedded
data_dir = pathlib.Path(sys.argv[1])
print(embedded.attach(data_dir).database_url)
try:
    with embedded.start(data_dir):
        pass
except embedded.AlreadyRunning as error:
    print(error)
"""


def alive(pid: int) -> bool:
    """Whether a process lives; one that ended and was not collected by its parent does not."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return sys.platform != "linux" and subprocess.run(("ps", "-p", str(pid)), check=False).returncode == 0


def record(data_dir: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((data_dir / "servers.json").read_text())
    return found


def processes(data_dir: Path) -> dict[str, int]:
    """The process ids of the keeper and its servers."""
    return {
        "keeper": int(record(data_dir)["keeper"]),
        "postgres": int((data_dir / "postgres" / "postmaster.pid").read_text().splitlines()[0]),
        "valkey": redis.from_url(record(data_dir)["redis_url"]).info("server")["process_id"],
    }


def query(database_url: str, sql: LiteralString) -> list[tuple[object, ...]]:
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def remember(data_dir: Path) -> None:
    """Commit a row that must survive whatever comes next."""
    query(record(data_dir)["database_url"], "CREATE TABLE kept AS SELECT 42 AS n")


def remembers(data_dir: Path) -> bool:
    with embedded.start(data_dir) as servers:
        return query(servers.database_url, "SELECT n FROM kept") == [(42,)]


@contextmanager
def owner_of(data_dir: Path, script: str = OWNER, started: bool = True) -> Iterator[subprocess.Popen[str]]:
    """A process that starts the servers of a folder, in a group of its own as in a terminal; none of it stays."""
    argv = (sys.executable, "-c", script, str(data_dir))
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, start_new_session=True) as owner:
        assert owner.stdout is not None
        try:
            assert not started or owner.stdout.readline() == "started\n"
            yield owner
        finally:
            with suppress(ProcessLookupError):
                os.killpg(owner.pid, signal.SIGKILL)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="mps-test-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[Path, embedded.Servers]]:
    """Servers for the tests that do them no harm."""
    with tempfile.TemporaryDirectory(prefix="mps-test-") as folder, embedded.start(Path(folder)) as servers:
        yield Path(folder), servers


def test_the_database_is_set_up_as_promised(
    running: tuple[Path, embedded.Servers], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")  # the address must not depend on it
    engine = sqlalchemy.create_engine(running[1].database_url)
    with engine.connect() as connection:
        shown = {
            name: connection.exec_driver_sql(f"SHOW {name}").scalar()
            for name in ("fsync", "synchronous_commit", "listen_addresses", "max_connections", "timezone")
        }
        database = connection.exec_driver_sql(
            "SELECT datname, pg_encoding_to_char(encoding), datlocale FROM pg_database WHERE datname = current_database()"
        ).one()
    engine.dispose()
    assert shown == {
        "fsync": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "max_connections": "200",
        "timezone": "UTC",
    }
    assert tuple(database) == ("mps", "UTF8", "C.UTF-8")


def test_a_refused_row_does_not_reach_the_log(running: tuple[Path, embedded.Servers]) -> None:
    data_dir, servers = running
    query(servers.database_url, "CREATE TABLE patient (name text PRIMARY KEY)")
    query(servers.database_url, "INSERT INTO patient VALUES ('Erika Mustermann')")
    with pytest.raises(psycopg.errors.UniqueViolation):
        query(servers.database_url, "INSERT INTO patient VALUES ('Erika Mustermann')")
    log = (data_dir / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "Mustermann" not in log


def test_the_queue_is_set_up_as_promised(running: tuple[Path, embedded.Servers]) -> None:
    with redis.from_url(running[1].redis_url) as client:
        shown = client.config_get("save", "appendonly", "maxmemory-policy", "port")
    assert shown == {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction", "port": "0"}


def test_celery_speaks_to_the_queue(running: tuple[Path, embedded.Servers]) -> None:
    """With the transport options of the bus: without ack emulation no message is held in `unacked`."""
    options = {"ack_emulation": False, "queue_order_strategy": "priority", "socket_connect_timeout": 2}
    with Connection(running[1].broker_url, transport_options=options) as connection:  # type: ignore[no-untyped-call]
        queue = connection.SimpleQueue("doorbell")
        queue.put({"ids": [1, 2, 3]})
        message = queue.get(timeout=10)
        with redis.from_url(running[1].redis_url) as client:
            assert not [key for key in client.scan_iter() if b"unacked" in key]
        message.ack()
        queue.close()
    assert message.payload == {"ids": [1, 2, 3]}


@pytest.mark.parametrize(
    ("redis_url", "expected"),
    [
        ("redis://:secret@host:6379/3", "redis://:secret@host:6379/3"),
        ("unix:///tmp/v.sock?db=3", "redis+socket:///tmp/v.sock?virtual_host=3"),
        ("unix:///tmp/v.sock", "redis+socket:///tmp/v.sock?virtual_host=0"),
    ],
)
def test_the_address_for_celery(redis_url: str, expected: str) -> None:
    assert embedded.broker_url(redis_url) == expected


def test_sockets_and_record_are_private(running: tuple[Path, embedded.Servers]) -> None:
    data_dir, _ = running
    run_dir = Path(record(data_dir)["run_dir"])
    private = [run_dir, data_dir / "postgres", data_dir / "valkey"]
    assert {path.stat().st_mode & 0o777 for path in private} == {0o700}
    files = [path for path in data_dir.iterdir() if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    assert len(str(run_dir / ".s.PGSQL.5432")) < 103


def test_another_process_attaches_and_may_not_start(running: tuple[Path, embedded.Servers]) -> None:
    data_dir, servers = running
    told = subprocess.run(
        (sys.executable, "-c", ATTACHER, str(data_dir)), capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert told[0] == servers.database_url
    assert f"in use by process {os.getpid()}" in told[1]
    assert "Ctrl-C" in told[1]
    assert query(servers.database_url, "SELECT 1") == [(1,)], "the refused start must do no harm"


def test_two_copies_side_by_side(running: tuple[Path, embedded.Servers], data_dir: Path) -> None:
    with embedded.start(data_dir) as second:
        remember(data_dir)
        assert query(second.database_url, "SELECT n FROM kept") == [(42,)]
        with pytest.raises(psycopg.errors.UndefinedTable):
            query(running[1].database_url, "SELECT n FROM kept")


def test_a_restart_keeps_the_data(data_dir: Path) -> None:
    with embedded.start(data_dir):
        remember(data_dir)
    assert remembers(data_dir)


def test_an_exception_stops_the_servers(data_dir: Path) -> None:
    left: list[int] = []

    def fail() -> None:
        with embedded.start(data_dir):
            left.extend(processes(data_dir).values())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(left) == 3
    assert not any(map(alive, left))
    assert embedded.attach(data_dir) is None


def test_a_long_path_with_spaces_and_accents(data_dir: Path) -> None:
    deep = data_dir / ("Krankenhaus Süd " * 6).strip() / ("b" * 120)
    with embedded.start(deep) as servers:
        assert query(servers.database_url, "SELECT 1") == [(1,)]
        assert redis.from_url(servers.redis_url).ping()
        assert embedded.attach(deep) == servers


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda end: end.name)
def test_nothing_is_left_when_the_owner_ends(data_dir: Path, end: signal.Signals) -> None:
    with owner_of(data_dir) as owner:
        run_dir = Path(record(data_dir)["run_dir"])
        client = psycopg.connect(record(data_dir)["database_url"].replace("+psycopg", ""))
        client.execute("CREATE TABLE open_transaction (n int)")
        left = [*processes(data_dir).values(), client.info.backend_pid]
        os.killpg(owner.pid, end)  # the whole group, as Ctrl-C in a terminal does
        assert owner.wait(30) != 0
    until(lambda: not any(map(alive, left)))
    client.close()
    assert not run_dir.exists()
    assert not (data_dir / "servers.json").exists()


def test_a_fork_of_the_owner_does_not_keep_the_servers(data_dir: Path) -> None:
    """A fork inherits the pipe on which the keeper waits, and outlives the owner."""
    with owner_of(data_dir, FORKING_OWNER) as owner:
        assert owner.stdout is not None
        fork = int(owner.stdout.readline())
        left = processes(data_dir)
        owner.kill()
        owner.wait(30)
        until(lambda: not any(map(alive, left.values())))
        assert alive(fork)


def test_a_first_start_cut_short_is_made_again(data_dir: Path) -> None:
    with owner_of(data_dir, started=False) as owner:
        until((data_dir / "postgres.new").exists)
        owner.kill()
    with embedded.start(data_dir) as servers:  # waits for what is left of the first to end
        assert query(servers.database_url, "SELECT current_database()") == [("mps",)]
    assert not (data_dir / "postgres.new").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="needs the parent-death signal")
def test_servers_do_not_outlive_a_killed_keeper(data_dir: Path) -> None:
    with embedded.start(data_dir):
        left, run_dir = processes(data_dir), Path(record(data_dir)["run_dir"])
        os.kill(left["keeper"], signal.SIGKILL)
        until(lambda: not any(map(alive, left.values())))
    assert run_dir.exists()
    with embedded.start(data_dir):
        assert not run_dir.exists(), "the next start clears up"


def test_a_crash_of_everything_is_recovered_from(data_dir: Path) -> None:
    with owner_of(data_dir) as owner:
        remember(data_dir)
        run_dir = Path(record(data_dir)["run_dir"])
        left = processes(data_dir)
        os.kill(left["keeper"], signal.SIGSTOP)  # so that it cannot tidy up
        owner.kill()
        for pid in left.values():
            os.kill(pid, signal.SIGKILL)
    assert (data_dir / "servers.json").exists()
    until(lambda: embedded.attach(data_dir) is None and not (data_dir / "servers.json").exists())
    assert not run_dir.exists()

    # The id in postmaster.pid may belong to some other process of the same account by now.
    pid_file = data_dir / "postgres" / "postmaster.pid"
    sleeper = subprocess.Popen(("sleep", "600"), user=pid_file.stat().st_uid)
    try:
        pid_file.write_text("\n".join([str(sleeper.pid), *pid_file.read_text().splitlines()[1:]]))
        assert remembers(data_dir)
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_server_that_dies_is_started_again(data_dir: Path) -> None:
    with embedded.start(data_dir) as servers:
        remember(data_dir)
        before = processes(data_dir)
        os.kill(before["postgres"], signal.SIGKILL)
        os.kill(before["valkey"], signal.SIGKILL)

        def back() -> bool:
            try:
                return bool(
                    redis.from_url(servers.redis_url).ping() and query(servers.database_url, "SELECT 1")
                )
            except (redis.ConnectionError, psycopg.OperationalError):
                return False

        until(back)
        after = processes(data_dir)
        assert query(servers.database_url, "SELECT n FROM kept") == [(42,)]
    assert after["keeper"] == before["keeper"]
    assert (after["postgres"], after["valkey"]) != (before["postgres"], before["valkey"])
    assert not any(map(alive, after.values()))


def test_a_server_that_cannot_start_says_why(data_dir: Path) -> None:
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(embedded.EmbeddedError, match=r"postgres did not start in .*postgres\.log"),
        embedded.start(data_dir),
    ):
        pass
    assert embedded.attach(data_dir) is None
