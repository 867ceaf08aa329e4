"""What is measured, each on a registry that runs as in production. The unit of a figure stands at the end of its name."""

import threading
import time
from collections.abc import Callable
from itertools import count

from bodies import cases, corrections
from floor import floor
from machine import Machine, machine
from noop import noops
from sending import load, quantile, request, until_decided, upload
from sqlalchemy import text

Figures = dict[str, float]

QUIET = {
    "MPS_RATE_LIMIT": "0",
    "MPS_REPORT_CHECK_SECONDS": "3600",
    "MPS_LOG_FORMAT": "json",
    "MPS_LOG_LEVEL": "WARNING",
}
"""No report is built while something is measured. The rest is as in production."""

_names = count(1)


def name() -> str:
    """A new prefix of pseudonyms."""
    return f"B{next(_names)}"


def measured(here: Machine, work: Callable[[], int]) -> Figures:
    """Rate, CPU by process and memory of something that is done to so many cases."""
    before, began = here.cpu(), time.perf_counter()
    done = work()
    until_decided(here)
    seconds = time.perf_counter() - began
    used = {part: (spent - before[part]) / done * 1000 for part, spent in here.cpu().items()}
    return {
        "cases_per_second": done / seconds,
        "cpu_ms": sum(used.values()),
        **{f"cpu_{part}_ms": value for part, value in used.items()},
        "worker_mb": here.memory()["worker"],
    }


def prefixed(prefix: str, figures: Figures) -> Figures:
    """The figures under a longer name."""
    return {f"{prefix}_{key}": value for key, value in figures.items()}


def bulk(cases_each: int = 10_000) -> Figures:
    """Bulk end to end on an empty registry, a correction of every case, the floor and Celery's no-op in the same run."""
    with machine(**QUIET) as here:
        upload(here, cases(2_000, name()))
        until_decided(here)
        mine = name()
        found = prefixed("insert", measured(here, lambda: upload(here, cases(cases_each, mine))))
        found |= prefixed("correction", measured(here, lambda: upload(here, corrections(cases_each, mine))))
        bodies = list(cases(min(cases_each, 5_000), name()))
        found |= prefixed("floor", floor(here, bodies))
        found |= prefixed("noop", noops(here))
    found["insert_per_floor_ratio"] = found["insert_cpu_ms"] / found["floor_cpu_ms"]
    found["correction_per_insert_ratio"] = found["correction_cpu_ms"] / found["insert_cpu_ms"]
    found["insert_per_noop_ratio"] = found["insert_cases_per_second"] / found["noop_per_second"]
    return found


def singles(seconds: float = 15.0) -> Figures:
    """Single submissions, accepted durably, from 1, 16 and 64 clients; what waits then is worked off in between."""
    found: Figures = {}
    with machine(**QUIET) as here:
        load(here, 16, 3, name())
        until_decided(here)
        for clients in (1, 16, 64):
            found |= prefixed(f"single_{clients}", sent_singly(here, clients, seconds))
            until_decided(here)
    return found


def sent_singly(here: Machine, clients: int, seconds: float) -> Figures:
    """Rate and latency of single submissions, and the CPU of each part for one of them while they came."""
    before = here.cpu()
    seen = load(here, clients, seconds, name())
    used = {part: spent - before[part] for part, spent in here.cpu().items()} | {"load": seen["cpu"]}
    assert set(seen["statuses"]) == {"202"}, seen["statuses"]
    accepted = seen["statuses"]["202"]
    return {
        "per_second": accepted / seen["seconds"],
        **{f"p{p}_ms": quantile(seen["latencies"], p / 100) for p in (50, 95, 99)},
        **{f"cpu_{part}_ms": spent / accepted * 1000 for part, spent in used.items()},
    }


def steady(seconds: float = 20.0) -> Figures:
    """From sending to verdict at 50 single submissions a second."""
    with machine(**QUIET) as here:
        load(here, 8, 3, name(), 50)
        until_decided(here)
        waits = verdicts(here, seconds, 50)
    return {f"verdict_p{p}_ms": quantile(waits, p / 100) for p in (50, 95, 99)}


