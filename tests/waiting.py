"""Wait for a state, with a deadline; never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def until(ask: Callable[[], Found], seconds: float = 30) -> Found:
    """Ask again until the answer is true, and give it."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline, "the state was not reached in time"
        time.sleep(0.02)
    return found
