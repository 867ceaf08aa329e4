"""A registry under test: `mps up` with clocks that can jump, poison that works, and a disk that can be filled."""

import ctypes
import mmap
import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
from redis import Redis
from sqlalchemy import make_url

from tests.e2e.running import Running, Site, running
from tests.factories import a_submission
from tests.waiting import until

HERE = Path(__file__).parent

WORDS = {
    "worker": "workers.app worker ",
    "beat": "workers.app beat ",
    "api": "registry.api.server",
    "queue": "valkey-server ",
    "database": "postgres -D ",
}
"""Words of the command line of each part. Of the worker's processes the oldest is the parent."""


@dataclass(frozen=True)
class Field:
    """The running registry, and what faults need beside it.

    disk   folder of a small disk of its own that holds the data; None where there is none (it takes root)
    clock  the file of the clocks' offsets; None where no C compiler is at hand
    """

    up: Running
    disk: Path | None
    clock: Path | None
    poisoner: Site

    def pids(self, part: str) -> list[int]:
        """Processes of a part, oldest first."""
        return self.up.pids(WORDS[part])

    def whole(self) -> bool:
        """Whether every part runs, with nothing left over of a worker that died."""
        return all(self.pids(part) for part in WORDS) and len(self.pids("worker")) == 3

    @contextmanager
    def admin(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection of its own to the database, as its owner."""
        url = make_url(self.up.registry.servers.database_url)
        where = {"host": url.query["host"], "port": url.query["port"], "user": url.username}
        with psycopg.connect(dbname=url.database, autocommit=True, connect_timeout=5, **where) as connection:  # type: ignore[arg-type]
            yield connection

    @contextmanager
    def queue(self) -> Iterator[Redis]:
        """A client of the queue's server."""
        client = self.up.registry.redis()
        try:
            yield client
        finally:
            client.close()

    def cure(self) -> None:
        """From now on no poison works, as after a new version of the worker."""
        (self.up.folder / "antidote").touch()

    def send_poison(self, case: str) -> str:
        """Send a submission that breaks whichever worker reads it; gives its id."""

        def taken() -> str | None:
            with suppress(httpx.TransportError):
                answer = self.poisoner.api.post("/v1/submissions", json=a_submission(case))
                if answer.status_code == 202:
                    return str(answer.json()["id"])
            return None

        return until(taken, 120)

    def set_clocks(self, chance: random.Random, hours: float) -> None:
        """Let each process's wall clock be wrong by up to so many hours, each by another amount."""
        assert self.clock is not None
        offsets = [int(chance.uniform(-hours, hours) * 3600e9) for _ in range(4)]
        with self.clock.open("r+b") as file, mmap.mmap(file.fileno(), 32) as shared:
            shared[:] = struct.pack("4q", *offsets)


@contextmanager
def field(folder: Path, *, disk_bytes: int = 0, **settings: str) -> Iterator[Field]:
    """A registry for the length of a block; ``disk_bytes`` is the size of a disk of its own, 0 for none."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(folder / "data", disk_bytes)) if disk_bytes else None
        environment = {"PYTHONPATH": str(HERE / "poison"), "MPS_TEST_ANTIDOTE": str(folder / "antidote")}
        if clock := clock_library(folder):
            offsets = folder / "clock"
            offsets.write_bytes(bytes(32))
            environment |= {"LD_PRELOAD": str(clock), "MPS_TEST_CLOCK": str(offsets)}
        up = stack.enter_context(running(folder, **environment, **settings))
        yield Field(up, disk, folder / "clock" if clock else None, up.new_site("POISON"))


def clock_library(folder: Path) -> Path | None:
    """The library that makes clocks jump, built for this machine; None without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    made = folder / "clock.so"
    command = (compiler, "-shared", "-fPIC", "-O2", "-o", str(made), str(HERE / "clock.c"))
    subprocess.run(command, check=True)
    ctypes.CDLL(str(made))  # it can be loaded here
    return made


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path | None]:
    """A disk of so many bytes at this folder; None where this process may not mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ("mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)),
        check=False,
        capture_output=True,
    )
    if os.geteuid() != 0 or mounted.returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(("umount", "--lazy", str(folder)), check=True)
