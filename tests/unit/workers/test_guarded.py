"""What leaves a task that fails is small and holds no data."""

import pickle

import pytest
from celery import Celery
from sqlalchemy.exc import OperationalError

from registry.bus import Task, celery
from workers import tasks
from workers.guarded import Guarded, TaskFailed


@pytest.mark.parametrize("name", Task)
def test_every_task_is_guarded(name):
    task = celery.tasks[str(name)]
    assert task.__module__ == tasks.__name__
    assert isinstance(task, Guarded)


def test_the_error_is_replaced_by_its_kind_and_place():
    """With the parameters of the statement in it, it would not fit the pipe to the parent process."""

    @Celery("test", set_as_current=False).task(name="broken", base=Guarded)
    def broken() -> None:
        raise OperationalError("INSERT", {"payload": "Yamada" * 100_000}, Exception("Yamada"))

    with pytest.raises(TaskFailed, match=r"^OperationalError in ") as caught:
        broken()
    assert b"Yamada" not in pickle.dumps(caught.value)
    assert caught.value.__suppress_context__
