"""Sweep: ring again for submissions that have not moved, so that a lost message costs seconds and never a case."""

import structlog
from sqlalchemy import text

from registry.bus import Task
from registry.pipeline.tries import count_try
from registry.pipeline.turns import sweep_parcels
from registry.settings import Settings
from registry.store import attempts, submissions
from registry.store.database import Work

log = structlog.get_logger()

SWEEP_LIMIT = 5_000


_LOCK = text("SELECT pg_try_advisory_xact_lock(7205759403792796)")


CROWD = 20
"""Messages in the queue beyond which there is a backlog."""

LONGER = 10
"""How many times as long as otherwise the sweeper waits while there is one."""


def sweep(work: Work, settings: Settings, *, queued: int = 0) -> int:
    """Ring for what is overdue; returns how many submissions were rung for.

    ``queued`` is how many messages wait for the workers, as far as is known: what lies in the queue is not lost. To ring
    for a whole backlog again and again would fill the queue faster than it is worked off.

    One worker at a time: what another one sweeps at this moment needs no second look.

    Submissions whose worker died are counted one try and rung alone, so that the one that kills its worker is found
    after as many tries as it is allowed; the others go in chunks.
    """
    if not work.session.execute(_LOCK).scalar_one():
        return 0
    died = attempts.lost(work.session, age=max(settings.sweep_after_seconds, 5))
    if died:
        counted = count_try(work, settings, died, "the worker died while it was working on it", delay=0)
        log.warning("worker_died", submissions=counted)
    patience = settings.sweep_after_seconds
    late = (LONGER - 1) * patience if queued > CROWD else 0
    sweep_parcels(work, settings, age=patience + late)
    rows = submissions.overdue(work.session, late=late, patience=patience, limit=SWEEP_LIMIT)
    tried = sorted(row.id for row in rows if row.attempts)  # ids sort by arrival
    fresh = sorted(row.id for row in rows if not row.attempts)
    for one in tried:
        work.ring(Task.PROCESS, [str(one)])
    for start in range(0, len(fresh), settings.chunk_size):
        work.ring(Task.PROCESS_BULK, [str(one) for one in fresh[start : start + settings.chunk_size]])
    if rows:
        log.info("swept", rung=len(rows))
    return len(rows)
