"""Dead letters: submissions that could not be decided for a reason that is not in the data, and their replay."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from registry.bus import Task
from registry.errors import NotFound
from registry.store import events
from registry.store.database import Work

_DEAD = text("""
    SELECT s.id, site.code AS site, s.error, s.attempts, s.received_at, s.decided_at AS failed_at, s.correlation_id,
           s.batch_id AS batch, s.position, s.place, extract(epoch FROM now() - s.received_at)::int AS age_seconds
    FROM submission s JOIN site ON site.id = s.site_id
    WHERE s.state = 'failed' AND (CAST(:reason AS text) IS NULL OR strpos(s.error, :reason) > 0)
      AND (CAST(:id AS uuid) IS NULL OR s.id = :id)
    ORDER BY s.id LIMIT :limit
""")

_REPLAY = text("""
    UPDATE submission SET state = 'received', attempts = 0, error = NULL, decided_at = NULL, ring_at = now()
    WHERE state = 'failed' AND (CAST(:reason AS text) IS NULL OR strpos(error, :reason) > 0)
      AND (CAST(:ids AS uuid[]) IS NULL OR id = ANY(:ids))
    RETURNING id, site_id
""")

_STATES = text(
    "SELECT state, count(*) AS rows FROM submission WHERE state IN ('received', 'failed') GROUP BY state"
)


def dead(work: Work, *, reason: str | None = None, limit: int = 1_000) -> list[dict[str, Any]]:
    """The dead letters, oldest first, with reason and age; ``reason`` keeps those whose reason contains it."""
    found = work.session.execute(_DEAD, {"reason": reason, "limit": limit, "id": None})
    return [dict(row._mapping) for row in found]


def letter(work: Work, submission_id: UUID) -> dict[str, Any]:
    """One dead letter, with what the audit trail says of it, oldest first. Raises ``NotFound``."""
    row = work.session.execute(_DEAD, {"reason": None, "limit": 1, "id": submission_id}).one_or_none()
    if row is None:
        raise NotFound("no dead letter has this id; `mps queue dead` lists them")
    trail = events.latest(work.session, events.Wanted(subject=str(submission_id)), limit=100)[::-1]
    happened = [{name: one[name] for name in ("at", "actor", "action", "detail")} for one in trail]
    return {**row._mapping, "events": happened}


def replay(work: Work, *, actor: str, ids: Sequence[UUID] | None = None, reason: str | None = None) -> int:
    """Give dead letters their tries back and ring for each alone; replaying one twice has one effect.

    All of them, or those with these ids, or those whose reason contains ``reason``. Returns how many there were.
    """
    values = {"ids": None if ids is None else list(ids), "reason": reason}
    rows = work.session.execute(_REPLAY, values).all()
    for row in rows:
        work.ring(Task.PROCESS, [str(row.id)])
    events.add(
        work.session,
        [events.happened("submission.replayed", str(r.id), actor=actor, site_id=r.site_id) for r in rows],
    )
    return len(rows)


def waiting(work: Work) -> dict[str, int]:
    """How many submissions wait and how many are dead letters."""
    found = {row.state: row.rows for row in work.session.execute(_STATES)}
    return {"waiting": found.get("received", 0), "failed": found.get("failed", 0)}
