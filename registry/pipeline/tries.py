"""Tries: what went wrong with a submission is counted on its row, and after the last try it is a dead letter."""

from collections.abc import Sequence
from uuid import UUID

from registry.settings import Settings
from registry.store import attempts, events
from registry.store.database import Work


def count_try(work: Work, settings: Settings, ids: Sequence[UUID], why: str, *, delay: float) -> int:
    """Count a try of each that still waits; its next one is due after ``delay`` seconds. Returns how many there were."""
    rows = attempts.fail(work.session, ids, why, max_attempts=settings.max_attempts, delay=delay)
    events.add(
        work.session,
        [
            events.happened("submission.failed", str(row.id), actor="registry", site_id=row.site_id, why=why)
            for row in rows
            if row.state == "failed"
        ],
    )
    return len(rows)
