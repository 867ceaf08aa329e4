"""What leaves a task that fails: the kind of error and its place, never the error itself.

An error of the database carries the parameters of its statement: clinical data, which must reach no log, and more bytes
than the pipe to the parent process holds. A worker that is told to stop reads that pipe no longer, so its child would
wait for it for ever, and it for its child.
"""

from typing import Any

from celery import Task

from registry.errors import reason


class TaskFailed(Exception):
    """A task ended by an error; the rows say what is to be done again."""


class Guarded(Task):  # type: ignore[misc]  # Celery has no types
    """A task whose errors are replaced by their description."""

    abstract = True

    def __call__(self, *arguments: Any, **keywords: Any) -> None:
        try:
            super().__call__(*arguments, **keywords)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is replaced)
            raise TaskFailed(reason(error)) from None
