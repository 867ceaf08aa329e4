"""Rows of parcels: the chunks of bulk uploads that wait for their turn.

All statements of one site are made under ``lock``, so that a parcel is handed out once and none is overlooked between
an upload that ends and a chunk that is finished.
"""

from collections.abc import Sequence
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlmodel import Session

_KIND = 20261122  # the first of two keys: locks of cases have one key and can not meet these

_LOCK = text("SELECT pg_advisory_xact_lock(:kind, :site_id)")

_ADD = text("""
    INSERT INTO parcel (first, site_id, submission_ids)
    SELECT first, :site_id, submission_ids
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (first uuid, submission_ids uuid[])
""")

_HAND_OUT = text("""
    UPDATE parcel SET rung_at = now()
    WHERE first IN (
        SELECT first FROM parcel WHERE site_id = :site_id AND rung_at IS NULL ORDER BY first
        LIMIT greatest(0, :window - (SELECT count(*) FROM parcel WHERE site_id = :site_id AND rung_at IS NOT NULL))
        FOR UPDATE)
    RETURNING first, submission_ids
""")

_SITE_OF = text("SELECT site_id FROM parcel WHERE first = :first")

# Nothing of it may wait for the parcel any more: what a failed try or an earlier submission of the case holds back has
# its own time to ring; what another worker holds may still come back.
_SETTLED = """
    AND NOT EXISTS (SELECT FROM submission s
                    WHERE s.id = ANY(p.submission_ids) AND s.state = 'received' AND s.ring_at IS NULL)
"""
_REMOVE = text("DELETE FROM parcel p WHERE p.first = :first" + _SETTLED)

_SITES = text("SELECT DISTINCT site_id FROM parcel ORDER BY site_id")

# A time that lies ahead is left over from a clock that was set back.
_STALE = """
    p.site_id = :site_id
    AND p.rung_at NOT BETWEEN now() - make_interval(secs => :age) AND now() + make_interval(secs => :age)
"""
# The ids first, as one array: joined, every row that waits is compared with every parcel after a great upload, which takes
# seconds under the lock that each chunk needs.
_RELEASE = text(f"""
    UPDATE submission SET ring_at = now()
    WHERE id IN (
        SELECT s.id FROM submission s
        WHERE s.id = ANY(ARRAY(SELECT unnest(p.submission_ids) FROM parcel p WHERE {_STALE}))
          AND s.state = 'received' AND s.ring_at IS NULL
        FOR UPDATE OF s SKIP LOCKED)
""")
_REMOVE_STALE = text(f"DELETE FROM parcel p WHERE {_STALE} {_SETTLED}")


def lock(session: Session, site_id: int) -> None:
    """Take the site's parcels for this transaction."""
    session.execute(_LOCK, {"kind": _KIND, "site_id": site_id})


def add(session: Session, site_id: int, ids: Sequence[UUID], *, size: int) -> None:
    """Note that these wait, in chunks; they have no time to ring of their own."""
    starts = range(0, len(ids), size)
    rows = [{"first": ids[start], "submission_ids": ids[start : start + size]} for start in starts]
    session.execute(_ADD, {"site_id": site_id, "rows": orjson.dumps(rows).decode()})


def hand_out(session: Session, site_id: int, window: int) -> list[list[UUID]]:
    """The oldest chunks that may go to the workers, so that ``window`` of the site are there at a time."""
    rows = session.execute(_HAND_OUT, {"site_id": site_id, "window": window}).all()
    return [row.submission_ids for row in sorted(rows, key=lambda row: row.first)]


def site_of(session: Session, first: UUID) -> int | None:
    """The site of the parcel whose first submission this is; None where there is no such parcel."""
    found: int | None = session.execute(_SITE_OF, {"first": first}).scalar_one_or_none()
    return found


def remove(session: Session, first: UUID) -> None:
    """Remove a parcel of which nothing waits."""
    session.execute(_REMOVE, {"first": first})


def sites(session: Session) -> Sequence[int]:
    """The sites that have parcels."""
    return session.execute(_SITES).scalars().all()


def release(session: Session, site_id: int, *, age: float) -> None:
    """Give up parcels that were handed out ``age`` seconds ago: what waits of them is rung like any other row."""
    values = {"site_id": site_id, "age": age}
    session.execute(_RELEASE, values)
    session.execute(_REMOVE_STALE, values)
