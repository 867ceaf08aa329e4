"""Rows of submissions and batches.

Statements over many rows take them as one JSON parameter: one round trip and one plan, whatever their number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

_ADD = text("""
    INSERT INTO submission (id, site_id, batch_id, position, state, pseudonym, payload, content_hash,
                            idempotency_key, correlation_id, attempts, ring_at, place, source, findings)
    SELECT id, :site_id, :batch_id, position, 'received', pseudonym, payload, content_hash,
           :idempotency_key, :correlation_id, 0, now() + make_interval(secs => :patience), place, source,
           CAST(findings AS jsonb)
    FROM unnest(CAST(:ids AS uuid[]), CAST(:positions AS int[]), CAST(:pseudonyms AS text[]),
                CAST(:payloads AS bytea[]), CAST(:hashes AS text[]), CAST(:places AS text[]),
                CAST(:sources AS bytea[]), CAST(:findings AS text[]))
         AS new (id, position, pseudonym, payload, content_hash, place, source, findings)
""")

_ADDED = text("UPDATE batch SET items = items + :count, notes = CAST(:notes AS jsonb) WHERE id = :id")

_CLAIM = text("""
    SELECT s.id, s.site_id, s.payload, s.received_at, s.findings, site.code AS site_code, site.timezone
    FROM submission s JOIN site ON site.id = s.site_id
    WHERE s.id = ANY(:ids) AND s.state = 'received'
    ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
""")

_DECIDE = text("""
    UPDATE submission s
    SET state = d.state, pseudonym = coalesce(d.pseudonym, s.pseudonym), effect = d.effect,
        findings = coalesce(s.findings, '[]') || d.findings,  -- what was said when it was received stays said
        error = NULL, decided_at = now()
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS d (id uuid, state text, pseudonym text, findings jsonb, effect jsonb)
    WHERE s.id = d.id
""")

# The mark only serves the sweeper: it need not reach the disk before the work begins.
_NO_WAIT = text("SET LOCAL synchronous_commit = off")
_BEGIN_ATTEMPT = text("INSERT INTO attempt (submission_ids) VALUES (:ids) RETURNING id")
_END_ATTEMPT = text("DELETE FROM attempt WHERE id = :id")

_FAIL = text("""
    UPDATE submission
    SET attempts = attempts + 1, error = :error,
        state = CASE WHEN attempts + 1 >= :max_attempts THEN 'failed' ELSE state END,
        decided_at = CASE WHEN attempts + 1 >= :max_attempts THEN now() END,
        ring_at = now() + make_interval(secs => :delay * (1 << least(attempts, 6)))
    WHERE id = ANY(:ids) AND state = 'received'
    RETURNING id, state
""")

_LOST_ATTEMPTS = text("""
    DELETE FROM attempt WHERE begun_at < now() - make_interval(secs => :age) RETURNING submission_ids
""")

_OVERDUE = text("""
    UPDATE submission SET ring_at = now() + make_interval(secs => :patience)
    WHERE id IN (SELECT id FROM submission WHERE state = 'received' AND ring_at <= now()
                 ORDER BY ring_at LIMIT :limit FOR UPDATE SKIP LOCKED)
    RETURNING id, attempts
""")


@dataclass(frozen=True, slots=True)
class New:
    """A submission to be stored: what came, or what was made of it.

    place     of an item in its file
    source    the row that the payload was made from
    findings  what was found wrong, or worth a note, before it was stored
    """

    id: UUID
    payload: bytes
    hash: str
    pseudonym: str | None = None
    place: str | None = None
    source: bytes | None = None
    findings: Sequence[dict[str, Any]] = ()


def add(
    session: Session,
    rows: Sequence[New],
    *,
    site_id: int,
    correlation_id: str,
    patience: float,
    batch_id: UUID | None = None,
    first_position: int = 0,
    idempotency_key: str | None = None,
) -> None:
    """Insert submissions as received."""
    session.execute(
        _ADD,
        {
            "site_id": site_id,
            "batch_id": batch_id,
            "idempotency_key": idempotency_key,
            "correlation_id": correlation_id,
            "patience": patience,
            "ids": [row.id for row in rows],
            "positions": [first_position + i if batch_id else None for i in range(len(rows))],
            "pseudonyms": [row.pseudonym for row in rows],
            "payloads": [row.payload for row in rows],
            "hashes": [row.hash for row in rows],
            "places": [row.place for row in rows],
            "sources": [row.source for row in rows],
            "findings": [orjson.dumps(row.findings).decode() if row.findings else None for row in rows],
        },
    )


def count_in(session: Session, batch_id: UUID, count: int, notes: list[dict[str, Any]]) -> None:
    """Say that so many more items of a batch were stored, and what is known of its file by now."""
    session.execute(_ADDED, {"id": batch_id, "count": count, "notes": orjson.dumps(notes).decode()})


def claim(session: Session, ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Lock those of the submissions that still wait, oldest first; any other is left alone.

    Rows that another transaction holds are skipped: whoever holds them decides them.
    """
    return session.execute(_CLAIM, {"ids": list(ids)}).all()


def decide(session: Session, decisions: list[dict[str, Any]]) -> None:
    """Write the verdicts: id, state, pseudonym, findings, effect."""
    if decisions:
        session.execute(_DECIDE, {"rows": orjson.dumps(decisions).decode()})


def begin_attempt(session: Session, ids: Sequence[UUID]) -> int:
    """Note that work on these begins; committed before the work, so that a killed worker leaves its mark."""
    session.execute(_NO_WAIT)
    found: int = session.execute(_BEGIN_ATTEMPT, {"ids": list(ids)}).scalar_one()
    return found


def end_attempt(session: Session, attempt: int) -> None:
    """Remove the mark, in the transaction that decides."""
    session.execute(_END_ATTEMPT, {"id": attempt})


def fail(
    session: Session, ids: Sequence[UUID], error: str, *, max_attempts: int, delay: float
) -> Sequence[Row[Any]]:
    """Count a try that went wrong; after the last one the row is a dead letter. Returns (id, state)."""
    values = {"ids": list(ids), "error": error, "max_attempts": max_attempts, "delay": delay}
    return session.execute(_FAIL, values).all()


def lost_attempts(session: Session, *, age: float) -> list[UUID]:
    """Submissions whose worker began and never ended within ``age`` seconds; the marks are removed."""
    return [one for row in session.execute(_LOST_ATTEMPTS, {"age": age}) for one in row.submission_ids]


def overdue(session: Session, *, patience: float, limit: int) -> Sequence[Row[Any]]:
    """Waiting rows whose time to ring has come, (id, attempts); their next time is set ``patience`` seconds on."""
    return session.execute(_OVERDUE, {"patience": patience, "limit": limit}).all()
