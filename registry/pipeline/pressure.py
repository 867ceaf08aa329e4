"""Pressure: intake goes on while the workers are away, until so much waits, or so little disk is left, that it must not.

Then a sender is told when to come again and nothing is stored; what was answered before is safe. Reading goes on.
"""

import shutil
import threading
import time
from dataclasses import dataclass, field

from registry.errors import Full
from registry.settings import Settings
from registry.store import submissions
from registry.store.database import OpenWork

FRESH = 1.0
"""Seconds for which what was counted is good, at least."""

SHARE = 0.02
"""Of a process's time, at most so much goes into counting: a long backlog is counted less often."""

COME_AGAIN_BACKLOG = 10
COME_AGAIN_DISK = 60


@dataclass
class Pressure:
    """What one process knows of the backlog: counted now and then, and what it let in since."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _fresh_until: float = 0.0
    _waiting: int = 0
    _free: int | None = None

    def is_due(self) -> bool:
        """Whether it is time to look again; the caller who is told so looks, and the others go on meanwhile."""
        with self._lock:
            now = time.monotonic()
            due = now >= self._fresh_until
            if due:
                self._fresh_until = now + FRESH
            return due

    def look(self, open_work: OpenWork, settings: Settings) -> None:
        """Count what waits, up to the limit, and see how much of the disk is free."""
        began = time.monotonic()
        with open_work() as work:
            waiting = submissions.count_waiting(work.session, most=settings.backlog_limit)
        with self._lock:
            self._waiting = waiting
            self._free = shutil.disk_usage(settings.data).free if settings.data.exists() else None
            now = time.monotonic()
            self._fresh_until = now + max(FRESH, (now - began) / SHARE)

    def admit(self, settings: Settings) -> None:
        """Let one request in. Raises ``Full`` with the seconds after which to come again."""
        with self._lock:
            self._waiting += 1
        if self._free is not None and self._free < settings.disk_reserve_bytes:
            text = "the disk of the registry is nearly full and nothing was stored; send it again later"
            raise Full(text, retry_after=COME_AGAIN_DISK)
        if self._waiting > settings.backlog_limit:
            text = f"{settings.backlog_limit} submissions wait already and nothing was stored; send it again later"
            raise Full(text, retry_after=COME_AGAIN_BACKLOG)
