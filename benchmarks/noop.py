"""Celery alone: tasks that do nothing, one message each, on the same queue server and as many processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from celery import Celery
from kombu.entity import Queue
from machine import Machine, cpu_of, tree

from registry.bus import configuration
from registry.settings import Settings

TASKS = 3_000

app = Celery("noop", set_as_current=False)


@app.task(name="noop")
def noop(_: str) -> None:
    """Nothing."""


def configure(broker: str) -> None:
    """As the registry configures its own, on a list of its own."""
    app.conf.update(configuration(Settings(), broker))
    app.conf.update(task_queues=[Queue("noop")], task_routes={"noop": {"queue": "noop"}}, task_annotations={})


if broker_of_worker := os.environ.get("NOOP_BROKER"):
    configure(broker_of_worker)


def noops(machine: Machine) -> dict[str, float]:
    """Tasks per second and milliseconds of CPU of all processes per task, from the first that is sent to the last done."""
    broker = machine.registry.servers.broker_url
    configure(broker)
    here = str(Path(__file__).parent)
    command = (
        sys.executable,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "noop",
        "worker",
        "--concurrency",
        "2",
        "-n",
        "noop",
    )
    with subprocess.Popen(command, cwd=here, env=os.environ | {"NOOP_BROKER": broker}) as worker:
        redis = machine.registry.redis()
        try:
            _send(100)
            _until_empty(redis)
            servers = machine.roots["valkey"]
            before = sum(map(cpu_of, tree(worker.pid))) + cpu_of(servers) + time.process_time()
            began = time.perf_counter()
            _send(TASKS)
            _until_empty(redis)
            seconds = time.perf_counter() - began
            used = sum(map(cpu_of, tree(worker.pid))) + cpu_of(servers) + time.process_time() - before
        finally:
            redis.close()
            worker.send_signal(signal.SIGTERM)
    return {"per_second": TASKS / seconds, "cpu_ms": used / TASKS * 1000}


def _send(count: int) -> None:
    for number in range(count):
        app.send_task("noop", args=(str(number),), queue="noop", retry=False)


def _until_empty(redis: object) -> None:
    deadline = time.monotonic() + 120
    while redis.llen("noop"):  # type: ignore[attr-defined]
        assert time.monotonic() < deadline, "the tasks were not worked off"
        time.sleep(0.02)
