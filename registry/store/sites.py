"""Rows of sites and their keys."""

from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session, col, select

from registry.store.tables import ApiKey, Site

_KEY = text("""
    SELECT k.id, k.site_id, k.secret_hash, k.scopes, site.code AS site_code, site.active,
           k.revoked_at IS NOT NULL AS revoked, coalesce(k.expires_at <= now(), false) AS expired,
           k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS stale
    FROM api_key k JOIN site ON site.id = k.site_id WHERE k.id = :id
""")

_USED = text("UPDATE api_key SET last_used_at = now() WHERE id = :id")


def by_code(session: Session, code: str) -> Site | None:
    """The site with this code."""
    return session.exec(select(Site).where(col(Site.code) == code)).one_or_none()


def timezone(session: Session, site_id: int) -> str:
    """The name of the site's time zone."""
    return session.exec(select(Site.timezone).where(col(Site.id) == site_id)).one()


def every(session: Session) -> list[Site]:
    """All sites, by code."""
    return list(session.exec(select(Site).order_by(col(Site.code))).all())


def key(session: Session, key_id: str) -> Row[Any] | None:
    """A key with its site, and whether it is revoked or expired by the database's clock."""
    return session.execute(_KEY, {"id": key_id}).one_or_none()


def key_used(session: Session, key_id: str) -> None:
    """Note the use of a key; the caller does it at most once a minute, to spare the intake a write."""
    session.execute(_USED, {"id": key_id})


def keys(session: Session, site_id: int | None = None) -> list[ApiKey]:
    """Keys, of one site or all, oldest first."""
    wanted = select(ApiKey).order_by(col(ApiKey.created_at))
    if site_id is not None:
        wanted = wanted.where(col(ApiKey.site_id) == site_id)
    return list(session.exec(wanted).all())
