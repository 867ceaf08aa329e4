"""Every task is registered, routed and consumed, and takes what is rung: a name that is wrong is lost in silence."""

import inspect
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from registry.bus import PRIORITY, QUEUES, Task, celery, configuration
from registry.settings import Settings
from workers import tasks
from workers.schedule import schedule

CONFIGURATION = configuration(Settings(), "redis://nowhere/0")

RUNG_WITH = {
    Task.PROCESS: (["id"],),
    Task.PROCESS_BULK: (["id"],),
    Task.DERIVE: ([1],),
    Task.REPORT: (),
    Task.SWEEP: (),
    Task.SEAL: (),
    Task.WITHDRAW: (),
    Task.TELL: (),
}
"""The arguments of each message; a shape only grows, because messages of the previous version are still in the queue."""


def run_of(task: Task) -> Callable[..., None]:
    """The function behind a task."""
    assert tasks.__name__ == celery.tasks[str(task)].__module__
    found: Callable[..., None] = celery.tasks[str(task)].run
    return found


def test_a_worker_knows_exactly_our_tasks(tmp_path):
    """In a process of its own, because the application of a worker takes its configuration from there."""
    code = (
        "from workers.app import app; print(*(name for name in app.tasks if not name.startswith('celery.')))"
    )
    urls = {"MPS_DATABASE_URL": "postgresql://nowhere/mps", "MPS_REDIS_URL": "redis://nowhere/0"}
    done = subprocess.run(
        (sys.executable, "-c", code),
        cwd=tmp_path,
        env=os.environ | urls,
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(done.stdout.split()) == sorted(Task)


@pytest.mark.parametrize("task", Task)
class TestEveryTask:
    def test_takes_the_arguments_of_its_message(self, task):
        inspect.signature(run_of(task)).bind(*RUNG_WITH[task])

    def test_is_routed_to_a_queue_that_a_worker_reads(self, task):
        assert QUEUES[task] in PRIORITY
        assert CONFIGURATION["task_routes"][task] == {"queue": QUEUES[task]}

    def test_says_what_it_does(self, task):
        assert run_of(task).__doc__


def test_a_worker_reads_the_queues_in_their_order_and_no_other():
    assert tuple(queue.name for queue in CONFIGURATION["task_queues"]) == PRIORITY
    assert set(QUEUES.values()) == set(PRIORITY)


def test_single_submissions_overtake_bulk_loads():
    assert PRIORITY.index(QUEUES[Task.PROCESS]) < PRIORITY.index(QUEUES[Task.PROCESS_BULK])


def test_beat_rings_known_tasks_into_their_queues():
    for entry in schedule(Settings()).values():
        assert QUEUES[Task(entry["task"])] == entry["options"]["queue"]
        assert entry["schedule"].seconds > 0
        assert RUNG_WITH[Task(entry["task"])] == entry.get("args", ())


def test_messages_carry_json_only():
    assert CONFIGURATION["accept_content"] == [CONFIGURATION["task_serializer"]] == ["json"]
