"""Rows of sites and their keys."""

from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from registry.store.tables import Site

_KEY = text("SELECT id, valid, site_id, site_code, scopes, stale, pass AS site_pass FROM mps_key(:id, :hash)")

_USED = text("SELECT mps_key_used(:id)")

_KEYS = text("""
    SELECT k.id, k.site_id, site.code AS site, k.scopes, k.label, k.created_at, k.expires_at, k.revoked_at,
           k.last_used_at, k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true) AS active
    FROM api_key k JOIN site ON site.id = k.site_id
    WHERE CAST(:site AS int) IS NULL OR k.site_id = :site ORDER BY k.created_at
""")

_REVOKE = text("""
    UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE id = :id RETURNING site_id
""")


def by_code(session: Session, code: str) -> Site | None:
    """The site with this code."""
    return session.exec(select(Site).where(col(Site.code) == code)).one_or_none()


def timezone(session: Session, site_id: int) -> str:
    """The name of the site's time zone."""
    return session.exec(select(Site.timezone).where(col(Site.id) == site_id)).one()


def every(session: Session) -> list[Site]:
    """All sites, by code."""
    return list(session.exec(select(Site).order_by(col(Site.code))).all())


def key(session: Session, key_id: str, digest: bytes) -> Row[Any] | None:
    """A key with its site: whether it is valid for who knows the secret of this hash, and if so the site's pass."""
    return session.execute(_KEY, {"id": key_id, "hash": digest}).one_or_none()


def key_used(session: Session, key_id: str) -> None:
    """Note the use of a key; the caller does it at most once a minute, to spare the intake a write."""
    session.execute(_USED, {"id": key_id})


def keys(session: Session, site_id: int | None = None) -> list[dict[str, Any]]:
    """Keys without their hashes, of one site or all, oldest first."""
    return [dict(row._mapping) for row in session.execute(_KEYS, {"site": site_id})]


def revoke_key(session: Session, key_id: str) -> Row[Any] | None:
    """Refuse a key from now on; gives its site, None where there is no such key."""
    return session.execute(_REVOKE, {"id": key_id}).one_or_none()
