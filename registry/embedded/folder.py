"""The data folder of the embedded servers: its lock, its record of what runs, the private folder of the sockets.

The lock (flock) is taken by the keeper and inherited by both servers and all their children. So it is held exactly
as long as any of them lives, whatever became of the others: a free lock proves that nothing is left of them, which
no process id can prove (ids are used again, soon in a container).
"""

import fcntl
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic

from registry.embedded.account import Account
from registry.embedded.servers import AlreadyRunning

LEFTOVERS_GO_WITHIN = 15.0
"""Seconds that servers whose owner died may take to stop before a new start gives up."""

SHORT_ENOUGH = 60
"""Bytes of a temporary folder's path that leave room for a socket's name: the limit is 103 on macOS, 107 on Linux."""


@dataclass(frozen=True, slots=True)
class Record:
    """What runs in a data folder, as its file `servers.json` (mode 0600) tells other processes."""

    database_url: str
    redis_url: str
    owner: int
    keeper: int
    run_dir: str


def read(data_dir: Path) -> Record | None:
    """The record of the folder, be it stale or not; None if there is none."""
    try:
        return Record(**json.loads((data_dir / "servers.json").read_bytes()))
    except FileNotFoundError:
        return None


@contextmanager
def recorded(data_dir: Path, record: Record) -> Iterator[None]:
    """Tell other processes what runs here, for the length of the block."""
    draft = data_dir / "servers.json.new"
    draft.write_text(json.dumps(asdict(record)))
    draft.replace(data_dir / "servers.json")  # at once: nobody reads half of it
    try:
        yield
    finally:
        (data_dir / "servers.json").unlink(missing_ok=True)


def try_lock(data_dir: Path) -> int | None:
    """Take the folder's lock: its file descriptor, or None while anything of its servers lives."""
    lock = os.open(data_dir / "servers.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def lock(data_dir: Path, pause: Callable[[float], None]) -> int:
    """Take the folder's lock, waiting for servers that are stopping, and clear away what a crash left.

    Raises AlreadyRunning if the servers have an owner.
    """
    deadline = monotonic() + LEFTOVERS_GO_WITHIN
    while (taken := try_lock(data_dir)) is None:
        record = read(data_dir)
        if (record and alive(record)) or monotonic() > deadline:
            owner = f"process {record.owner}" if record else "another process"
            raise AlreadyRunning(
                f"The servers of {data_dir} are in use by {owner} already. "
                "Work with those, or stop that process first (Ctrl-C), or choose another data folder."
            )
        pause(0.05)
    sweep(data_dir)
    return taken


def sweep(data_dir: Path) -> None:
    """Clear away the record and the sockets of servers that are gone; the caller holds the lock."""
    if record := read(data_dir):
        shutil.rmtree(record.run_dir, ignore_errors=True)
        (data_dir / "servers.json").unlink(missing_ok=True)


@contextmanager
def private_run_dir(account: Account | None) -> Iterator[Path]:
    """A short, private (0700) folder for the sockets, removed at the end.

    Not in XDG_RUNTIME_DIR, which is taken away at logout, under a registry that goes on in tmux or nohup.
    """
    parent = tempfile.gettempdir()
    if len(os.fsencode(parent)) > SHORT_ENOUGH:
        parent = "/tmp"
    run_dir = Path(tempfile.mkdtemp(prefix="mps-", dir=parent))
    try:
        if account:
            account.let_through_to(run_dir)
            account.give(run_dir)
        yield run_dir
    finally:
        shutil.rmtree(run_dir, ignore_errors=True)


def alive(record: Record) -> bool:
    """Whether the servers of this record answer."""
    sockets = [path for path in Path(record.run_dir).glob("*") if path.is_socket()]
    return bool(sockets) and all(accepts(path) for path in sockets)


def accepts(path: Path) -> bool:
    """Whether somebody answers at this Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True
