"""Rows of keys, of sites and of people. Their hashes do not leave the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

_KEYS = text("""
    SELECT number, k.id, valid, site_id, site_code, scopes, person, role, stale, pass AS site_pass
    FROM unnest(CAST(:ids AS text[]), CAST(:hashes AS bytea[])) WITH ORDINALITY AS shown (id, hash, number),
         mps_key(shown.id, shown.hash) AS k
""")
_USED = text("SELECT mps_key_used(:id)")
_REFUSED = text("SELECT mps_key_refused(:id)")

_LIST = text("""
    SELECT k.id, k.site_id, site.code AS site, p.name AS person, p.role, k.scopes, k.label, k.created_at, k.expires_at,
           k.revoked_at, k.last_used_at, k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true) AS active
    FROM api_key k LEFT JOIN person p ON p.id = k.person_id
    LEFT JOIN site ON site.id = coalesce(k.site_id, p.site_id)
    WHERE (CAST(:site AS int) IS NULL OR site.id = :site) AND (CAST(:person AS bigint) IS NULL OR p.id = :person)
    ORDER BY k.created_at, k.id
""")

_LOCK = text("SELECT pg_advisory_xact_lock(7205759403792797)")

_ACTIVE = text("""
    SELECT id FROM api_key
    WHERE (site_id = :site OR person_id = :person) AND revoked_at IS NULL AND coalesce(expires_at > now(), true)
    ORDER BY created_at
""")

_ADD = text("""
    INSERT INTO api_key (id, site_id, person_id, secret_hash, scopes, label, expires_at)
    VALUES (:id, :site, :person, :hash, :scopes, :label, now() + make_interval(days => :days))
    RETURNING expires_at
""")

_REVOKE = text("""
    UPDATE api_key SET revoked_at = now() WHERE id = :id AND revoked_at IS NULL RETURNING id
""")
_HOLDER = text("""
    SELECT coalesce(k.site_id, p.site_id) AS site_id FROM api_key k LEFT JOIN person p ON p.id = k.person_id
    WHERE k.id = :id
""")


def shown(session: Session, given: Sequence[tuple[str, bytes]]) -> list[Row[Any] | None]:
    """For each id and hash the key and its holder, None where there is none: whether it is valid for who knows the secret
    of this hash, and if so the site's pass."""
    values = {"ids": [one for one, _ in given], "hashes": [digest for _, digest in given]}
    found = {row.number: row for row in session.execute(_KEYS, values)}
    return [found.get(number) for number in range(1, len(given) + 1)]


def used(session: Session, key_id: str) -> None:
    """Note the use of a key; the caller does it at most once a minute, to spare the intake a write."""
    session.execute(_USED, {"id": key_id})


def refused(session: Session, key_id: str) -> None:
    """Note that a key was refused, where there is such a key; at most once a minute."""
    session.execute(_REFUSED, {"id": key_id})


def every(
    session: Session, *, site_id: int | None = None, person_id: int | None = None
) -> list[dict[str, Any]]:
    """Keys, of one site or person or all, oldest first."""
    rows = session.execute(_LIST, {"site": site_id, "person": person_id})
    return [dict(row._mapping) for row in rows]


def active(session: Session, *, site_id: int | None, person_id: int | None) -> list[str]:
    """Ids of the keys of one holder that are in force, oldest first; nobody else makes one until this transaction ends."""
    session.execute(_LOCK)
    return list(session.execute(_ACTIVE, {"site": site_id, "person": person_id}).scalars())


def add(
    session: Session,
    key_id: str,
    digest: bytes,
    *,
    site_id: int | None,
    person_id: int | None,
    scopes: list[str],
    label: str | None,
    days: int | None,
) -> datetime | None:
    """Insert a key; gives when it expires."""
    holder = {"site": site_id, "person": person_id}
    values = {"id": key_id, "hash": digest, "scopes": scopes, "label": label, "days": days}
    found: datetime | None = session.execute(_ADD, values | holder).scalar_one()
    return found


def revoke(session: Session, key_id: str) -> bool:
    """Refuse a key from now on; False where it is refused already."""
    return session.execute(_REVOKE, {"id": key_id}).one_or_none() is not None


def holder(session: Session, key_id: str) -> Row[Any] | None:
    """The site of a key's holder; None where there is no such key."""
    return session.execute(_HOLDER, {"id": key_id}).one_or_none()
