"""Gather what many threads want to send into few messages: a message costs a thousand times what an id in it costs."""

import threading
from collections.abc import Callable, Sequence


class Gathering:
    """Ids that come within a few milliseconds of one another are sent together.

    The first id that comes waits ``window`` seconds for company, then all are sent, at most ``most`` in a message, by a
    thread of its own: nobody who brings an id waits for the queue. ``close`` sends what is left.
    """

    def __init__(self, send: Callable[[Sequence[str]], object], *, window: float, most: int) -> None:
        self._send, self._window, self._most = send, window, most
        self._ids: list[str] = []
        self._changed = threading.Condition()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="gathering", daemon=True)
        self._thread.start()

    def add(self, ids: Sequence[str]) -> None:
        """Take ids to be sent."""
        with self._changed:
            self._ids.extend(ids)
            self._changed.notify()

    def close(self) -> None:
        """Send what is left and end the thread."""
        self._closed.set()
        with self._changed:
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ids or self._closed.is_set())
            self._closed.wait(self._window)
            with self._changed:
                ids, self._ids = self._ids, []
            for start in range(0, len(ids), self._most):
                self._send(ids[start : start + self._most])
            if not ids and self._closed.is_set():
                return
