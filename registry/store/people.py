"""Rows of people."""

from typing import Any

from sqlalchemy import text
from sqlmodel import Session, col, select

from registry.store.tables import Person

_LIST = text("""
    SELECT p.name, p.role, site.code AS site, p.created_at, p.disabled_at,
           count(k.id) FILTER (WHERE k.revoked_at IS NULL AND coalesce(k.expires_at > now(), true)) AS keys,
           max(k.last_used_at) AS last_used_at
    FROM person p LEFT JOIN site ON site.id = p.site_id LEFT JOIN api_key k ON k.person_id = p.id
    GROUP BY p.id, site.code ORDER BY p.name
""")

_LOCK = text("SELECT pg_advisory_xact_lock(7205759403792799)")


def lock(session: Session) -> None:
    """Let nobody else change who is an administrator until this transaction ends."""
    session.execute(_LOCK)


def by_name(session: Session, name: str) -> Person | None:
    """The person of this name."""
    return session.exec(select(Person).where(col(Person.name) == name)).one_or_none()


def active_with(session: Session, role: str) -> list[str]:
    """Names of those who have this role and are not disabled."""
    wanted = select(Person.name).where(col(Person.role) == role, col(Person.disabled_at).is_(None))
    return list(session.exec(wanted).all())


def listing(session: Session) -> list[dict[str, Any]]:
    """Everybody, by name, with how many keys are in force."""
    return [dict(row._mapping) for row in session.execute(_LIST)]
