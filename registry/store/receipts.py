"""What a hospital reads back: submissions, batches, and what became of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlmodel import Session

_BY_KEY = {
    table: text(f"SELECT id, content_hash FROM {table} WHERE site_id = :site AND idempotency_key = :key")
    for table in ("submission", "batch")
}

# One id at a time (OFFSET 0 keeps the planner from doing otherwise): of tables that were filled since they were last
# analyzed it believes that they are nearly empty, and would read all that the site has.
_SOME = text("""
    SELECT s.id, s.site_id, site.code AS site_code, s.batch_id, s.position, s.state, s.pseudonym, s.received_at,
           s.decided_at, s.attempts, s.error, s.findings, s.effect, s.content_hash, s.correlation_id, s.place,
           c.id AS case_id, CASE WHEN s.state = 'accepted' THEN c.derived END AS derived, c.use_ends, c.use_ends_by
    FROM unnest(CAST(:ids AS uuid[])) AS wanted (id)
    JOIN LATERAL (SELECT * FROM submission WHERE submission.id = wanted.id OFFSET 0) AS s
         ON CAST(:site AS int) IS NULL OR s.site_id = :site
    JOIN site ON site.id = s.site_id
    LEFT JOIN LATERAL (SELECT * FROM "case" WHERE site_id = s.site_id AND pseudonym = s.pseudonym OFFSET 0) AS c ON true
""")

_LIST = text("""
    SELECT s.id, site.code AS site_code, s.batch_id, s.position, s.state, s.pseudonym, s.received_at, s.decided_at,
           s.attempts, s.error, coalesce(jsonb_array_length(s.findings), 0) AS findings
    FROM submission s JOIN site ON site.id = s.site_id
    WHERE (CAST(:site AS int) IS NULL OR s.site_id = :site)
      AND (CAST(:state AS text) IS NULL OR s.state = :state)
      AND (CAST(:since AS timestamptz) IS NULL OR s.received_at >= :since)
      AND (CAST(:after AS uuid) IS NULL OR s.id > :after)
    ORDER BY s.id LIMIT :limit
""")

_BATCH = text("""
    SELECT b.id, b.site_id, b.media_type, b.name, b.items, b.received_at, b.content_hash, b.head, b.notes,
           count(s.id) FILTER (WHERE s.state = 'accepted') AS accepted,
           count(s.id) FILTER (WHERE s.state = 'rejected') AS rejected,
           count(s.id) FILTER (WHERE s.state = 'failed') AS failed,
           count(s.id) FILTER (WHERE s.state = 'received') AS waiting
    FROM batch b LEFT JOIN submission s ON s.batch_id = b.id
    WHERE b.id = :id AND (CAST(:site AS int) IS NULL OR b.site_id = :site)
    GROUP BY b.id
""")

_BATCH_ROWS = text("""
    SELECT id, position, place, state, pseudonym, findings, error FROM submission
    WHERE batch_id = :id AND (state IN ('rejected', 'failed') OR jsonb_array_length(coalesce(findings, '[]')) > 0)
      AND position > :after
    ORDER BY position LIMIT :limit
""")

_TABLE_ROWS = text("""
    SELECT id, position, state, source, CASE WHEN source IS NULL THEN payload END AS payload, findings FROM submission
    WHERE batch_id = :id AND position > :after ORDER BY position LIMIT :limit
""")

_LEDGER = text("""
    SELECT site.code AS site, count(s.id) AS received,
           count(s.id) FILTER (WHERE s.state = 'accepted') AS accepted,
           count(s.id) FILTER (WHERE s.state = 'rejected') AS rejected,
           count(s.id) FILTER (WHERE s.state = 'failed') AS failed,
           count(s.id) FILTER (WHERE s.state = 'received') AS waiting
    FROM site LEFT JOIN submission s ON s.site_id = site.id
         AND s.received_at <= coalesce(CAST(:as_of AS timestamptz), 'infinity')
    GROUP BY site.code ORDER BY site.code
""")

_REPORTS_WITH = text("""
    SELECT id, number, cutoff, audience FROM report WHERE as_of >= :decided AND state IN ('published', 'superseded') ORDER BY number
    LIMIT 20
""")


def submission_by_key(session: Session, site_id: int, key: str | None) -> tuple[UUID, str] | None:
    """(id, content hash) of the site's submission with this idempotency key."""
    return _by_key(session, "submission", site_id, key)


def batch_by_key(session: Session, site_id: int, key: str | None) -> tuple[UUID, str] | None:
    """(id, content hash) of the site's batch with this idempotency key."""
    return _by_key(session, "batch", site_id, key)


def _by_key(session: Session, table: str, site_id: int, key: str | None) -> tuple[UUID, str] | None:
    if key is None:
        return None
    row = session.execute(_BY_KEY[table], {"site": site_id, "key": key}).one_or_none()
    return (row.id, row.content_hash) if row else None


def some(session: Session, ids: Sequence[UUID], site_id: int | None) -> Sequence[Row[Any]]:
    """Submissions with their cases' derived values; those that do not exist or are another site's are left out."""
    return session.execute(_SOME, {"ids": list(ids), "site": site_id}).all()


def submissions(
    session: Session,
    *,
    site_id: int | None,
    state: str | None,
    since: Any,
    after: UUID | None,
    limit: int,
) -> list[Row[Any]]:
    """A page of submissions in order of arrival, after the given id."""
    values = {"site": site_id, "state": state, "since": since, "after": after, "limit": limit}
    return list(session.execute(_LIST, values).all())


def batch(session: Session, batch_id: UUID, site_id: int | None) -> Row[Any] | None:
    """One batch with its counts per state; received = accepted + rejected + failed + waiting, always."""
    return session.execute(_BATCH, {"id": batch_id, "site": site_id}).one_or_none()


def batch_rows(session: Session, batch_id: UUID, *, after: int = -1, limit: int = 1_000) -> list[Row[Any]]:
    """Items of a batch that have something to say, in the order of the file."""
    return list(session.execute(_BATCH_ROWS, {"id": batch_id, "after": after, "limit": limit}).all())


def table_rows(session: Session, batch_id: UUID, *, after: int, limit: int = 1_000) -> list[Row[Any]]:
    """All rows of a table as they came, with what was found, in the order of the file."""
    return list(session.execute(_TABLE_ROWS, {"id": batch_id, "after": after, "limit": limit}).all())


def ledger(session: Session, as_of: Any = None) -> list[Row[Any]]:
    """The conservation ledger per site."""
    return list(session.execute(_LEDGER, {"as_of": as_of}).all())


def reports_with(session: Session, decided_at: Any) -> list[Row[Any]]:
    """Published reports whose snapshot includes what was accepted at this time."""
    return list(session.execute(_REPORTS_WITH, {"decided": decided_at}).all()) if decided_at else []
