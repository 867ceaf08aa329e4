"""Gather what many threads ring into few messages: a message costs a thousand times what an id in it costs."""

import threading
from collections.abc import Callable
from typing import Any

Ring = tuple[str, tuple[Any, ...]]
"""A task and its arguments."""


class Gathering:
    """Rings that come within a few milliseconds of one another are sent together, by a thread of its own.

    Nobody who rings waits for the queue, however long it takes to answer. The first ring waits ``window`` seconds for
    company. The ids of the task ``joined`` are laid together, at most ``most`` in a message; any other ring stays a
    message of its own. ``close`` sends what is left.
    """

    def __init__(
        self, send: Callable[[str, tuple[Any, ...]], object], *, joined: str, window: float, most: int
    ) -> None:
        self._send, self._joined, self._window, self._most = send, joined, window, most
        self._rings: list[Ring] = []
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gathering", daemon=True)
        self._thread.start()

    def add(self, task: str, arguments: tuple[Any, ...]) -> bool:
        """Take a ring to be sent; True, because it is taken."""
        with self._changed:
            self._rings.append((task, arguments))
            self._changed.notify()
        return True

    def close(self) -> None:
        """Send what is left and end the thread."""
        self._closed.set()
        with self._changed:
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._rings or self._closed.is_set())
            self._closed.wait(self._window)
            with self._changed:
                rings, self._rings = self._rings, []
            for task, arguments in self._laid_together(rings):
                self._send(task, arguments)
            if not rings and self._closed.is_set():
                return

    def _laid_together(self, rings: list[Ring]) -> list[Ring]:
        ids = [one for task, arguments in rings if task == self._joined for one in arguments[0]]
        parts = [ids[start : start + self._most] for start in range(0, len(ids), self._most)]
        return [(self._joined, (part,)) for part in parts] + [
            ring for ring in rings if ring[0] != self._joined
        ]