def overtaking(waiting: int = 100_000, seconds: float = 20.0) -> Figures:
    """From sending to verdict of single submissions while so many rows of an upload wait, and of reading a receipt."""
    with machine(**QUIET) as here:
        upload(here, cases(waiting, name()))
        left = here.scalar("SELECT count(*) FROM submission WHERE state = 'received'")
        waits = verdicts(here, seconds, 5)
        reads = []
        for _ in range(50):
            began = time.perf_counter()
            request(here, "GET", "/v1/submissions?limit=1")
            reads.append((time.perf_counter() - began) * 1000)
        still = here.scalar("SELECT count(*) FROM submission WHERE state = 'received'")
    return {
        "waiting_at_start": left, "waiting_at_end": still,
        **{f"overtaking_verdict_p{p}_ms": quantile(waits, p / 100) for p in (50, 95, 99)},
        "overtaking_read_p95_ms": quantile(reads, 0.95),
    }  # fmt: skip


def verdicts(here: Machine, seconds: float, rate: float) -> list[float]:
    """Milliseconds from sending each of some single submissions to its verdict being there to be read."""
    sent: dict[str, float] = {}
    seen: dict[str, float] = {}
    over = threading.Event()

    def watch() -> None:
        with here.registry.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not over.is_set() or len(seen) < len(sent):
                ids = [one for one in list(sent) if one not in seen]
                rows = connection.execute(
                    text(
                        "SELECT id::text FROM submission WHERE id = ANY(CAST(:ids AS uuid[])) AND state <> 'received'"
                    ),
                    {"ids": ids},
                )
                now = time.perf_counter()
                seen.update({row[0]: now for row in rows})
                time.sleep(0.01)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began, mine = time.perf_counter(), name()
    for number, body in enumerate(cases(int(seconds * rate), mine)):
        time.sleep(max(0.0, began + number / rate - time.perf_counter()))
        now = time.perf_counter()
        status, receipt = request(here, "POST", "/v1/submissions", body)
        assert status == 202, receipt
        sent[receipt["id"]] = now
    over.set()
    watcher.join()
    return [(seen[one] - sent[one]) * 1000 for one in sent]


def workers(cases_each: int = 6_000) -> Figures:
    """Bulk with 1, 2 and 4 processes of the worker."""
    found: Figures = {}
    for processes in (1, 2, 4):
        with machine(**QUIET, MPS_WORKER_PROCESSES=str(processes)) as here:
            upload(here, cases(1_000, name()))
            until_decided(here)
            seen = measured(here, lambda here=here: upload(here, cases(cases_each, name())))  # type: ignore[misc]
            found |= {f"workers_{processes}_cases_per_second": seen["cases_per_second"]}
            found |= {f"workers_{processes}_cpu_ms": seen["cpu_ms"]}
    return found


def memory(cases_in_all: int = 100_000) -> Figures:
    """Memory of the largest process of the worker after some cases and after all of them."""
    with machine(**QUIET) as here:
        upload(here, cases(10_000, name()))
        until_decided(here)
        early = here.memory()["worker"]
        seen = measured(here, lambda: upload(here, cases(cases_in_all - 10_000, name())))
        late = here.memory()["worker"]
    return {
        "worker_early_mb": early,
        "worker_late_mb": late,
        "long_cases_per_second": seen["cases_per_second"],
    }


SCENARIOS: dict[str, Callable[..., Figures]] = {
    "bulk": bulk, "singles": singles, "steady": steady, "overtaking": overtaking, "workers": workers, "memory": memory,
}  # fmt: skip
"""In the order in which they run."""


WANTED = {
    "single_16_per_second": ">= 400",
    "single_16_p95_ms": "<= 100",
    "insert_cases_per_second": ">= 1000",
    "insert_cpu_ms": "<= 2",
    "insert_per_floor_ratio": "<= 3",
    "correction_per_insert_ratio": "<= 1.5",
    "worker_late_mb": "<= 250",
    "overtaking_verdict_p95_ms": "<= 2000",
    "million_insert_slowdown_ratio": "<= 1.1",
    "million_correction_slowdown_ratio": "<= 1.1",
}
"""Of two cores with everything on them."""
