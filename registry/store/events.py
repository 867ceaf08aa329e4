"""The audit trail: appended to by whoever changes something, never changed."""

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
    """An event that is to be added: what happened to what, by whom; ids, never clinical values."""
    return {"action": action, "subject": subject, "actor": actor, "site_id": site_id, "detail": detail}


def add(session: Session, events: list[dict[str, Any]]) -> None:
    """Append events in one statement."""
    if events:
        session.execute(_ADD, {"rows": orjson.dumps(events).decode()})


_LATEST = text("""
    SELECT id, at, site_id, actor, action, subject, detail FROM event
    WHERE CAST(:subject AS text) IS NULL OR subject = :subject ORDER BY id DESC LIMIT :limit
""")


def latest(session: Session, *, subject: str | None, limit: int) -> list[dict[str, Any]]:
    """The latest events, newest first."""
    return [dict(row._mapping) for row in session.execute(_LATEST, {"subject": subject, "limit": limit})]
