"""The audit trail: appended to by whoever changes something, never changed."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import text
from sqlmodel import Session

_ADD = text("""
    INSERT INTO event (site_id, actor, action, subject, detail)
    SELECT site_id, actor, action, subject, coalesce(detail, '{}')
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
         AS n (site_id int, actor text, action text, subject text, detail jsonb)
""")


def happened(
    action: str, subject: str, *, actor: str, site_id: int | None = None, **detail: Any
) -> dict[str, Any]:
    """An event that is to be added: what happened to what, by whom.

    The detail has ids, hashes and versions, never clinical values; of settings it has the values ``before`` and ``after``.
    """
    return {"action": action, "subject": subject, "actor": actor, "site_id": site_id, "detail": detail}


def add(session: Session, events: list[dict[str, Any]]) -> None:
    """Append events in one statement."""
    if events:
        session.execute(_ADD, {"rows": orjson.dumps(events).decode()})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events: those that meet all that is given. ``action`` may be a whole one or its beginning (``key.``)."""

    subject: str | None = None
    actor: str | None = None
    action: str | None = None
    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None


_FOUND = """
    SELECT e.id, e.at, site.code AS site, to_char(e.at AT TIME ZONE coalesce(site.timezone, 'UTC'),
           'YYYY-MM-DD HH24:MI:SS') AS local, coalesce(site.timezone, 'UTC') AS zone, e.actor, e.action, e.subject, e.detail
    FROM event e LEFT JOIN site ON site.id = e.site_id
    WHERE (CAST(:subject AS text) IS NULL OR e.subject = :subject)
      AND (CAST(:actor AS text) IS NULL OR e.actor = :actor)
      AND (CAST(:action AS text) IS NULL OR e.action = :action OR starts_with(e.action, rtrim(:action, '.') || '.'))
      AND (CAST(:site AS text) IS NULL OR site.code = :site)
      AND (CAST(:since AS timestamptz) IS NULL OR e.at >= :since)
      AND (CAST(:until AS timestamptz) IS NULL OR e.at < :until)
"""
_LATEST = text(f"{_FOUND} ORDER BY e.id DESC LIMIT :limit")
_EVERY = text(f"{_FOUND} ORDER BY e.id")


def latest(session: Session, wanted: Wanted, *, limit: int) -> list[dict[str, Any]]:
    """The latest of the events, newest first; ``local`` is the time at the site."""
    rows = session.execute(_LATEST, asdict(wanted) | {"limit": limit})
    return [dict(row._mapping) for row in rows]


def every(session: Session, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """All of the events, oldest first, a few thousand in memory at a time."""
    for row in session.execute(_EVERY, asdict(wanted), execution_options={"yield_per": 5_000}):
        yield dict(row._mapping)
