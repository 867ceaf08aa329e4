"""Rows of attempts, the marks of work that has begun, and the count of tries on the submissions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

from registry.store.durability import need_not_be_durable

_BEGIN = text("INSERT INTO attempt (submission_ids) VALUES (:ids) RETURNING id")
_END = text("DELETE FROM attempt WHERE id = :id")

_FAIL = text("""
    UPDATE submission
    SET attempts = attempts + 1, error = :error,
        state = CASE WHEN attempts + 1 >= :max_attempts THEN 'failed' ELSE state END,
        decided_at = CASE WHEN attempts + 1 >= :max_attempts THEN now() END,
        ring_at = now() + make_interval(secs => :delay * (1 << least(attempts, 6)))
    WHERE id IN (SELECT id FROM submission WHERE id = ANY(:ids) AND state = 'received' FOR UPDATE SKIP LOCKED)
    RETURNING id, state, site_id
""")

# A worker that lives holds the row of its attempt: it is skipped, however long it takes. A time that lies ahead is left
# over from a clock that was set back.
_LOST = text("""
    DELETE FROM attempt WHERE id IN (
        SELECT id FROM attempt
        WHERE begun_at NOT BETWEEN now() - make_interval(secs => :age) AND now() + make_interval(secs => :age)
        FOR UPDATE SKIP LOCKED)
    RETURNING submission_ids
""")


def begin(session: Session, ids: Sequence[UUID]) -> int:
    """Note that work on these begins; committed before the work, so that a killed worker leaves its mark."""
    need_not_be_durable(session)  # the mark only serves the sweeper
    found: int = session.execute(_BEGIN, {"ids": list(ids)}).scalar_one()
    return found


def end(session: Session, attempt: int) -> None:
    """Remove the mark, in the transaction that decides."""
    session.execute(_END, {"id": attempt})


def fail(
    session: Session, ids: Sequence[UUID], error: str, *, max_attempts: int, delay: float
) -> Sequence[Row[Any]]:
    """Count a try that went wrong; after the last one the row is a dead letter. Returns (id, state, site id).

    A row that another worker holds is being tried at this moment, and is left to it.
    """
    values = {"ids": list(ids), "error": error, "max_attempts": max_attempts, "delay": delay}
    return session.execute(_FAIL, values).all()


def lost(session: Session, *, age: float) -> list[UUID]:
    """Submissions whose worker began more than ``age`` seconds ago and is gone; the marks are removed."""
    return [one for row in session.execute(_LOST, {"age": age}) for one in row.submission_ids]
