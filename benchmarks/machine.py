"""A registry of its own for a benchmark: embedded servers, API, worker and beat as real processes, and their costs."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
from sqlalchemy import text

from cli.services import services
from registry.pipeline.sites import SCOPES, add_site, issue_key
from registry.settings import Settings
from registry.wiring import Registry, open_registry

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Machine:
    """The running registry; ``roots`` are the topmost processes of each part, by its name."""

    registry: Registry
    folder: Path
    port: int
    key: str
    roots: dict[str, int]

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU that each part has used so far, its ended children included."""
        return {name: sum(cpu_of(pid) for pid in tree(root)) for name, root in self.roots.items()}

    def memory(self) -> dict[str, float]:
        """Megabytes resident in the largest process of each part."""
        return {name: max(map(_resident, tree(root))) for name, root in self.roots.items()}

    def scalar(self, statement: str, **values: object) -> int:
        """One number out of the database."""
        with self.registry.engine.connect() as connection:
            return int(connection.execute(text(statement), values).scalar_one())


@contextmanager
def machine(**settings: str) -> Iterator[Machine]:
    """A registry in a folder of its own for the length of a block; nothing is left of it.

    ``settings`` are ``MPS_`` variables of its processes. What they log goes to a file there, as in production.
    """
    with tempfile.TemporaryDirectory(prefix="mps-bench-") as name, _logging_to(Path(name) / "log"):
        folder = Path(name)
        with open_registry(Settings(data=folder / "data", port=0), None) as registry:
            with registry.work() as work:
                add_site(work, "BEN", "Benchmark", country="JP", timezone="Asia/Tokyo", actor="bench")
                key = issue_key(work, "BEN", scopes=list(SCOPES), days=1, label=None, actor="bench")
            with services(registry, lambda _: None, **settings) as running:
                below = servers_of(folder / "data")
                roots = {child.name: child.process.pid for child in running.supervisor.children}
                roots |= {
                    "postgres": below["postgres"],
                    "valkey": next(v for k, v in below.items() if "valkey" in k),
                }
                yield Machine(registry, folder, int(running.url.rpartition(":")[2]), key, roots)


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    """Standard error of this process and its children in a file; shown where the block fails."""
    sys.stderr.flush()
    before = os.dup(2)
    with path.open("wb") as log:
        os.dup2(log.fileno(), 2)
    try:
        yield
    except BaseException:
        sys.stdout.write(path.read_text(errors="replace")[-3000:])
        raise
    finally:
        os.dup2(before, 2)
        os.close(before)


def servers_of(data: Path) -> dict[str, int]:
    """The topmost processes of the embedded servers of a data folder, by their program."""
    keeper = orjson.loads((data / "servers.json").read_bytes())["keeper"]
    return {_name(pid): pid for pid in children(keeper)}


def children(pid: int) -> list[int]:
    """Processes started by this one and alive."""
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for one in found for child in one.read_text().split()]


def tree(pid: int) -> list[int]:
    """The process and all below it."""
    return [pid, *(one for child in children(pid) for one in tree(child))]


def _name(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text().strip()


def cpu_of(pid: int) -> float:
    """Seconds of CPU of a process and of those of its children that ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:  # it ended meanwhile; its parent counts it
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS  # utime, stime, and those of the ended children


def proportional(pid: int) -> float:
    """Megabytes of a process, its share of what it has in common with others: of several processes these add up."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1e3


def _resident(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1e6
    except FileNotFoundError:
        return 0.0
