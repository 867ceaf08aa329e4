"""Send to the registry under measure, and see when it has decided."""

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from machine import Machine

BATCH = 5_000
PATIENCE = 900.0

_WAITING = "SELECT CAST(EXISTS(SELECT FROM submission WHERE state = 'received') AS int)"
"""Not how many: counting ten thousand rows twenty times a second is work that nobody asked the registry for."""


def upload(machine: Machine, bodies: Iterable[bytes]) -> int:
    """Send as NDJSON batches; returns how many cases there were once the last is answered."""
    count = 0
    for part in parts(bodies, BATCH):
        status, _ = request(machine, "POST", "/v1/batches", b"\n".join(part), "application/x-ndjson")
        assert status == 202, status
        count += len(part)
    return count


def parts(bodies: Iterable[bytes], size: int) -> Iterator[list[bytes]]:
    """Parts of so many."""
    rest = iter(bodies)
    while part := list(islice(rest, size)):
        yield part


def request(
    machine: Machine, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
) -> tuple[int, Any]:
    """One request on a connection of its own: status and body."""
    connection = http.client.HTTPConnection("127.0.0.1", machine.port, timeout=120)
    connection.request(method, path, body, {"Authorization": f"Bearer {machine.key}", "Content-Type": kind})
    answer = connection.getresponse()
    found = json.loads(answer.read())
    connection.close()
    return answer.status, found


def until_decided(machine: Machine) -> None:
    """Wait until nothing waits."""
    deadline = time.monotonic() + PATIENCE
    while machine.scalar(_WAITING):
        assert time.monotonic() < deadline, "the submissions were not decided"
        time.sleep(0.05)


def load(
    machine: Machine, clients: int, seconds: float, prefix: str, rate: float | None = None
) -> dict[str, Any]:
    """Single submissions from the load generator, a process of its own; what it saw."""
    command = [sys.executable, str(Path(__file__).with_name("load.py")), str(machine.port), machine.key]
    command += [str(clients), str(seconds), prefix, *([str(rate)] if rate else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def quantile(values: list[float], share: float) -> float:
    """The smallest value that is not exceeded by this share of them."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered) - 1, round(share * len(ordered) + 0.5) - 1))]
