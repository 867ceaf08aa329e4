"""Sweep: ring again for submissions that have not moved, so that a lost message costs seconds and never a case."""

import structlog

from registry.bus import Task
from registry.pipeline.chunk import note_failure
from registry.pipeline.turns import sweep_parcels
from registry.settings import Settings
from registry.store import submissions
from registry.store.database import Work

log = structlog.get_logger()

SWEEP_LIMIT = 5_000


def sweep(work: Work, settings: Settings) -> int:
    """Ring for what is overdue; returns how many submissions were rung for.

    Submissions whose worker died are counted one try and rung alone, so that the one that kills its worker is found
    after as many tries as it is allowed; the others go in chunks.
    """
    died = submissions.lost_attempts(work.session, age=max(settings.sweep_after_seconds, 5))
    if died:
        failed = note_failure(work, settings, died, "the worker died while it was working on it", delay=0)
        log.warning("worker_died", submissions=failed)
    sweep_parcels(work, settings)
    rows = submissions.overdue(work.session, patience=settings.sweep_after_seconds, limit=SWEEP_LIMIT)
    tried = sorted(row.id for row in rows if row.attempts)  # ids sort by arrival
    fresh = sorted(row.id for row in rows if not row.attempts)
    for one in tried:
        work.ring(Task.PROCESS, [str(one)])
    for start in range(0, len(fresh), settings.chunk_size):
        work.ring(Task.PROCESS_BULK, [str(one) for one in fresh[start : start + settings.chunk_size]])
    if rows:
        log.info("swept", rung=len(rows))
    return len(rows)
