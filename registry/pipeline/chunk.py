"""Run a chunk so that one bad submission never takes its neighbours with it.

A chunk that fails is halved until the bad one stands alone; that one's tries are counted on its row, and after the last
it is a dead letter. A chunk that takes longer than it may is broken off, and each of it is tried alone from then on;
where it can not be broken off its process is killed. Faults of the machinery (a lost connection, a deadlock) are nobody's fault: nothing is counted, and
the sweeper rings again. A chunk whose worker died leaves its ``attempt`` row, by which the sweeper knows.
"""

import time
from collections.abc import Sequence
from uuid import UUID

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from sqlalchemy.exc import DBAPIError

from registry.errors import reason
from registry.pipeline.process import process
from registry.pipeline.tries import count_try
from registry.settings import Settings
from registry.store import attempts
from registry.store.database import OpenWork, is_machinery
from registry.store.durability import must_not_idle

log = structlog.get_logger()


FORGIVE_SECONDS = 10.0
"""How long a worker waits for a database that comes back; then one try is counted, and the worker is free to stop."""

RETRY_DELAY = 5.0
"""Seconds until the second try of a submission that failed; doubles with each."""


def run_chunk(open_work: OpenWork, settings: Settings, ids: Sequence[UUID]) -> int:
    """Decide the submissions; returns how many were decided."""
    with open_work() as work:
        attempt = attempts.begin(work.session, ids)
    try:
        return _decide(open_work, settings, ids, attempt)
    except DBAPIError:
        _forgive(open_work, attempt)
        raise


def _decide(open_work: OpenWork, settings: Settings, ids: Sequence[UUID], attempt: int | None) -> int:
    try:
        with open_work() as work:
            must_not_idle(work.session, 2 * settings.chunk_seconds)
            if attempt is not None:
                attempts.end(work.session, attempt)
            return process(work, settings, ids)
    except SoftTimeLimitExceeded:
        log.warning("chunk_too_slow", size=len(ids))
        _count_try(
            open_work, settings, ids, attempt, f"it took longer than {settings.chunk_seconds} seconds", 0
        )
        return 0
    except Exception as error:
        if is_machinery(error):
            raise
        if len(ids) > 1:
            half = len(ids) // 2
            log.warning("chunk_split", size=len(ids), error=type(error).__name__)
            first = _decide(open_work, settings, ids[:half], None)
            return first + _decide(open_work, settings, ids[half:], attempt)
        log.warning("submission_failed", submission=str(ids[0]), error=reason(error))
        _count_try(open_work, settings, ids, attempt, reason(error), RETRY_DELAY)
        return 0


def _count_try(
    open_work: OpenWork,
    settings: Settings,
    ids: Sequence[UUID],
    attempt: int | None,
    why: str,
    delay: float,
) -> None:
    with open_work() as work:
        if attempt is not None:
            attempts.end(work.session, attempt)
        count_try(work, settings, ids, why, delay=delay)


def _forgive(open_work: OpenWork, attempt: int) -> None:
    """Take back the mark of a try that the machinery spoiled, as soon as the database answers again."""
    deadline = time.monotonic() + FORGIVE_SECONDS
    while time.monotonic() < deadline:
        try:
            with open_work() as work:
                attempts.end(work.session, attempt)
            return
        except DBAPIError:
            time.sleep(0.2)
    log.warning("attempt_kept", attempt=attempt)
