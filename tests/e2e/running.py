"""A registry that runs as in production: real processes, started by `mps up`, in a folder of its own."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
from kombu import Connection

from registry import embedded
from registry.bus import QUEUES, Task, celery
from registry.pipeline.sites import SCOPES, add_site, issue_key
from registry.settings import Settings
from registry.store.database import create_engine
from registry.wiring import Registry
from tests.factories import ndjson
from tests.waiting import until

MPS = str(Path(sys.executable).with_name("mps"))

HASTE = {
    "MPS_SWEEP_AFTER_SECONDS": "2",
    "MPS_SWEEP_EVERY_SECONDS": "1",
    "MPS_SEAL_EVERY_SECONDS": "1",
    "MPS_REPORT_CHECK_SECONDS": "1",
    "MPS_REPORT_DEBOUNCE_SECONDS": "1",
    "MPS_CHUNK_SIZE": "10",
}
"""What takes minutes in production takes seconds here."""

Answer = dict[str, Any]

_sites = count(1)


@dataclass
class Running:
    """The registry, and how tests speak to it."""

    process: subprocess.Popen[str]
    folder: Path
    url: str
    registry: Registry
    log: Path
    clients: list[httpx.Client] = field(default_factory=list)

    def mps(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the same folder, as in a second terminal."""
        return mps(self.folder, *arguments, **environment)

    def mps_json(self, *arguments: str) -> Any:
        """What a command prints with ``--json``."""
        done = self.mps(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def new_site(self, code: str | None = None) -> "Site":
        """A hospital of this test's own."""
        code = code or f"S{next(_sites)}X{os.getpid()}"
        with self.registry.work() as work:
            add_site(work, code, "Hospital", country="JP", timezone="Asia/Tokyo", actor="test")
            key = issue_key(work, code, scopes=list(SCOPES), days=1, label=None, actor="test")
        return self.site(code, key)

    def site(self, code: str, key: str) -> "Site":
        """A hospital that there is already."""
        headers = {"Authorization": f"Bearer {key}"}
        self.clients.append(httpx.Client(base_url=self.url, headers=headers, trust_env=False, timeout=20))
        return Site(code, key, self.clients[-1])

    def ring(self, task: Task, *args: Any) -> None:
        """Send a message of a task as this registry's processes do; never over connections of this process's own."""
        with Connection(self.registry.servers.broker_url) as queue:
            celery.send_task(str(task), args=args, queue=QUEUES[task], connection=queue)

    def pids(self, words: str) -> list[int]:
        """Processes of this registry whose command line holds these words, oldest first."""
        return sorted(pid for pid, command in descendants(self.process.pid).items() if words in command)


@dataclass(frozen=True)
class Site:
    """A hospital: its code, its key and a client with it."""

    code: str
    key: str
    api: httpx.Client

    def ask(self, path: str, **request: Any) -> Answer | None:
        """GET; None while the API is away or its database is."""
        try:
            answer = self.api.get(path, **request)
        except httpx.TransportError:
            return None
        if answer.status_code == 503:
            return None
        found: Answer = answer.raise_for_status().json()
        return found

    def send(self, documents: list[Any]) -> str:
        """Send a batch; gives the address of its receipt."""
        headers = {"Content-Type": "application/x-ndjson"}
        answer = self.api.post("/v1/batches", content=ndjson(documents), headers=headers)
        answer.raise_for_status()
        return str(answer.headers["location"])

    def decided(self, where: str, seconds: float = 60) -> Answer:
        """The receipt of a batch once nothing of it waits."""
        return until(
            lambda: (found := self.ask(where)) and (found if not found["waiting"] else None), seconds
        )

    def under_way(self, where: str) -> None:
        """Wait until some of a batch is decided; some of it must still wait."""
        found = until(lambda: (found := self.ask(where)) and (found if found["accepted"] else None), 90)
        assert found["waiting"], "the batch was too small to be caught under way"


def descendants(pid: int) -> dict[int, str]:
    """Command lines of all processes below this one."""
    listed = subprocess.run(
        ("ps", "-A", "-ww", "-o", "pid=", "-o", "ppid=", "-o", "args="),
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [line.split(maxsplit=2) for line in listed.stdout.splitlines()]
    below, found = {pid}, {}
    while more := {int(row[0]): row[2] for row in rows if int(row[1]) in below and int(row[0]) not in found}:
        found |= more
        below = set(more)
    return found


def lives(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    listed = subprocess.run(
        ("ps", "-o", "stat=", "-p", str(pid)), capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip()) and not listed.stdout.strip().startswith("Z")


def mps(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the command line in a folder."""
    return subprocess.run(
        (MPS, *arguments),
        cwd=folder,
        env=surroundings() | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def surroundings() -> dict[str, str]:
    """The environment without settings of whoever runs the tests; the width of a wide terminal."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MPS_")} | {
        "COLUMNS": "200"
    }


@contextmanager
def running(folder: Path, **environment: str) -> Iterator[Running]:
    """`mps up` in a folder, until the block ends; what is left of it then is asked to stop."""
    log = folder / "up.log"
    with log.open("a") as errors:
        process = subprocess.Popen(
            (MPS, "up", "--port", "0"),
            cwd=folder,
            env=surroundings() | HASTE | environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        assert "the registry runs at " in first, log.read_text()[-3000:]
        url = first.partition("runs at ")[2].split()[0]
        servers = embedded.attach(folder / "data")
        assert servers is not None
        registry = Registry(
            Settings(data=folder / "data"), servers, create_engine(servers.database_url, pool=2)
        )
        here = Running(process, folder, url, registry, log)
        try:
            yield here
        finally:
            registry.close()
            for client in here.clients:
                client.close()
    finally:
        process.terminate()
        process.communicate(timeout=90)


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder that the account of the servers may reach: pytest closes its own to it."""
    with tempfile.TemporaryDirectory(prefix="mps-e2e-") as folder:
        yield Path(folder)
