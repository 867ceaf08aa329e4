"""The owner's side: start servers for the length of a block, or attach to those of another process."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from registry.embedded import folder
from registry.embedded.servers import AlreadyRunning, EmbeddedError, Servers

KEEPER_STOPS_WITHIN = 60.0
"""Seconds; more than the keeper gives its servers."""


@contextmanager
def start(data_dir: Path) -> Iterator[Servers]:
    """Start PostgreSQL and Valkey on this folder; they stop with the block, or with this process however it ends.

    All data are in the folder (made if absent); the sockets are in a private folder of their own. As root the
    servers run as the account `mps-servers`, made when first needed, which is allowed to pass (not to list) the
    folders above the data and the environment.

    Raises AlreadyRunning if another process owns the servers of this folder (see `attach`) and EmbeddedError if they
    cannot be started.
    """
    keeper = _start_keeper(data_dir.resolve())
    try:
        yield _answer(keeper, data_dir)
    finally:
        _stop(keeper)


def attach(data_dir: Path) -> Servers | None:
    """The servers that another process runs on this folder; None if there are none.

    They stop with their owner. What a crash left in the folder is cleared away.
    """
    data_dir = data_dir.resolve()
    with _permitted(data_dir):
        record = folder.read(data_dir)
        if record is None:
            return None
        if (lock := folder.try_lock(data_dir)) is not None:
            folder.sweep(data_dir)
            os.close(lock)
            return None
    return Servers(record.database_url, record.redis_url, own=True) if folder.alive(record) else None


def _start_keeper(data_dir: Path) -> subprocess.Popen[bytes]:
    with _permitted(data_dir):
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(
            data_dir / "keeper.log", "ab", opener=lambda path, flags: os.open(path, flags, 0o600)
        ) as log:
            return subprocess.Popen(
                (sys.executable, "-P", "-m", "registry.embedded.keeper", str(data_dir), str(os.getpid())),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd="/",
                env=os.environ | {"PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},  # as here
                start_new_session=True,
            )


def _answer(keeper: subprocess.Popen[bytes], data_dir: Path) -> Servers:
    assert keeper.stdout is not None
    answer = json.loads(keeper.stdout.readline() or "{}")
    if "already_running" in answer:
        raise AlreadyRunning(answer["error"])
    if "database_url" not in answer:
        raise EmbeddedError(answer.get("error", f"The keeper of {data_dir} died; see keeper.log there."))
    return Servers(answer["database_url"], answer["redis_url"], own=True)


def _stop(keeper: subprocess.Popen[bytes]) -> None:
    """Ask the keeper to end and wait for it; its pipe alone will not do, a fork of this process may hold it."""
    keeper.terminate()
    try:
        keeper.wait(KEEPER_STOPS_WITHIN)
    except subprocess.TimeoutExpired:
        keeper.kill()
        keeper.wait()
    finally:
        for pipe in (keeper.stdin, keeper.stdout):
            if pipe:
                pipe.close()


@contextmanager
def _permitted(data_dir: Path) -> Iterator[None]:
    """Turn a folder of somebody else into the error that says what to do."""
    try:
        yield
    except PermissionError as error:
        raise EmbeddedError(
            f"{error.filename} cannot be used: it belongs to another account. "
            f"Run as that account, or choose another data folder than {data_dir}."
        ) from error
